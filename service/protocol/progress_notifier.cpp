// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/progress_notifier.hpp"

#include <chrono>
#include <utility>

#include "service/protocol/notification_throttle.hpp"

namespace repomap {

std::function<void(std::size_t, std::size_t)> make_progress_notifier(std::shared_ptr<RpcPeer> peer, Json id) {
  auto throttle = std::make_shared<NotificationThrottle>();
  return [peer = std::move(peer), id = std::move(id), throttle](std::size_t done, std::size_t total) {
    if (throttle->admits(std::chrono::steady_clock::now())) {
      peer->notify("$/progress", {{"id", id}, {"done", done}, {"total", total}});
    }
  };
}

}  // namespace repomap
