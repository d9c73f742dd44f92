// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "service/protocol/notification_throttle.hpp"
#include "service/protocol/rpc_method.hpp"
#include "service/service_status.hpp"

namespace repomap {

/// Who is told what happens to repositories. A connection that ends takes its subscriptions with it. Thread-safe.
class EventSubscriptions {
 public:
  static constexpr std::size_t kPerPeer = 64;

  /// The number of the subscription to one repository; root "": to all. Errors: kLimitExceeded.
  Result<std::uint64_t> add(const std::shared_ptr<RpcPeer>& peer, std::string root) EXCLUDES(mutex_);

  /// Errors: kNotFound, also for a subscription of another peer.
  Status remove(const RpcPeer& peer, std::uint64_t subscription) EXCLUDES(mutex_);

  /// Notifies those concerned; of the progress of one repository only as often as people can follow.
  void tell(const RepositoryEvent& event, std::chrono::steady_clock::time_point now) EXCLUDES(mutex_);

 private:
  struct Subscription {
    std::weak_ptr<RpcPeer> peer;
    std::string root;
  };

  bool is_worth_telling(const RepositoryEvent& event, std::chrono::steady_clock::time_point now) REQUIRES(mutex_);

  Mutex mutex_;
  std::map<std::uint64_t, Subscription> subscriptions_ GUARDED_BY(mutex_);
  std::map<std::string, NotificationThrottle> progress_ GUARDED_BY(mutex_);  // by root, while it goes on
  std::uint64_t last_ GUARDED_BY(mutex_) = 0;
};

}  // namespace repomap
