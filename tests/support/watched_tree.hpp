// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/base/result.hpp"
#include "core/model/change_batch.hpp"
#include "watcher/file_lister.hpp"
#include "watcher/file_watcher.hpp"

namespace repomap {

/// What a step of a WatchedTree did to the list. Sorted by path as bytes.
struct TreeChange {
  std::vector<std::string> changed;  ///< files that are new, or to be read again
  std::vector<std::string> removed;  ///< files that are not listed any more

  bool empty() const { return changed.empty() && removed.empty(); }
};

/// The list of files of a tree, with stats, that follows the changes a watcher tells of: after apply() of all that was
/// drained, and as long as rules_changed() is false, it is what list_files() gives.
///
/// A file counts as changed if it was told by name, if its stat differs, or if it was last examined within a tick of
/// the file system's clock after its last change: then its stat proves nothing.
///
/// The obvious way to follow a watcher, which holds nothing but a list: what the product's own way (Repository) does
/// with snapshots, a watcher's tests need without.
///
/// Borrows the watcher, which outlives it, and has it watch the directories that are listed. Used by one thread.
class WatchedTree {
 public:
  /// `root` is absolute and resolved. Of the options, stats and on_directory are its own. Nothing is listed yet.
  WatchedTree(std::string root, ListOptions options, FileWatcher& watcher);

  /// Lists the whole tree. Errors: as list_files(); then the next apply() lists the whole tree again.
  Result<TreeChange> relist();

  /// Lists what the batch names; all, if it is desynced, or if the last step failed. Errors: as relist().
  Result<TreeChange> apply(const ChangeBatch& batch);

  /// Whether a file of FileList::rule_files is another than when the list was made: then relist(). A few stats.
  bool rules_changed() const;

  /// Of the whole tree. The notices are those of the last relist().
  const FileList& list() const { return list_; }

 private:
  struct RuleFile {
    std::string path;
    std::optional<FileStat> stat;  // nothing if there is no such file
    bool is_racy = false;
  };
  using Range = std::pair<std::size_t, std::size_t>;  // of indexes into list_.files, the second behind the last

  std::vector<Range> ranges_of(const std::vector<std::string>& paths) const;
  TreeChange merge(const std::vector<Range>& ranges, std::vector<ListedFile> fresh,
                   const std::vector<std::string>& told);
  TreeChange compare(const std::vector<ListedFile*>& old, const std::vector<ListedFile>& fresh,
                     const std::vector<std::string>& told) const;
  void replace(const std::vector<Range>& ranges, std::vector<ListedFile> fresh);
  void merge_skipped(const std::vector<std::string>& paths, std::vector<SkippedFile> fresh);
  void note_racy(const std::vector<ListedFile>& files, std::int64_t examined_ns);
  std::vector<RuleFile> examine_known_rules() const;
  void learn_rules(const std::vector<RuleFile>& before, std::int64_t listed_ns);

  const std::string root_;
  ListOptions options_;
  FileList list_;
  std::unordered_set<std::string> racy_;  // files whose stat proves nothing
  std::vector<RuleFile> rules_;
  bool must_relist_ = true;
};

}  // namespace repomap
