// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "watcher/glob_pattern.hpp"

namespace repomap {

/// A git work tree and what of its configuration decides which files are listed. Paths are absolute, without a
/// trailing slash.
struct GitTree {
  std::string work_tree;
  std::string git_directory;     ///< holds the index: `.git`, or a worktree's or submodule's own directory
  std::string common_directory;  ///< holds info/exclude
  std::string excludes_file;     ///< core.excludesFile, or git's default for it; need not exist
  CaseRule case_rule = CaseRule::kSensitive;
  std::size_t hash_bytes = 20;  ///< of an object's name
};

/// Whether directories above the given one are searched too, within its file system, as git does.
enum class GitSearch : std::uint8_t { kHere, kUpwards };

/// The work tree that contains `directory`, an absolute path; nothing where there is none, in a bare repository, and
/// inside a `.git` directory. The environment variables of git are not looked at. Thread-safe.
/// Errors: kCorrupt for a repository that cannot be opened, with the reason.
Result<std::optional<GitTree>> find_git_tree(const std::string& directory, GitSearch search);

}  // namespace repomap
