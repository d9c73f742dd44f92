// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/base/result.hpp"
#include "core/base/work_check.hpp"
#include "core/model/skipped_file.hpp"
#include "watcher/open_directory.hpp"

namespace repomap {

/// Whether git submodules, and other repositories below a git work tree, are listed too, each by its own index and
/// ignore rules.
enum class SubmodulePolicy : std::uint8_t { kSkip, kEnter };

/// Whether each listed file comes with its stat, at about a microsecond each.
enum class StatPolicy : std::uint8_t { kNone, kRead };

struct ListOptions {
  std::vector<std::string> subtrees =
      {};  ///< directories relative to the root; if any, only what is below them is listed
  SubmodulePolicy submodules = SubmodulePolicy::kSkip;
  StatPolicy stats = StatPolicy::kNone;

  /// If set: called for each directory that is entered, before its entries are read; `path` is relative to the root,
  /// "" for the root itself. So whoever watches the directory from then on misses no change. Never for what the ignore
  /// rules leave out. A repository that is not entered is told too: once its `.git` is gone, it will be.
  std::function<void(const std::string& path, const OpenDirectory& directory)> on_directory = nullptr;

  WorkCheck check = {};  ///< once it fails, no directory is entered any more
};

/// A regular file.
struct ListedFile {
  std::string path;              ///< relative to the root, with '/', raw bytes of the file system
  std::optional<FileStat> stat;  ///< present if and only if ListOptions::stats is kRead
};

struct FileList {
  std::vector<ListedFile> files;     ///< sorted by path as bytes, distinct
  std::vector<SkippedFile> skipped;  ///< sorted by path as bytes: links, special files, unreadable directories
  std::vector<std::string> notices;  ///< sentences for people: "the git index is unreadable: …"

  /// Absolute paths of what else decides the list, sorted, distinct, whether or not it exists: git's indexes and
  /// configurations, and ignore files outside of the root. Nobody who watches the directories of the list is told of
  /// their changes; if the stat of one of them changes, the list is to be made anew.
  std::vector<std::string> rule_files;
};

/// The files below `root` that a map may show.
///
/// In a git work tree: what `git ls-files --cached --others --exclude-standard` gives and exists, so tracked files are
/// listed though an ignore pattern matches them. Elsewhere: what `.gitignore` files leave, without the directories of
/// version control systems and of package managers (`default_ignore_patterns()`); repositories below are listed by
/// their own rules. `.repomapignore` files exclude further, tracked or not, in both cases.
///
/// Symbolic links are not followed: each is reported in FileList::skipped with where it leads. A directory that cannot
/// be read is reported, and the run goes on. Deleted but tracked files are absent. Paths may be deeper than PATH_MAX.
/// Writes nothing, runs no program. Thread-safe: calls share nothing.
/// Errors: kNotFound (the root, or a subtree, named in the message), kPermissionDenied (the root),
/// kInvalidArgument (the root is not a directory; a subtree is absolute or leads out of the root), kIo; those of
/// ListOptions::check.
Result<FileList> list_files(const std::string& root, const ListOptions& options);

/// The part of list_files() that is at or below one of `paths`, files or directories relative to the root; "" is all.
/// Reads only the directories on the way and below; a path that is not there gives nothing. `skipped` and
/// `on_directory` are narrowed likewise; of `rule_files` it gives those of the repositories that it met.
/// Errors: as list_files(); kInvalidArgument for a path that is absolute or has a "..".
Result<FileList> list_paths(const std::string& root, std::span<const std::string> paths, const ListOptions& options);

}  // namespace repomap
