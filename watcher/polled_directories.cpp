// SPDX-License-Identifier: Apache-2.0
#include "watcher/polled_directories.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "watcher/changed_path.hpp"
#include "watcher/racy_time.hpp"

namespace repomap {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{64} << 10;
}  // namespace

PolledDirectories::PolledDirectories(std::string root) : root_(std::move(root)), buffer_(kBufferBytes) {}

void PolledDirectories::watch(const std::string& path, const OpenDirectory& directory) {
  // Of its own, because the caller's descriptor has a position, at which he is going to read.
  const auto own = directory.open_child(".");
  Snapshot snapshot = own ? read(*own) : Snapshot();
  snapshot.is_first = true;
  directories_[path] = std::move(snapshot);
}

void PolledDirectories::remove(std::string_view path) {
  if (const auto found = directories_.find(path); found != directories_.end()) {
    directories_.erase(found);
  }
}

void PolledDirectories::forget(std::string_view path) {
  remove(path);
  const std::string below = path.empty() ? std::string() : std::string(path) + '/';
  auto next = directories_.lower_bound(below);
  while (next != directories_.end() && next->first.starts_with(below)) {
    next = directories_.erase(next);
  }
}

void PolledDirectories::compare(PathCover& changed, std::vector<std::string>& gone) {
  if (directories_.empty()) {
    return;
  }
  const auto root = OpenDirectory::open(root_);
  if (!root) {
    return;  // what is to be told of the root itself is told by whoever looks at its identity
  }
  for (auto next = directories_.begin(); next != directories_.end();) {
    const bool stays = reread(*root, next->first, next->second, changed, gone);
    next = stays ? std::next(next) : directories_.erase(next);
  }
}

PolledDirectories::Snapshot PolledDirectories::read(const OpenDirectory& directory) {
  Snapshot result;
  const auto identity = directory.identity();
  const std::int64_t now_ns = wall_time_ns();
  const auto self = directory.stat(".");  // before what is read, so that a change meanwhile shows
  if (!identity || !self || !directory.read(buffer_, listing_)) {
    return result;
  }
  result.is_readable = true;
  result.self = {".", *self, is_racy(*self, now_ns)};
  result.identity = *identity;
  result.entries.reserve(listing_.entries().size());
  for (const DirectoryListing::Entry& entry : listing_.entries()) {
    const auto stat = directory.stat(entry.name);
    if (stat) {
      result.entries.push_back({std::string(entry.view()), *stat, is_racy(*stat, now_ns)});
    } else if (stat.error().code != ErrorCode::kNotFound) {
      result.entries.push_back({std::string(entry.view()), {}, false});
    }
  }
  std::ranges::sort(result.entries, {}, &Entry::name);
  return result;
}

/// False if the directory is not there any more.
bool PolledDirectories::reread(const OpenDirectory& root, const std::string& path, Snapshot& snapshot,
                               PathCover& changed, std::vector<std::string>& gone) {
  const auto directory = root.open_below(path);
  const bool is_gone = !directory && (directory.error().code == ErrorCode::kNotFound ||
                                      directory.error().code == ErrorCode::kInvalidArgument);
  Snapshot after = directory ? read(*directory) : Snapshot();
  if (is_gone || (after.is_readable && snapshot.is_readable && after.identity != snapshot.identity)) {
    changed.add(path);
    gone.push_back(path);
    return false;
  }
  // Who listed the directory after the first snapshot may have met what came after it and has gone again since.
  const bool may_have_shown_more =
      snapshot.is_first && (snapshot.self.is_racy || snapshot.self.stat != after.self.stat);
  if (after.is_readable != snapshot.is_readable || may_have_shown_more) {
    changed.add(path);
  }
  if (after.is_readable && snapshot.is_readable) {
    compare_entries(path, snapshot, after, changed, gone);
  }
  snapshot = std::move(after);
  return true;
}

void PolledDirectories::compare_entries(const std::string& path, const Snapshot& before, const Snapshot& after,
                                        PathCover& changed, std::vector<std::string>& gone) const {
  auto old_entry = before.entries.begin();
  auto new_entry = after.entries.begin();
  while (old_entry != before.entries.end() || new_entry != after.entries.end()) {
    const bool is_deleted =
        new_entry == after.entries.end() || (old_entry != before.entries.end() && old_entry->name < new_entry->name);
    const bool is_made = !is_deleted && (old_entry == before.entries.end() || new_entry->name < old_entry->name);
    const std::string& name = is_made ? new_entry->name : old_entry->name;
    if (is_deleted || is_made || is_changed(path, *old_entry, *new_entry)) {
      changed.add(changed_path(path, name));
    }
    if (!is_made && old_entry->stat.type == FileType::kDirectory &&
        (is_deleted || old_entry->stat.inode != new_entry->stat.inode)) {
      gone.push_back(join_path(path, name));
    }
    old_entry += is_made ? 0 : 1;
    new_entry += is_deleted ? 0 : 1;
  }
}

bool PolledDirectories::is_changed(const std::string& path, const Entry& before, const Entry& after) const {
  if (before.stat == after.stat) {
    return before.is_racy && before.stat.type != FileType::kDirectory;
  }
  // The times of a directory change with its entries; of those it tells itself if it is compared too.
  const bool is_same_directory = before.stat.type == FileType::kDirectory && after.stat.type == FileType::kDirectory &&
                                 before.stat.inode == after.stat.inode && before.stat.device == after.stat.device;
  return !is_same_directory || !directories_.contains(join_path(path, before.name));
}

}  // namespace repomap
