// SPDX-License-Identifier: Apache-2.0
#include "tests/watcher/watcher_contract.hpp"

#include <filesystem>
#include <utility>

#include "watcher/file_lister.hpp"
#include "watcher/path_cover.hpp"

namespace repomap {
namespace {

ListOptions watching(FileWatcher& watcher) {
  ListOptions options;
  options.on_directory = [&watcher](const std::string& path, const OpenDirectory& directory) {
    watcher.watch(path, directory);
  };
  return options;
}

WatcherSettings quick(std::size_t max_watches) {
  WatcherSettings settings;
  settings.poll_interval = std::chrono::milliseconds(5);
  settings.max_watches = max_watches;
  return settings;
}

}  // namespace

std::vector<WatcherMaker> watcher_makers() {
  return {{"Events", [](const std::string& root) { return make_file_watcher(root, quick(0)); }},
          {"Polling", [](const std::string& root) { return make_polling_watcher(root, quick(0)); }},
          {"Mixed", [](const std::string& root) { return make_file_watcher(root, quick(2)); }}};
}

WatcherContract::WatcherContract() : watcher_(GetParam().make(tree_.root())) {
  tree_.git({"init", "-q", "--template="});
}

void WatcherContract::start() {
  follow({{""}, ""});
  watcher_->drain();
}

void WatcherContract::follow(const ChangeBatch& batch) {
  // The root may be gone: then there is nothing to list.
  [[maybe_unused]] const auto list = list_paths(tree_.root(), batch.paths, watching(*watcher_));
}

ChangeBatch WatcherContract::take() {
  ChangeBatch batch = watcher_->drain();
  follow(batch);
  return batch;
}

void WatcherContract::settle() {
  while (!take().empty()) {
  }
}

void WatcherContract::expect_told(std::string_view path) {
  const ChangeBatch batch = take();
  EXPECT_TRUE(tells(batch, path)) << path << " is not among " << testing::PrintToString(batch.paths);
}

void WatcherContract::move(std::string_view from, std::string_view to) const {
  std::filesystem::rename(tree_.path("") / std::filesystem::path(from), tree_.path("") / std::filesystem::path(to));
}

void WatcherContract::remove(std::string_view path) const { std::filesystem::remove_all(tree_.path(path)); }

bool tells(const ChangeBatch& batch, std::string_view path) {
  PathCover cover(PathCover::kUnlimited);
  for (const std::string& told : batch.paths) {
    cover.add(told);
  }
  return cover.covers(path);
}

}  // namespace repomap
