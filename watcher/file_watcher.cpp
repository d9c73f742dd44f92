// SPDX-License-Identifier: Apache-2.0
#include "watcher/file_watcher.hpp"

#include <fmt/format.h>

#include "watcher/inotify_watcher.hpp"
#include "watcher/mixed_watcher.hpp"

namespace repomap {

std::string WatcherState::to_display() const {
  switch (mode) {
    case WatchMode::kEvents: return "ok";
    case WatchMode::kPolling: return fmt::format("polling({})", reason);
    case WatchMode::kDegraded: return fmt::format("degraded({})", reason);
  }
  return "unknown";
}

std::unique_ptr<FileWatcher> make_file_watcher(const std::string& root, const WatcherSettings& settings) {
  return std::make_unique<MixedWatcher>(root, settings, open_inotify());
}

std::unique_ptr<FileWatcher> make_polling_watcher(const std::string& root, const WatcherSettings& settings) {
  return std::make_unique<MixedWatcher>(root, settings, fail(ErrorCode::kUnsupported, "as the settings ask for"));
}

}  // namespace repomap
