// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/event_subscriptions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "service/protocol/status_json.hpp"

namespace repomap {

Result<std::uint64_t> EventSubscriptions::add(const std::shared_ptr<RpcPeer>& peer, std::string root) {
  MutexLock lock(mutex_);
  std::erase_if(subscriptions_, [](const auto& entry) { return entry.second.peer.expired(); });
  const auto held = std::ranges::count_if(subscriptions_, [&](const auto& entry) {
    return !entry.second.peer.owner_before(peer) && !peer.owner_before(entry.second.peer);
  });
  if (static_cast<std::size_t>(held) >= kPerPeer) {
    return fail(ErrorCode::kLimitExceeded,
                fmt::format("this connection has {} subscriptions, as many as may be", kPerPeer));
  }
  subscriptions_[++last_] = {.peer = peer, .root = std::move(root)};
  return last_;
}

Status EventSubscriptions::remove(const RpcPeer& peer, std::uint64_t subscription) {
  MutexLock lock(mutex_);
  const auto found = subscriptions_.find(subscription);
  if (found == subscriptions_.end() || found->second.peer.lock().get() != &peer) {
    return fail(ErrorCode::kNotFound, fmt::format("this connection has no subscription {}", subscription));
  }
  subscriptions_.erase(found);
  return {};
}

bool EventSubscriptions::is_worth_telling(const RepositoryEvent& event, std::chrono::steady_clock::time_point now) {
  if (event.kind != RepositoryEvent::Kind::kProgress) {
    return true;
  }
  if (event.done >= event.total) {
    progress_.erase(event.root);
    return true;
  }
  return progress_[event.root].admits(now);
}

void EventSubscriptions::tell(const RepositoryEvent& event, std::chrono::steady_clock::time_point now) {
  std::vector<std::pair<std::uint64_t, std::shared_ptr<RpcPeer>>> concerned;
  {
    MutexLock lock(mutex_);
    if (subscriptions_.empty() || !is_worth_telling(event, now)) {
      return;
    }
    for (const auto& [number, subscription] : subscriptions_) {
      auto peer = subscription.peer.lock();
      if (peer && (subscription.root.empty() || subscription.root == event.root)) {
        concerned.emplace_back(number, std::move(peer));
      }
    }
  }
  const std::string method(event_method(event.kind));
  for (const auto& [number, peer] : concerned) {
    peer->notify(method, event_params(event, number));
  }
}

}  // namespace repomap
