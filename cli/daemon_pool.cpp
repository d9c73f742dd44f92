// SPDX-License-Identifier: Apache-2.0
#include "cli/daemon_pool.hpp"

#include <utility>

#include "cli/daemon_access.hpp"
#include "core/base/log.hpp"

namespace repomap::cli {
namespace {

constexpr std::size_t kIdleConnections = 4;
constexpr std::chrono::milliseconds kStartPatience{10'000};

}  // namespace

/// Errors: kUnavailable.
Result<std::unique_ptr<DaemonClient>> DaemonPool::connect_or_start(BuildPolicy policy) const {
  if (policy == BuildPolicy::kAny && settings_.daemon.use != DaemonUse::kOff) {
    if (auto connection = connect_to_daemon()) {
      return std::move(connection->client);
    }
  }
  DaemonAccess access(settings_);
  if (auto client = access.connect()) {
    return client;
  }
  if (const Status started = access.start(kStartPatience); !started) {
    return fail(ErrorCode::kUnavailable, started.error().message);
  }
  if (auto client = access.connect()) {
    return client;
  }
  return fail(ErrorCode::kUnavailable, access.account());
}

/// Waits until nobody else does; false if somebody has failed lately.
bool DaemonPool::begin_to_connect() {
  MutexLock lock(mutex_);
  while (is_connecting_) {
    connected_.wait(mutex_);
  }
  if (std::chrono::steady_clock::now() < not_before_) {
    return false;
  }
  is_connecting_ = true;
  return true;
}

Result<std::unique_ptr<DaemonClient>> DaemonPool::connect() {
  if (!begin_to_connect()) {
    return fail(ErrorCode::kUnavailable, "no daemon was to be had a moment ago");
  }
  BuildPolicy policy = BuildPolicy::kOurs;
  {
    MutexLock lock(mutex_);
    policy = has_connected_ ? BuildPolicy::kAny : BuildPolicy::kOurs;
  }
  auto client = connect_or_start(policy);
  {
    MutexLock lock(mutex_);
    is_connecting_ = false;
    has_connected_ = has_connected_ || client.has_value();
    not_before_ = client ? TimePoint() : std::chrono::steady_clock::now() + kPause;
  }
  connected_.notify_all();
  if (!client) {
    log_info(client.error().message);
  }
  return client;
}

Result<std::unique_ptr<DaemonClient>> DaemonPool::take() {
  {
    MutexLock lock(mutex_);
    if (!idle_.empty()) {
      auto client = std::move(idle_.back());
      idle_.pop_back();
      return client;
    }
  }
  return connect();
}

void DaemonPool::give_back(std::unique_ptr<DaemonClient> client) {
  MutexLock lock(mutex_);
  if (idle_.size() < kIdleConnections) {
    idle_.push_back(std::move(client));
  }
}

void DaemonPool::drop_idle() {
  std::vector<std::unique_ptr<DaemonClient>> dropped;
  MutexLock lock(mutex_);
  dropped.swap(idle_);
}

}  // namespace repomap::cli
