// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <string_view>

#include "service/protocol/daemon_client.hpp"
#include "service/protocol/json_value.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {

/// A socket with nobody behind it: a test says beforehand what it will have answered, and reads afterwards what it was
/// asked. So no thread is needed. The first request of a client has id 1, the next 2.
class ScriptedDaemon {
 public:
  ScriptedDaemon() : path_(tree_.path("daemon.sock")), listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof(address.sun_path) - 1);
    ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    ::listen(listener_, 1);
  }
  ~ScriptedDaemon() {
    hang_up();
    ::close(listener_);
  }
  ScriptedDaemon(const ScriptedDaemon&) = delete;
  ScriptedDaemon& operator=(const ScriptedDaemon&) = delete;

  const std::string& path() const { return path_; }

  /// A client that is connected to this. REQUIRES: once.
  std::unique_ptr<DaemonClient> connect() {
    auto client = DaemonClient::connect(path_);
    connection_ = ::accept(listener_, nullptr, nullptr);
    return client ? std::move(*client) : nullptr;
  }

  void say(std::string_view bytes) const { (void)!::write(connection_, bytes.data(), bytes.size()); }
  void answer(int id, const Json& result) const {
    say(json_line({{"jsonrpc", "2.0"}, {"id", id}, {"result", result}}));
  }
  void refuse(int id, int code, const std::string& message) const {
    say(json_line({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", message}}}}));
  }
  void notify(const std::string& method, const Json& params) const {
    say(json_line({{"jsonrpc", "2.0"}, {"method", method}, {"params", params}}));
  }

  /// The requests that have come, as they came. REQUIRES: there is one.
  std::string heard() const {
    std::string text(std::size_t{1} << 16U, '\0');
    const ssize_t size = ::read(connection_, text.data(), text.size());
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text;
  }

  void hang_up() {
    if (connection_ >= 0) {
      ::close(std::exchange(connection_, -1));
    }
  }

 private:
  TemporaryTree tree_;
  const std::string path_;
  const int listener_;
  int connection_ = -1;
};

}  // namespace repomap
