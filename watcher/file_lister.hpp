// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/base/result.hpp"
#include "core/model/skipped_file.hpp"

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
/// kInvalidArgument (the root is not a directory; a subtree is absolute or leads out of the root), kIo.
Result<FileList> list_files(const std::string& root, const ListOptions& options);

}  // namespace repomap
