// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/protocol/json_value.hpp"

namespace repomap {

/// One end of a connection, read and written by hand. Owns its socket. Waits of a minute without a byte fail the test.
class LineClient {
 public:
  explicit LineClient(int socket) : socket_(socket) {}
  ~LineClient();
  LineClient(const LineClient&) = delete;
  LineClient& operator=(const LineClient&) = delete;

  /// Two connected sockets: a client, and what is to be given to a server.
  static int connected_pair(std::optional<LineClient>& client);

  /// Connects to a socket in the file system; nothing if nobody listens there.
  static std::optional<int> connect(const std::string& path);

  /// All bytes; false if the other side has closed.
  bool send(std::string_view bytes);

  /// A request with this id.
  bool request(int id, std::string_view method, std::string_view params = "{}");

  /// The next line without its newline; nothing when the other side has closed.
  std::optional<std::string> read_line();

  /// The next line as JSON; null when the other side has closed.
  Json read();

  /// Lines up to the one that answers the request with this id; the others are passed over.
  Json read_answer(int id);

  /// Whether the other side has closed, once all lines are read.
  bool is_closed_by_server();

  /// Closes the direction to the server, or both.
  void end_output();
  void close();

  int socket() const { return socket_; }

 private:
  bool wait_for_input();

  int socket_;
  std::string read_;
};

}  // namespace repomap
