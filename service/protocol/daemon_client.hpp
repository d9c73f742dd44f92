// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "service/protocol/json_value.hpp"

namespace repomap {

/// A connection to the daemon (docs/PROTOCOL.md). Blocks. Used by one thread at a time, but for interrupt().
/// Once a call has failed with kUnavailable, the connection is of no more use: every later call fails alike.
class DaemonClient {
 public:
  /// Receives a notification. May not use the client.
  using NotificationSink = std::function<void(const std::string& method, const Json& params)>;

  static constexpr std::chrono::milliseconds kConnectTimeout{2000};

  /// Connects to the socket at that path, and checks that a process of this user listens there.
  /// Errors: kUnavailable if nobody does, or does not answer in time; kPermissionDenied for another user's process.
  static Result<std::unique_ptr<DaemonClient>> connect(const std::string& socket_path,
                                                       std::chrono::milliseconds timeout = kConnectTimeout);
  ~DaemonClient();
  DaemonClient(const DaemonClient&) = delete;
  DaemonClient& operator=(const DaemonClient&) = delete;

  /// How long to wait for an answer.
  struct Wait {
    std::optional<std::chrono::milliseconds> timeout = {};  ///< nothing: as long as it takes
    const std::atomic<bool>* cancelled = nullptr;
    NotificationSink on_notification = {};  ///< called for each that comes before the answer
  };

  /// The result of a request. REQUIRES: `params` is an object.
  /// Errors: what the daemon answers, but kUnavailable for whatever another way to the same answer may avoid: the
  /// connection breaks, the timeout is over, the daemon is overloaded, shuts down, has other settings or does not
  /// understand; kCancelled, which ends the connection too.
  Result<Json> call(const std::string& method, Json params, const Wait& wait);

  struct Notification {
    std::string method;
    Json params;
  };

  /// The next notification, or nothing when the timeout is over. What comes while a call waits goes to its sink.
  /// Errors: kUnavailable if the connection ends; kCancelled.
  Result<std::optional<Notification>> next_notification(const Wait& wait);

  /// Has the call under way end with kCancelled, and with it the connection; if there is none, the next. Any thread.
  void interrupt();

 private:
  struct Deadline;
  explicit DaemonClient(int socket);

  Status send(std::string_view line);
  Result<std::optional<Json>> receive(const Deadline& deadline);
  Status read_more(const Deadline& deadline, bool& is_over);
  std::optional<std::string> take_line();
  std::unexpected<Error> broken(std::string reason);

  int socket_;      // -1 once the connection is of no more use
  const int wake_;  // an eventfd, readable once it is interrupted
  std::uint64_t last_id_ = 0;
  std::string buffer_;       // read, and not yet taken
  std::size_t scanned_ = 0;  // no newline before
};

}  // namespace repomap
