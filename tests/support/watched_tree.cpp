// SPDX-License-Identifier: Apache-2.0
#include "tests/support/watched_tree.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <string_view>

#include "watcher/path_cover.hpp"
#include "watcher/racy_time.hpp"

namespace repomap {
namespace {

std::optional<FileStat> stat_of(const FileSystem& file_system, const std::string& path) {
  const auto stat = file_system.stat(path);
  return stat ? std::optional(*stat) : std::nullopt;
}

}  // namespace

WatchedTree::WatchedTree(std::string root, ListOptions options, FileWatcher& watcher)
    : root_(std::move(root)), options_(std::move(options)) {
  options_.stats = StatPolicy::kRead;
  options_.on_directory = [&watcher](const std::string& path, const OpenDirectory& directory) {
    watcher.watch(path, directory);
  };
}

Result<TreeChange> WatchedTree::relist() {
  must_relist_ = true;
  const std::int64_t now_ns = wall_time_ns();
  const std::vector<RuleFile> rules_before = examine_known_rules();
  REPOMAP_ASSIGN(FileList fresh, list_files(root_, options_));
  list_.notices = std::move(fresh.notices);
  list_.rule_files = std::move(fresh.rule_files);
  list_.skipped = std::move(fresh.skipped);
  TreeChange change = merge({{0, list_.files.size()}}, std::move(fresh.files), {});
  racy_.clear();
  note_racy(list_.files, now_ns);
  learn_rules(rules_before, now_ns);
  must_relist_ = false;
  return change;
}

Result<TreeChange> WatchedTree::apply(const ChangeBatch& batch) {
  const bool is_all = batch.is_desynced() || (!batch.paths.empty() && batch.paths.front().empty());
  if (must_relist_ || is_all) {
    return relist();
  }
  must_relist_ = true;
  const std::int64_t now_ns = wall_time_ns();
  REPOMAP_ASSIGN(FileList fresh, list_paths(root_, batch.paths, options_));
  const std::vector<ListedFile> examined = fresh.files;
  TreeChange change = merge(ranges_of(batch.paths), std::move(fresh.files), batch.paths);
  merge_skipped(batch.paths, std::move(fresh.skipped));
  note_racy(examined, now_ns);
  const std::size_t known_rules = list_.rule_files.size();
  std::ranges::move(fresh.rule_files, std::back_inserter(list_.rule_files));
  std::ranges::inplace_merge(list_.rule_files, list_.rule_files.begin() + static_cast<std::ptrdiff_t>(known_rules));
  list_.rule_files.erase(std::ranges::unique(list_.rule_files).begin(), list_.rule_files.end());
  if (list_.rule_files.size() != known_rules) {
    learn_rules(rules_, now_ns);
  }
  must_relist_ = false;
  return change;
}

/// Where the files at or below the paths are, rising and disjoint. "a-b" lies between "a" and "a/b": two ranges a path.
std::vector<WatchedTree::Range> WatchedTree::ranges_of(const std::vector<std::string>& paths) const {
  std::vector<Range> result;
  const auto find = [this](std::string_view path) {
    const auto found = std::ranges::lower_bound(list_.files, path, {}, &ListedFile::path);
    return static_cast<std::size_t>(found - list_.files.begin());
  };
  for (const std::string& path : paths) {
    const std::size_t exact = find(path);
    if (exact < list_.files.size() && list_.files[exact].path == path) {
      result.emplace_back(exact, exact + 1);
    }
    const Range below{find(path + '/'), find(path + static_cast<char>('/' + 1))};
    if (below.first != below.second) {
      result.push_back(below);
    }
  }
  std::ranges::sort(result);
  return result;
}

/// Puts the fresh files in the place of the ranges, and says what that changes.
TreeChange WatchedTree::merge(const std::vector<Range>& ranges, std::vector<ListedFile> fresh,
                              const std::vector<std::string>& told) {
  std::vector<ListedFile*> old;
  for (const auto& [begin, end] : ranges) {
    for (std::size_t at = begin; at < end; ++at) {
      old.push_back(&list_.files[at]);
    }
  }
  TreeChange change = compare(old, fresh, told);
  for (const std::string& path : change.removed) {
    racy_.erase(path);
  }
  if (change.removed.empty() && old.size() == fresh.size()) {
    for (std::size_t at = 0; at < old.size(); ++at) {
      old[at]->stat = fresh[at].stat;
    }
  } else {
    replace(ranges, std::move(fresh));
  }
  return change;
}

TreeChange WatchedTree::compare(const std::vector<ListedFile*>& old, const std::vector<ListedFile>& fresh,
                                const std::vector<std::string>& told) const {
  TreeChange change;
  auto next = fresh.begin();
  for (const ListedFile* file : old) {
    for (; next != fresh.end() && next->path < file->path; ++next) {
      change.changed.push_back(next->path);
    }
    if (next == fresh.end() || next->path != file->path) {
      change.removed.push_back(file->path);
      continue;
    }
    if (next->stat != file->stat || racy_.contains(file->path) || std::ranges::binary_search(told, file->path)) {
      change.changed.push_back(file->path);
    }
    ++next;
  }
  std::ranges::transform(next, fresh.end(), std::back_inserter(change.changed), &ListedFile::path);
  return change;
}

void WatchedTree::replace(const std::vector<Range>& ranges, std::vector<ListedFile> fresh) {
  std::vector<ListedFile> kept;
  kept.reserve(list_.files.size() + fresh.size());
  const auto keep = [&](std::size_t begin, std::size_t end) {
    std::move(list_.files.begin() + static_cast<std::ptrdiff_t>(begin),
              list_.files.begin() + static_cast<std::ptrdiff_t>(end), std::back_inserter(kept));
  };
  std::size_t at = 0;
  for (const auto& [begin, end] : ranges) {
    keep(at, begin);
    at = end;
  }
  keep(at, list_.files.size());
  const auto middle = static_cast<std::ptrdiff_t>(kept.size());
  std::ranges::move(fresh, std::back_inserter(kept));
  std::ranges::inplace_merge(kept, kept.begin() + middle, {}, &ListedFile::path);
  list_.files = std::move(kept);
}

void WatchedTree::merge_skipped(const std::vector<std::string>& paths, std::vector<SkippedFile> fresh) {
  PathCover cover(PathCover::kUnlimited);
  for (const std::string& path : paths) {
    cover.add(path);
  }
  std::erase_if(list_.skipped, [&](const SkippedFile& file) { return cover.covers(file.path); });
  std::ranges::move(fresh, std::back_inserter(list_.skipped));
  std::ranges::sort(list_.skipped, {}, &SkippedFile::path);
}

void WatchedTree::note_racy(const std::vector<ListedFile>& files, std::int64_t examined_ns) {
  for (const ListedFile& file : files) {
    if (is_racy(*file.stat, examined_ns)) {
      racy_.insert(file.path);
    } else {
      racy_.erase(file.path);
    }
  }
}

std::vector<WatchedTree::RuleFile> WatchedTree::examine_known_rules() const {
  const auto file_system = make_posix_file_system();
  std::vector<RuleFile> result = rules_;
  for (RuleFile& rule : result) {
    rule = {rule.path, stat_of(*file_system, rule.path), false};
  }
  return result;
}

/// Those that were known before keep the stat that they had then; the others count as examined when the list was begun.
void WatchedTree::learn_rules(const std::vector<RuleFile>& before, std::int64_t listed_ns) {
  const auto file_system = make_posix_file_system();
  std::vector<RuleFile> rules;
  for (const std::string& path : list_.rule_files) {
    const auto known = std::ranges::lower_bound(before, path, {}, &RuleFile::path);
    const bool is_known = known != before.end() && known->path == path;
    RuleFile rule = is_known ? *known : RuleFile{path, stat_of(*file_system, path), false};
    rule.is_racy |= rule.stat && is_racy(*rule.stat, listed_ns);
    rules.push_back(std::move(rule));
  }
  rules_ = std::move(rules);
}

bool WatchedTree::rules_changed() const {
  const auto file_system = make_posix_file_system();
  return std::ranges::any_of(
      rules_, [&](const RuleFile& rule) { return rule.is_racy || stat_of(*file_system, rule.path) != rule.stat; });
}

}  // namespace repomap
