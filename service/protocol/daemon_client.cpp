// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/daemon_client.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "service/protocol/json_reader.hpp"
#include "service/protocol/rpc_error.hpp"

namespace repomap {
namespace {

using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::size_t kMaxAnswerBytes = std::size_t{1} << 30U;

Error unavailable(std::string message) { return {ErrorCode::kUnavailable, std::move(message)}; }

Status check_peer(int socket, const std::string& path) {
  ucred peer{};
  socklen_t size = sizeof(peer);
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return std::unexpected(unavailable(errno_error(errno, path).message));
  }
  if (peer.uid != ::geteuid()) {
    return fail(ErrorCode::kPermissionDenied,
                fmt::format("{}: a process of user {} listens there, not one of user {}", path, peer.uid, ::geteuid()));
  }
  return {};
}

Status connect_socket(int socket, const std::string& path, milliseconds patience) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return std::unexpected(unavailable(fmt::format("{}: too long for the path of a socket", path)));
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  timeval timeout{};
  timeout.tv_sec = std::chrono::floor<std::chrono::seconds>(patience).count();
  timeout.tv_usec = std::chrono::microseconds(patience % std::chrono::seconds(1)).count();
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return std::unexpected(unavailable(errno_error(errno, path).message));
  }
  return {};
}

/// The failure that an error object tells of.
Error error_from_json(const Json& json) {
  std::int64_t code = rpc_code::kInternal;
  if (json.is_object() && json.contains("code") && json["code"].is_number_integer()) {
    code = json["code"].get<std::int64_t>();
  }
  std::string message;
  if (json.is_object() && json.contains("message")) {
    message = text_from_json(json["message"]).value_or("");
  }
  const bool is_ours = code == rpc_code::kInvalidParams || code == rpc_code::kCancelled || code > 0;
  const bool can_be_avoided =
      code == rpc_code::kSettingsDiffer || code == rpc_code::kBusy || code == rpc_code::kUnavailable;
  if (!is_ours || can_be_avoided) {
    return unavailable(fmt::format("the daemon answers: {}", message));
  }
  return {error_code_of_rpc(static_cast<int>(std::min<std::int64_t>(code, 1'000'000))), message};
}

}  // namespace

struct DaemonClient::Deadline {
  std::optional<SteadyTime> end;
  const std::atomic<bool>* cancelled = nullptr;

  explicit Deadline(const Wait& wait) : cancelled(wait.cancelled) {
    if (wait.timeout) {
      end = std::chrono::steady_clock::now() + *wait.timeout;
    }
  }

  bool is_cancelled() const { return cancelled != nullptr && *cancelled; }

  /// For how long poll(2) may wait: -1 is for ever. Whether the request is cancelled has to be looked at.
  int poll_timeout() const {
    constexpr milliseconds kLook{50};
    milliseconds left = cancelled != nullptr ? kLook : milliseconds(-1);
    if (end) {
      const auto until = std::chrono::ceil<milliseconds>(*end - std::chrono::steady_clock::now());
      const milliseconds rest = std::max(milliseconds(0), until);
      left = cancelled != nullptr ? std::min(left, rest) : rest;
    }
    return static_cast<int>(std::min<milliseconds::rep>(left.count(), 1'000'000'000));
  }

  bool is_over() const { return end && std::chrono::steady_clock::now() >= *end; }
};

Result<std::unique_ptr<DaemonClient>> DaemonClient::connect(const std::string& socket_path, milliseconds timeout) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) {
    return std::unexpected(unavailable(errno_error(errno, "socket").message));
  }
  std::unique_ptr<DaemonClient> client(new DaemonClient(socket));
  REPOMAP_TRY(connect_socket(socket, socket_path, timeout));
  REPOMAP_TRY(check_peer(socket, socket_path));
  return client;
}

DaemonClient::DaemonClient(int socket) : socket_(socket), wake_(::eventfd(0, EFD_CLOEXEC)) {}

DaemonClient::~DaemonClient() {
  for (const int descriptor : {socket_, wake_}) {
    if (descriptor >= 0) {
      ::close(descriptor);
    }
  }
}

// NOLINTNEXTLINE(readability-make-member-function-const): it changes what becomes of the connection
void DaemonClient::interrupt() {
  const std::uint64_t one = 1;
  static_cast<void>(::write(wake_, &one, sizeof one) == sizeof one);
}

std::unexpected<Error> DaemonClient::broken(std::string reason) {
  if (socket_ >= 0) {
    ::close(std::exchange(socket_, -1));
  }
  return std::unexpected(unavailable(fmt::format("the connection to the daemon broke: {}", reason)));
}

Status DaemonClient::send(std::string_view line) {
  while (!line.empty()) {
    const ssize_t sent = ::send(socket_, line.data(), line.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      line.remove_prefix(static_cast<std::size_t>(sent));
    } else if (sent == 0 || errno != EINTR) {
      return broken(errno_error(errno, "send").message);
    }
  }
  return {};
}

std::optional<std::string> DaemonClient::take_line() {
  const std::size_t end = buffer_.find('\n', scanned_);
  scanned_ = end == std::string::npos ? buffer_.size() : 0;
  if (end == std::string::npos) {
    return std::nullopt;
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return line;
}

Status DaemonClient::read_more(const Deadline& deadline, bool& is_over) {
  std::array<char, std::size_t{16} << 10U> chunk{};
  std::array<pollfd, 2> ready{{{socket_, POLLIN, 0}, {wake_, POLLIN, 0}}};
  const int found = ::poll(ready.data(), ready.size(), deadline.poll_timeout());
  if (deadline.is_cancelled() || ready[1].revents != 0) {
    ::close(std::exchange(socket_, -1));
    return fail(ErrorCode::kCancelled, "the request was cancelled");
  }
  is_over = found == 0 && deadline.is_over();
  if (found <= 0) {
    return found == 0 || errno == EINTR ? Status() : broken(errno_error(errno, "poll").message);
  }
  const ssize_t size = ::recv(socket_, chunk.data(), chunk.size(), 0);
  if (size == 0) {
    return broken("it ended");
  }
  if (size < 0) {
    return errno == EINTR || errno == EAGAIN ? Status() : broken(errno_error(errno, "recv").message);
  }
  if (buffer_.size() > kMaxAnswerBytes) {
    return broken("the answer is too long");
  }
  buffer_.append(chunk.data(), static_cast<std::size_t>(size));
  return {};
}

/// The next message; nothing when the time is over.
Result<std::optional<Json>> DaemonClient::receive(const Deadline& deadline) {
  for (;;) {
    if (const auto line = take_line()) {
      auto message = parse_json(*line);
      if (!message || !message->is_object()) {
        return broken("what it sends is no message");
      }
      return std::move(*message);
    }
    if (socket_ < 0) {
      return broken("it has ended");
    }
    bool is_over = false;
    REPOMAP_TRY(read_more(deadline, is_over));
    if (is_over) {
      return std::optional<Json>();
    }
  }
}

Result<Json> DaemonClient::call(const std::string& method, Json params, const Wait& wait) {
  if (socket_ < 0) {
    return broken("it has ended");
  }
  const Deadline deadline(wait);
  const std::uint64_t id = ++last_id_;
  Json request;
  request["jsonrpc"] = "2.0";
  request["id"] = id;
  request["method"] = method;
  request["params"] = std::move(params);
  REPOMAP_TRY(send(json_line(request)));
  for (;;) {
    REPOMAP_ASSIGN(std::optional<Json> message, receive(deadline));
    if (!message) {
      return broken("no answer in time");
    }
    const auto name = message->find("method");
    if (name != message->end()) {
      if (wait.on_notification && name->is_string()) {
        wait.on_notification(name->get_ref<const std::string&>(), (*message)["params"]);
      }
      continue;
    }
    if (message->contains("error")) {
      return std::unexpected(error_from_json((*message)["error"]));
    }
    if ((*message)["id"] != id || !message->contains("result")) {
      return broken("what it sends answers no request");
    }
    return std::move((*message)["result"]);
  }
}

Result<std::optional<DaemonClient::Notification>> DaemonClient::next_notification(const Wait& wait) {
  const Deadline deadline(wait);
  for (;;) {
    REPOMAP_ASSIGN(std::optional<Json> message, receive(deadline));
    if (!message) {
      return std::optional<Notification>();
    }
    const auto name = message->find("method");
    if (name != message->end() && name->is_string() && message->contains("params")) {
      return Notification{name->get<std::string>(), std::move((*message)["params"])};
    }
  }
}

}  // namespace repomap
