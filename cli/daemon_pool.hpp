// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "service/protocol/daemon_client.hpp"
#include "service/settings.hpp"

namespace repomap::cli {

/// Connections to the daemon for a process that lives long and asks much at the same time: one for each request under
/// way, kept for the next. Starts a daemon if none runs. Thread-safe.
class DaemonPool {
 public:
  explicit DaemonPool(const Settings& settings) : settings_(settings) {}

  /// A connection of one's own. Errors: kUnavailable if the settings want no daemon, or none is to be had; then for
  /// kPause nobody tries again.
  Result<std::unique_ptr<DaemonClient>> connect() EXCLUDES(mutex_);

  /// A connection that was given back, or a new one. Errors: as connect().
  Result<std::unique_ptr<DaemonClient>> take() EXCLUDES(mutex_);

  /// Keeps it for the next who takes one. REQUIRES: it has not failed.
  void give_back(std::unique_ptr<DaemonClient> client) EXCLUDES(mutex_);

  /// Closes what has been given back: a connection was found broken, and the others lead to the same daemon.
  void drop_idle() EXCLUDES(mutex_);

  static constexpr std::chrono::seconds kPause{30};

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  enum class BuildPolicy : std::uint8_t {
    kOurs,  ///< a daemon of another build has to end: whoever has started this process wants this build
    kAny,   ///< this process may be older than what is installed by now
  };

  Result<std::unique_ptr<DaemonClient>> connect_or_start(BuildPolicy policy) const;
  bool begin_to_connect() EXCLUDES(mutex_);

  const Settings settings_;

  Mutex mutex_;
  CondVar connected_;
  bool is_connecting_ GUARDED_BY(mutex_) = false;  // one at a time, so that one daemon is started
  bool has_connected_ GUARDED_BY(mutex_) = false;  // ever
  TimePoint not_before_ GUARDED_BY(mutex_){};      // after a failure
  std::vector<std::unique_ptr<DaemonClient>> idle_ GUARDED_BY(mutex_);
};

}  // namespace repomap::cli
