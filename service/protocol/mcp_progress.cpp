// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_progress.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "core/base/mutex.hpp"
#include "service/protocol/mcp_texts.hpp"
#include "service/protocol/notification_throttle.hpp"

namespace repomap {
namespace {

class Progress {
 public:
  Progress(Json token, std::shared_ptr<McpChannel> channel, const std::atomic<bool>& cancelled)
      : token_(std::move(token)), channel_(std::move(channel)), cancelled_(cancelled) {
    channel_->notify("notifications/progress",
                     {{"progressToken", token_}, {"progress", 0}, {"message", "looking at the files"}});
  }

  /// Sends under the lock: what is sent later must not overtake what is sent before.
  void report(std::size_t done, std::size_t total) EXCLUDES(mutex_) {
    if (!throttle_.admits(std::chrono::steady_clock::now())) {
      return;
    }
    MutexLock lock(mutex_);
    if (done <= last_ || cancelled_) {
      return;
    }
    last_ = done;
    channel_->notify("notifications/progress",
                     {{"progressToken", token_},
                      {"progress", done},
                      {"total", total},
                      {"message", fmt::format("read {} of {} files", grouped(done), grouped(total))}});
  }

 private:
  const Json token_;
  const std::shared_ptr<McpChannel> channel_;
  const std::atomic<bool>& cancelled_;
  NotificationThrottle throttle_;
  Mutex mutex_;
  std::size_t last_ GUARDED_BY(mutex_) = 0;
};

}  // namespace

std::function<void(std::size_t, std::size_t)> make_mcp_progress(const Json& params, std::shared_ptr<McpChannel> channel,
                                                                const std::atomic<bool>& cancelled) {
  const auto meta = params.find("_meta");
  const bool is_meta = meta != params.end() && meta->is_object();
  const Json token = is_meta ? meta->value("progressToken", Json()) : Json();
  if (!token.is_string() && !token.is_number()) {
    return {};
  }
  auto progress = std::make_shared<Progress>(token, std::move(channel), cancelled);
  return [progress](std::size_t done, std::size_t total) { progress->report(done, total); };
}

}  // namespace repomap
