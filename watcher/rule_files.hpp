// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "watcher/git_tree.hpp"

namespace repomap {

/// What of a git repository decides which files of its work tree are listed, and lies outside of the work tree or in
/// `.git`: the index, HEAD (without it there is no repository), info/exclude, core.excludesFile, and the configuration
/// files of the repository, of the user and of the machine. Files that a configuration includes are not among them.
/// Absolute paths; not all exist.
std::vector<std::string> rule_files_of(const GitTree& tree);

/// What makes the entry ".git" of a directory, which exists and is no usable repository, into one once it changes.
/// Absolute paths; not all exist.
std::vector<std::string> git_birth_files(const std::string& directory);

/// What makes a work tree start between `directory`, an absolute path, and the top of the work tree `tree` that
/// contains it (null: up to "/"). A `.git` that appears in `directory` itself is not meant: whoever watches it is told.
std::vector<std::string> git_search_files(const std::string& directory, const GitTree* tree);

}  // namespace repomap
