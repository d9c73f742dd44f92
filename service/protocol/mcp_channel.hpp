// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "service/protocol/json_value.hpp"

namespace repomap {

/// Takes notifications to a client: all on one channel over stdio, those of one request or session over HTTP.
/// Thread-safe. If the client has gone, nothing happens.
class McpChannel {
 public:
  virtual ~McpChannel() = default;

  virtual void notify(const std::string& method, Json params) = 0;
};

}  // namespace repomap
