// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace repomap {

/// What tells one process from every other, also from a later one that was given the same number. A value type.
struct ProcessIdentity {
  std::string host;                 ///< the machine's name, for people
  std::string boot_id;              ///< of the running kernel; "" where the system has none
  std::uint64_t pid_namespace = 0;  ///< numbers of processes compare only within one; 0 where there are none
  std::int64_t pid = 0;
  std::uint64_t start_time = 0;  ///< of the process, in clock ticks since boot; 0 where it cannot be read

  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;

  /// "host:pid", for messages.
  std::string to_display() const;
};

/// The calling process. Read once and again after a fork. Thread-safe.
const ProcessIdentity& this_process();

enum class Liveness : std::uint8_t {
  kAlive,
  kDead,     ///< it has ended, or its number now belongs to another process
  kUnknown,  ///< another machine, boot or PID namespace: nobody here can say
};

/// Whether that process still runs. A zombie does not. Thread-safe.
Liveness liveness_of(const ProcessIdentity& process);

/// How often the chain of parents of this process has forked since it loaded this code. A handle that inherits what
/// must not be shared over a fork (database connections, locks) remembers the number and compares it at each use.
/// vfork, posix_spawn and a bare clone(2) are not counted. Thread-safe, async-signal-safe, one atomic load.
std::uint64_t fork_generation();

/// A number that no other thread of this process has or had, the same for the thread's life. Thread-safe.
std::uint64_t this_thread_number();

/// The bytes of an identity (docs/CACHE_FORMAT.md, "Owners"), and back. Errors: kCorrupt.
std::string encode_process_identity(const ProcessIdentity& process);
Result<ProcessIdentity> decode_process_identity(std::string_view bytes);

}  // namespace repomap
