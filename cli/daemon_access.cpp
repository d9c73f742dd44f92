// SPDX-License-Identifier: Apache-2.0
#include "cli/daemon_access.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "service/protocol/daemon_address.hpp"
#include "service/protocol/daemon_launcher.hpp"
#include "service/protocol/json_reader.hpp"
#include "service/protocol/request_json.hpp"
#include "service/resource_paths.hpp"
#include "service/service_registry.hpp"
#include "service/versions.hpp"

namespace repomap::cli {
namespace {

using std::chrono::milliseconds;

// Enough for a daemon that is busy; one that takes longer is of no use.
constexpr milliseconds kGreetingTimeout{2000};

Result<DaemonIdentity> greet(DaemonClient& client) {
  DaemonClient::Wait wait;
  wait.timeout = kGreetingTimeout;
  const HelloRequest hello{"repomap", std::string(program_version()), build_id()};
  REPOMAP_ASSIGN(const Json answer, client.call("hello", to_params(hello), wait));
  DaemonIdentity identity;
  std::uint32_t pid = 0;
  JsonReader reader(answer, Absent::kRefuse);
  reader.text("version", identity.version);
  reader.text("build", identity.build);
  reader.number("pid", pid);
  REPOMAP_TRY(reader.status());
  identity.pid = static_cast<int>(std::min<std::uint32_t>(pid, 0x7fff'ffffU));
  return identity;
}

}  // namespace

Result<DaemonConnection> connect_to_daemon() {
  REPOMAP_ASSIGN(const DaemonAddress address, find_daemon_address());
  DaemonConnection connection;
  REPOMAP_ASSIGN(connection.client, DaemonClient::connect(address.socket));
  auto identity = greet(*connection.client);
  if (!identity) {
    return fail(ErrorCode::kBusy, fmt::format("{}: a daemon listens, but does not say who it is: {}", address.socket,
                                              identity.error().message));
  }
  connection.identity = std::move(*identity);
  return connection;
}

bool wait_for_end(int pid, milliseconds timeout) {
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (process < 0) {
    return errno == ESRCH;
  }
  pollfd ended{process, POLLIN, 0};
  const int found = ::poll(&ended, 1, static_cast<int>(timeout.count()));
  ::close(process);
  return found == 1;
}

bool DaemonAccess::may_start() const {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  return settings_.daemon.use == DaemonUse::kStart && runtime != nullptr && *runtime == '/';
}

void DaemonAccess::dismiss(DaemonConnection connection) {
  finding_ = Finding::kOutdated;
  account_ =
      fmt::format("answered in this process: the daemon is that of another build ({})", connection.identity.version);
  if (may_start()) {
    outdated_pid_ = connection.identity.pid;
    DaemonClient::Wait wait;
    wait.timeout = kGreetingTimeout;
    // If it does not obey, it goes on answering those of its build.
    (void)connection.client->call("shutdown", Json::object({{"drain", true}}), wait);
  }
}

std::unique_ptr<DaemonClient> DaemonAccess::connect() {
  if (settings_.daemon.use == DaemonUse::kOff) {
    account_ = "answered in this process: the setting daemon is off";
    return nullptr;
  }
  auto connection = connect_to_daemon();
  if (!connection) {
    finding_ = connection.error().code == ErrorCode::kUnavailable ? Finding::kNone : Finding::kUnusable;
    account_ = fmt::format("answered in this process: no daemon: {}", connection.error().message);
    return nullptr;
  }
  if (connection->identity.build != build_id()) {
    dismiss(std::move(*connection));
    return nullptr;
  }
  finding_ = Finding::kOfThisBuild;
  account_ = fmt::format("answered by the daemon, process {}", connection->identity.pid);
  return std::move(connection->client);
}

std::string DaemonAccess::fingerprint() const { return settings_fingerprint(settings_, find_resources()); }

void DaemonAccess::note_failure(const Error& error) {
  account_ = fmt::format("answered in this process: {}", error.message);
}

Status DaemonAccess::start(milliseconds patience) {
  const bool is_wanted = finding_ == Finding::kNone || finding_ == Finding::kOutdated;
  if (!is_wanted || !may_start()) {
    return {};
  }
  if (finding_ == Finding::kOutdated && !wait_for_end(outdated_pid_, kGreetingTimeout)) {
    return {};
  }
  // Where a service manager holds the socket, whoever connects starts the daemon.
  if (finding_ == Finding::kOutdated && connect_to_daemon()) {
    return {};
  }
  REPOMAP_ASSIGN(const DaemonAddress address, find_daemon_address());
  REPOMAP_TRY(launch_daemon(address, {"serve"}, patience));
  return {};
}

}  // namespace repomap::cli
