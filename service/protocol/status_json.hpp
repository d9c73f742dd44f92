// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "service/protocol/json_value.hpp"
#include "service/service.hpp"
#include "service/service_status.hpp"

namespace repomap {

// What is told of services, repositories and caches as JSON (docs/PROTOCOL.md), and back. Errors of every …_from_json:
// kInvalidArgument, naming the key.

/// What the daemon tells of itself.
struct DaemonStatus {
  std::uint64_t pid = 0;
  std::string version;
  std::string build;
  std::chrono::seconds uptime{};
  std::size_t connections = 0;       ///< open at present
  std::uint64_t requests = 0;        ///< answered so far
  std::size_t rss_bytes = 0;         ///< of the process
  std::chrono::seconds idle_exit{};  ///< after so long without a connection it ends; 0: never
};

/// Both parts of a `status` answer.
struct StatusAnswer {
  DaemonStatus daemon;
  ServiceStatus service;
};

Json to_json(const StatusAnswer& answer);
Result<StatusAnswer> status_answer_from_json(const Json& json);

Json to_json(const RepositoryStatus& repository);
Json to_json(const LatencySummary& latency);

/// One tier, or what all tiers of a kind have done together.
Json to_json(const BackendStats& stats);
Json to_json(const KindStats& kind);

/// The answer to `sync`.
Json to_json(const RepositoryMoment& moment);
Result<RepositoryMoment> moment_from_json(const Json& json);

/// The method of the notification that tells of such an event: "changed", "indexing", "unloaded".
std::string_view event_method(RepositoryEvent::Kind kind);

/// The parameters of that notification.
Json event_params(const RepositoryEvent& event, std::uint64_t subscription);
Result<RepositoryEvent> event_from_json(std::string_view method, const Json& params);

/// The parameters of "$/progress": how many of the files that must be read are done.
struct ProgressReport {
  std::size_t done = 0;
  std::size_t total = 0;
};

Result<ProgressReport> progress_from_json(const Json& params);

}  // namespace repomap
