// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "service/protocol/request_metrics.hpp"
#include "service/protocol/status_json.hpp"

namespace repomap {

/// All that the daemon counts, in the text format of Prometheus (docs/PROTOCOL.md lists the families).
std::string daemon_metrics_text(const RequestMetrics::Snapshot& requests, const StatusAnswer& status);

}  // namespace repomap
