// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.hpp"
#include "service/protocol/mcp_session.hpp"

namespace repomap {

struct McpHttpSettings {
  std::uint16_t port = 0;  ///< of 127.0.0.1; 0: any that is free
  std::string token;       ///< that every request must bear; "" for none
  std::size_t connections = 128;
  std::size_t sessions = 64;  ///< of legacy clients; above, the one unused for longest ends, first of those idle
  std::size_t body_bytes = std::size_t{4} << 20;    ///< of one request
  std::uint32_t header_bytes = 16'384;              ///< of one request
  std::size_t unread_bytes = std::size_t{8} << 20;  ///< that a client may leave unread
  std::chrono::milliseconds patience{30'000};       ///< for a request to come, and for an answer to be taken
  std::chrono::milliseconds keep_alive{15'000};     ///< between comments in a stream in which nothing happens
};

/// The Streamable HTTP transport of MCP (2026-07-28 and 2025-03-26 to 2025-11-25), at /mcp on the loopback interface.
/// A connection carries one request. Legacy clients get a session, by its id; requests of modern ones stand alone.
///
/// Borrows the server. Used by one thread, but for stop().
class McpHttp {
 public:
  /// REQUIRES: a server that outlives it. Errors: those of bind(2).
  static Result<std::unique_ptr<McpHttp>> listen(McpServer& server, const McpHttpSettings& settings);
  ~McpHttp();
  McpHttp(const McpHttp&) = delete;
  McpHttp& operator=(const McpHttp&) = delete;

  std::uint16_t port() const;

  /// Answers until stop() is called.
  void run();

  /// Ends run(), and cancels what is under way. From any thread.
  void stop();

 private:
  class State;
  explicit McpHttp(std::shared_ptr<State> state);

  const std::shared_ptr<State> state_;
};

}  // namespace repomap
