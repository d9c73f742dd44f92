// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.hpp"
#include "service/protocol/daemon_client.hpp"
#include "service/settings.hpp"

namespace repomap::cli {

/// What a daemon has said of itself.
struct DaemonIdentity {
  std::string version;
  std::string build;
  int pid = 0;
};

/// A connection whose daemon has said who it is.
struct DaemonConnection {
  std::unique_ptr<DaemonClient> client;
  DaemonIdentity identity;
};

/// Connects to the daemon of this user, of whatever build. Errors: those of find_daemon_address(); kUnavailable if none
/// runs; kBusy for one that does not say who it is in time; kPermissionDenied for another user's.
Result<DaemonConnection> connect_to_daemon();

/// Waits until a process has ended; false if it has not in that time.
bool wait_for_end(int pid, std::chrono::milliseconds timeout);

/// The daemon as the commands of this process may use it. Used by one thread.
class DaemonAccess {
 public:
  explicit DaemonAccess(const Settings& settings) : settings_(settings) {}

  /// A connection to a daemon of this build, or null; account() says why. One of another build is told to end if
  /// another may be started in its place.
  std::unique_ptr<DaemonClient> connect();

  /// settings_fingerprint() of this process.
  std::string fingerprint() const;

  /// The daemon could not answer.
  void note_failure(const Error& error);

  /// Starts a daemon in the background if connect() has found none, and the settings want one; waits for at most
  /// `patience` until it answers. Nothing otherwise. Errors: those of launch_daemon().
  Status start(std::chrono::milliseconds patience);

  /// Whether the settings and the environment let a command start a daemon.
  bool may_start() const;

  /// In a clause who answers and why, for people; "" as long as nobody was asked.
  const std::string& account() const { return account_; }

 private:
  enum class Finding : std::uint8_t {
    kUnknown,
    kNone,
    kOutdated,  ///< of another build
    kUnusable,  ///< its place is taken by something else, or not to be had
    kOfThisBuild,
  };

  void dismiss(DaemonConnection connection);

  const Settings settings_;
  Finding finding_ = Finding::kUnknown;
  int outdated_pid_ = 0;
  std::string account_;
};

}  // namespace repomap::cli
