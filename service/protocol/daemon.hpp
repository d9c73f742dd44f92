// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "core/base/result.hpp"
#include "service/protocol/daemon_address.hpp"
#include "service/service_registry.hpp"

namespace repomap {

struct DaemonOptions {
  DaemonAddress address;
  std::chrono::milliseconds idle_exit{1'800'000};  ///< without a connection for so long it ends; 0: never
  std::uint16_t metrics_port = 0;                  ///< of 127.0.0.1, for GET /metrics; 0: none
  std::function<void()> on_ready = {};             ///< called when connections are accepted
};

/// Runs the daemon on this thread until it is told to end (SIGTERM, SIGINT, `shutdown`), or is idle for long enough.
/// SIGHUP reads the settings anew. Ends within a second: what is under way is cancelled and answered. Gives the exit
/// status of the process.
///
/// REQUIRES: no other thread of this process handles those signals. Errors: kBusy if a daemon runs already, naming its
/// process; those of ensure_daemon_directory() and of the socket.
Result<int> run_daemon(const DaemonOptions& options, ServiceRegistry& registry);

}  // namespace repomap
