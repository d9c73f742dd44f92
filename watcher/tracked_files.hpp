// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/file_system.hpp"
#include "watcher/git_index.hpp"
#include "watcher/git_tree.hpp"
#include "watcher/ignore_rules.hpp"

namespace repomap {

/// One repository on the way of a walk that visits paths in rising order: a merge of the walk with the index.
/// Used by one thread.
class TrackedFiles {
 public:
  TrackedFiles(GitIndex index, CaseRule case_rule, std::size_t base_bytes)
      : index_(std::move(index)), case_rule_(case_rule), base_bytes_(base_bytes) {}

  CaseRule case_rule() const { return case_rule_; }

  /// Whether the file at `path` is in the index. REQUIRES: no later path was asked for before.
  bool contains(std::string_view path);

  /// Whether a file below `directory`, which ends with '/', is in the index. REQUIRES: as contains().
  bool any_below(std::string_view directory);

  bool is_submodule(std::string_view path) const { return index_.is_submodule(path.substr(base_bytes_)); }

 private:
  std::string_view advance_to(std::string_view path);

  GitIndex index_;
  CaseRule case_rule_;
  std::size_t base_bytes_;  // where the repository's own paths start in those of the walk
  std::size_t next_ = 0;
};

/// A repository as a walk needs it when it enters the top of the work tree.
struct OpenedRepository {
  TrackedFiles files;
  const IgnoreRules::Layer* rules = nullptr;  ///< core.excludesFile, then info/exclude
};

/// Reads the index and the ignore files that lie outside of the work tree. An index that cannot be read counts as
/// empty, and a sentence about it is added to `notices`.
OpenedRepository open_repository(const FileSystem& file_system, const GitTree& tree, std::size_t base_bytes,
                                 IgnoreRules& rules, std::vector<std::string>& notices);

}  // namespace repomap
