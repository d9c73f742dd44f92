// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "service/file_selection.hpp"
#include "service/settings.hpp"

namespace repomap {

/// A file as questions name it.
struct LspFile {
  std::string root;  ///< of its repository
  std::string path;  ///< relative to it

  friend auto operator<=>(const LspFile&, const LspFile&) = default;
};

/// A directory that the client works in.
struct LspFolder {
  std::string path;     ///< as the client names it, absolute; may lead over symbolic links
  std::string real;     ///< the same directory without links
  std::string root;     ///< of the repository around it
  std::string subtree;  ///< of the directory in it; "" for all of it
  SubmodulePolicy submodules = SubmodulePolicy::kSkip;  ///< of the repository

  friend bool operator==(const LspFolder&, const LspFolder&) = default;
};

/// Which directories the client works in, and which repository a file belongs to: that around its folder, or, outside
/// of all folders, the one around itself. A plain value.
class LspWorkspace {
 public:
  /// `flags` go before all other settings, as those of load_settings().
  explicit LspWorkspace(std::map<std::string, std::string> flags = {}) : flags_(std::move(flags)) {}

  /// Adds a folder by its absolute path. One that is no directory is left out, with a warning in the log.
  void add(const std::string& path);
  void remove(const std::string& path);
  const std::vector<LspFolder>& folders() const { return folders_; }

  /// The files of each folder; those of two folders of one repository together.
  std::vector<FileSelection> folder_selections() const;

  /// The settings in force for the repository at `root`. Errors: those of load_settings().
  Result<Settings> settings(const std::string& root) const;

  /// The whole repository at `root`.
  FileSelection repository(const std::string& root) const;

  /// What repository a file, which need not exist, is of. Asks the disk: of several ways to a directory, over symbolic
  /// links or not, the file is found by the one that is listed. Nothing outside of all folders if not even its
  /// directory exists.
  std::optional<LspFile> locate(const std::string& path) const;

  /// The path of a file of a repository in the client's words.
  std::string client_path(const std::string& root, const std::string& path) const;

 private:
  SubmodulePolicy submodule_policy(const std::string& root) const;

  std::map<std::string, std::string> flags_;
  std::vector<LspFolder> folders_;
};

}  // namespace repomap
