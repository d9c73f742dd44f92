// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "service/event_source.hpp"
#include "service/protocol/json_value.hpp"
#include "service/protocol/mcp_channel.hpp"

namespace repomap {

/// Tells a client of changed maps, by "notifications/resources/updated", from begin() on for as long as it lives. What
/// changes before begin() is told then. Borrows the events. Thread-safe.
class McpSubscription {
 public:
  struct Resource {
    std::string uri;
    std::string root;  ///< the path of the repository whose map it is
  };

  /// `meta` is the `_meta` of the notifications; null for none. May wait for the source.
  McpSubscription(EventSource& events, std::shared_ptr<McpChannel> channel, const std::vector<Resource>& resources,
                  const Json& meta);
  ~McpSubscription();
  McpSubscription(const McpSubscription&) = delete;
  McpSubscription& operator=(const McpSubscription&) = delete;

  void begin();

 private:
  class Outlet;

  EventSource& events_;
  const std::shared_ptr<Outlet> outlet_;
  std::vector<std::uint64_t> subscriptions_;
};

}  // namespace repomap
