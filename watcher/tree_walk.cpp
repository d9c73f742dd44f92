// SPDX-License-Identifier: Apache-2.0
//
// The walk keeps one Level for each directory between the root and the entry at hand. Entries are visited in the order
// of their paths as bytes, which is the order of git's index too, so asking "is it tracked?" is a merge of two sorted
// sequences. Only the kOpenLevels deepest directories stay open; on the way back a closed one is opened again through
// "..", and its identity is checked, because a directory may be moved while it is walked.
#include "watcher/tree_walk.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "watcher/rule_files.hpp"

namespace repomap {
namespace {

constexpr std::size_t kOpenLevels = 64;
constexpr std::size_t kBufferBytes = std::size_t{64} << 10;
constexpr std::size_t kNamesInNotice = 5;
constexpr std::string_view kGitName = ".git";

}  // namespace

TreeWalk::TreeWalk(const FileSystem& file_system, IgnoreRules& rules, const ListOptions& options)
    : file_system_(file_system), rules_(rules), options_(options), buffer_(kBufferBytes) {}

void TreeWalk::run(WalkStart start, FileList& list) {
  list_ = std::move(list);
  visit_root(std::move(start));
  while (depth_ > 0) {
    Level& level = top();
    if (level.next_entry == level.listing.entries().size()) {
      leave();
    } else {
      visit(level.listing.entries()[level.next_entry++]);
    }
  }
  if (unmet_targets_ == UnmetTargets::kReport) {
    notice_unmet_targets();
  }
  notice_boundaries();
  std::ranges::sort(list_.skipped, {}, &SkippedFile::path);
  std::ranges::sort(list_.rule_files);
  list_.rule_files.erase(std::ranges::unique(list_.rule_files).begin(), list_.rule_files.end());
  list = std::move(list_);
}

void TreeWalk::visit_root(WalkStart start) {
  root_ = std::move(start.root);
  targets_ = std::move(start.targets);
  unmet_targets_ = start.unmet_targets;
  path_ = std::move(start.prefix);
  prefix_bytes_ = path_.size();
  Level& level = push(std::move(start.directory));
  level.scope = start.scope;
  level.tracked_only = start.tracked_only;
  level.reach = is_target("") ? Reach::kWholly : Reach::kTowardsTarget;
  if (start.tracked) {
    repositories_.push_back(std::move(start.tracked));
    level.tracked = repositories_.back().get();
  }
  tell_directory(level);
  if (read(level)) {
    load_ignore_files(level);
  }
}

void TreeWalk::visit(const DirectoryListing::Entry& entry) {
  if (entry.view() == kGitName) {
    return;
  }
  path_.resize(top().path_bytes);
  path_ += entry.view();
  if (entry.type != FileType::kDirectory) {
    if (top().reach == Reach::kWholly || is_target(shown())) {
      visit_leaf(entry);
    }
  } else if (const auto reach = reach_of_directory(shown())) {
    visit_directory(entry, *reach);
  }
}

void TreeWalk::visit_leaf(const DirectoryListing::Entry& entry) {
  const Level& level = top();
  const bool is_tracked = level.tracked != nullptr && level.tracked->contains(path_);
  if (!is_tracked && (level.tracked_only || IgnoreRules::is_ignored(level.scope.git, path_, entry.type))) {
    ++ignored_;
    return;
  }
  if (IgnoreRules::is_ignored(level.scope.repomap, path_, entry.type)) {
    ++ignored_;
    return;
  }
  switch (entry.type) {
    case FileType::kRegular: list_file(entry); break;
    case FileType::kSymlink: skip(SkipReason::kSymlink, level.directory.describe_link(entry.name, root_)); break;
    default: skip(SkipReason::kNotRegular, "a FIFO, socket or device");
  }
}

void TreeWalk::list_file(const DirectoryListing::Entry& entry) {
  if (options_.stats == StatPolicy::kNone) {
    list_.files.push_back({std::string(shown()), std::nullopt});
    return;
  }
  const auto info = top().directory.stat(entry.name);
  if (info && info->type == FileType::kRegular) {
    list_.files.push_back({std::string(shown()), *info});
  } else if (!info && info.error().code != ErrorCode::kNotFound) {
    skip(SkipReason::kUnreadable, info.error().message);
  }
}

void TreeWalk::visit_directory(const DirectoryListing::Entry& entry, Reach reach) {
  if (!ask(options_.check)) {
    return;
  }
  const Level& level = top();
  const bool is_submodule = level.tracked != nullptr && level.tracked->is_submodule(path_);
  const bool is_ignored = level.tracked_only || IgnoreRules::is_ignored(level.scope.git, path_, FileType::kDirectory);
  if (IgnoreRules::is_ignored(level.scope.repomap, path_, FileType::kDirectory)) {
    ++ignored_;
    return;
  }
  path_ += '/';
  const bool has_tracked = level.tracked != nullptr && level.tracked->any_below(path_);
  if (is_ignored && !has_tracked && !is_submodule) {
    ++ignored_;
    return;
  }
  auto directory = level.directory.open_child(entry.name);
  if (!directory) {
    const ErrorCode code = directory.error().code;
    if (code != ErrorCode::kNotFound && code != ErrorCode::kInvalidArgument) {  // not gone, nor replaced by a file
      skip(SkipReason::kUnreadable, directory.error().message);
    }
    return;
  }
  Level& child = push(std::move(*directory));
  child.scope = level.scope;
  child.tracked = level.tracked;
  child.tracked_only = is_ignored;
  child.reach = reach;
  tell_directory(child);
  if (!read(child) || (!has_tracked && !may_enter(child, is_submodule))) {
    leave();
    return;
  }
  load_ignore_files(child);
}

TreeWalk::Level& TreeWalk::push(OpenDirectory directory) {
  if (depth_ == levels_.size()) {
    levels_.emplace_back();
  }
  Level& level = levels_[depth_++];
  level.directory = std::move(directory);
  level.next_entry = 0;
  level.listing.clear();
  level.path_bytes = path_.size();
  level.scope = {};
  level.tracked = nullptr;
  level.tracked_only = false;
  close_distant_level();
  return level;
}

void TreeWalk::leave() {
  const OpenDirectory below = std::move(top().directory);
  --depth_;
  if (depth_ == 0 || top().directory.is_open()) {
    return;
  }
  Level& level = top();
  path_.resize(level.path_bytes);
  if (!reopen(level, below)) {
    skip(SkipReason::kVanished, "the directory was moved while it was listed");
    level.next_entry = level.listing.entries().size();
  }
}

void TreeWalk::close_distant_level() {
  if (depth_ <= kOpenLevels) {
    return;
  }
  Level& distant = levels_[depth_ - kOpenLevels - 1];
  const auto identity = distant.directory.identity();
  if (identity) {
    distant.identity = *identity;
    distant.directory.close();
  }
}

bool TreeWalk::reopen(Level& level, const OpenDirectory& below) {
  auto parent = below.open_parent();
  const auto identity = parent ? parent->identity() : Result<OpenDirectory::Identity>();
  if (!parent || !identity || *identity != level.identity) {
    // Something above was moved: start again from the root, by name.
    const auto root = OpenDirectory::open(root_);
    if (!root) {
      return false;
    }
    parent = root->open_below(shown());
    if (!parent) {
      return false;
    }
  }
  level.directory = std::move(*parent);
  return true;
}

bool TreeWalk::read(Level& level) {
  const Status status = level.directory.read(buffer_, level.listing);
  if (!status) {
    skip(SkipReason::kUnreadable, status.error().message);
    level.listing.clear();
  }
  return status.has_value();
}

void TreeWalk::load_ignore_files(Level& level) {
  const CaseRule case_rule = level.tracked == nullptr ? CaseRule::kSensitive : level.tracked->case_rule();
  const auto load = [&](std::string_view name, const IgnoreRules::Layer*& layer) {
    const DirectoryListing::Entry* const entry = level.listing.find(name);
    if (entry == nullptr || entry->type != FileType::kRegular) {
      return;
    }
    const auto text = level.directory.read_file(entry->name, kIgnoreFileLimitBytes);
    if (text) {
      layer = rules_.add(layer, *text, level.path_bytes, case_rule);
    } else {
      list_.notices.push_back(fmt::format("{}{} cannot be used: {}", shown(), name, text.error().message));
    }
  };
  if (!level.tracked_only) {
    load(kGitIgnoreName, level.scope.git);
  }
  load(kRepomapIgnoreName, level.scope.repomap);
}

/// Whether the walk goes on below a directory in which nothing is tracked by the repository around it. Gives the level
/// the index and the rules of the repository that starts there, if one does.
bool TreeWalk::may_enter(Level& level, bool is_submodule) {
  if (level.listing.find(kGitName) == nullptr) {
    return !is_submodule;  // a submodule that was not checked out
  }
  std::string directory = join_path(root_, shown());
  directory.pop_back();
  const auto tree = find_git_tree(directory, GitSearch::kHere);
  if (!tree) {
    list_.notices.push_back(tree.error().message);
    add_rule_files(git_birth_files(directory));
    return !is_submodule;
  }
  if (!tree->has_value() || (*tree)->work_tree != directory) {
    add_rule_files(git_birth_files(directory));
    return !is_submodule;  // named like a repository, but is none
  }
  return may_enter_repository(level, **tree);
}

bool TreeWalk::may_enter_repository(Level& level, const GitTree& tree) {
  if (level.tracked != nullptr && options_.submodules == SubmodulePolicy::kSkip) {
    boundaries_.emplace_back(shown().substr(0, shown().size() - 1));
    add_rule_files({join_path(tree.git_directory, "HEAD")});
    return false;
  }
  add_rule_files(rule_files_of(tree));
  OpenedRepository opened = open_repository(file_system_, tree, path_.size(), rules_, list_.notices);
  repositories_.push_back(std::make_unique<TrackedFiles>(std::move(opened.files)));
  level.tracked = repositories_.back().get();
  level.scope.git = opened.rules;
  level.tracked_only = false;
  return true;
}

bool TreeWalk::is_target(std::string_view path) const { return std::ranges::binary_search(targets_, path); }

/// How far a directory is of interest: wholly, on the way to a target, or (nothing) not at all.
std::optional<TreeWalk::Reach> TreeWalk::reach_of_directory(std::string_view path) const {
  if (levels_[depth_ - 1].reach == Reach::kWholly || is_target(path)) {
    return Reach::kWholly;
  }
  const std::string below = std::string(path) + '/';
  const auto next = std::ranges::lower_bound(targets_, below);
  return next != targets_.end() && next->starts_with(below) ? std::optional(Reach::kTowardsTarget) : std::nullopt;
}

void TreeWalk::skip(SkipReason reason, std::string detail) {
  std::string path(shown());
  if (path.ends_with('/')) {
    path.pop_back();
  }
  list_.skipped.push_back({path.empty() ? "." : std::move(path), reason, std::move(detail)});
}

/// REQUIRES: `level` is the top one.
void TreeWalk::tell_directory(const Level& level) const {
  if (options_.on_directory) {
    const std::string_view path = shown();
    options_.on_directory(std::string(path.substr(0, path.size() - (path.empty() ? 0 : 1))), level.directory);
  }
}

void TreeWalk::add_rule_files(std::vector<std::string> paths) {
  std::ranges::move(paths, std::back_inserter(list_.rule_files));
}

void TreeWalk::notice_unmet_targets() {
  if (is_target("")) {
    if (list_.files.empty() && ignored_ > 0) {
      list_.notices.push_back(
          fmt::format("{}: the ignore rules leave nothing to list ({} entries left out)", root_, ignored_));
    }
    return;
  }
  for (const std::string& target : targets_) {
    const std::string below = target + '/';
    const auto next = std::ranges::lower_bound(list_.files, below, {}, &ListedFile::path);
    if (next == list_.files.end() || !next->path.starts_with(below)) {
      list_.notices.push_back(
          fmt::format("{}: nothing below is listed: it is empty, ignored, or in a repository "
                      "that is not entered",
                      target));
    }
  }
}

void TreeWalk::notice_boundaries() {
  if (boundaries_.empty()) {
    return;
  }
  const std::size_t named = std::min(boundaries_.size(), kNamesInNotice);
  list_.notices.push_back(
      fmt::format("{} inner {} not entered: {}{}", boundaries_.size(),
                  boundaries_.size() == 1 ? "repository is" : "repositories are",
                  fmt::join(boundaries_.begin(), boundaries_.begin() + static_cast<std::ptrdiff_t>(named), ", "),
                  named < boundaries_.size() ? ", …" : ""));
}

}  // namespace repomap
