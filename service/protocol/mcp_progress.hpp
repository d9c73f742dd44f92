// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>

#include "service/protocol/json_value.hpp"
#include "service/protocol/mcp_channel.hpp"

namespace repomap {

/// For RequestContext::progress of a request with these parameters: sends "notifications/progress" if they have a
/// progress token, the first at once, each with more progress than the one before, and no more than people can follow.
/// Empty if they have none. Nothing is sent once `cancelled` is set, which outlives the function's last call.
std::function<void(std::size_t done, std::size_t total)> make_mcp_progress(const Json& params,
                                                                           std::shared_ptr<McpChannel> channel,
                                                                           const std::atomic<bool>& cancelled);

}  // namespace repomap
