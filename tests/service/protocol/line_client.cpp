// SPDX-License-Identifier: Apache-2.0
#include "tests/service/protocol/line_client.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace repomap {
namespace {

constexpr int kPatienceMs = 60'000;

}  // namespace

LineClient::~LineClient() { close(); }

int LineClient::connected_pair(std::optional<LineClient>& client) {
  std::array<int, 2> sockets{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
    std::abort();
  }
  client.emplace(sockets[0]);
  return sockets[1];
}

std::optional<int> LineClient::connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof address.sun_path - 1));
  const int connected = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(connected, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(connected);
    return std::nullopt;
  }
  return connected;
}

bool LineClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) {
      continue;
    }
    if (sent < 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool LineClient::request(int id, std::string_view method, std::string_view params) {
  return send(fmt::format("{{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"{}\",\"params\":{}}}\n", id, method, params));
}

bool LineClient::wait_for_input() {
  pollfd question{.fd = socket_, .events = POLLIN, .revents = 0};
  const int ready = poll(&question, 1, kPatienceMs);
  EXPECT_GT(ready, 0) << "nothing came for a minute";
  return ready > 0;
}

std::optional<std::string> LineClient::read_line() {
  std::array<char, 65536> room{};
  while (true) {
    if (const std::size_t end = read_.find('\n'); end != std::string::npos) {
      std::string line = read_.substr(0, end);
      read_.erase(0, end + 1);
      return line;
    }
    if (!wait_for_input()) {
      return std::nullopt;
    }
    const ssize_t bytes = recv(socket_, room.data(), room.size(), 0);
    if (bytes < 0 && errno == EINTR) {
      continue;
    }
    if (bytes <= 0) {
      return std::nullopt;
    }
    read_.append(room.data(), static_cast<std::size_t>(bytes));
  }
}

Json LineClient::read() {
  const auto line = read_line();
  if (!line) {
    return {};
  }
  auto json = parse_json(*line);
  EXPECT_TRUE(json) << *line;
  return json ? *json : Json();
}

Json LineClient::read_answer(int id) {
  while (true) {
    Json message = read();
    if (message.is_null() || message.value("id", Json()) == id) {
      return message;
    }
  }
}

bool LineClient::is_closed_by_server() {
  while (const auto line = read_line()) {
  }
  return read_.empty();
}

void LineClient::end_output() { shutdown(socket_, SHUT_WR); }

void LineClient::close() {
  if (socket_ >= 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

}  // namespace repomap
