// SPDX-License-Identifier: Apache-2.0
#include "core/base/process_identity.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <limits>
#include <optional>

#include "core/base/byte_codec.hpp"
#include "core/base/file_system.hpp"

namespace repomap {
namespace {

std::atomic<std::uint64_t> generation = 0;
std::atomic<std::uint64_t> last_thread_number = 0;

// Registered while the program loads, hence before any thread that could fork.
[[maybe_unused]] const int kRegistered = ::pthread_atfork(nullptr, nullptr, [] { ++generation; });

struct ProcessStat {
  char state = '?';
  std::uint64_t start_time = 0;
};

std::string read_small_file(const std::string& path) {
  constexpr std::uint64_t kLimitBytes = 64U << 10U;
  return make_posix_file_system()->read_file(path, kLimitBytes).value_or("");
}

/// Fields 3 and 22 of proc(5)'s stat. The name in field 2 may hold blanks and parentheses: the last one ends it.
std::optional<ProcessStat> read_process_stat(std::int64_t pid) {
  const std::string content = read_small_file(fmt::format("/proc/{}/stat", pid));
  const std::size_t name_end = content.rfind(')');
  if (name_end == std::string::npos || name_end + 2 >= content.size()) {
    return std::nullopt;
  }
  std::string_view rest = std::string_view(content).substr(name_end + 2);
  ProcessStat result;
  result.state = rest.front();
  constexpr int kStateField = 3;
  constexpr int kStartField = 22;
  for (int field = kStateField; field < kStartField; ++field) {
    const std::size_t blank = rest.find(' ');
    if (blank == std::string_view::npos) {
      return std::nullopt;
    }
    rest.remove_prefix(blank + 1);
  }
  const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), result.start_time);
  return parsed.ec == std::errc() ? std::optional(result) : std::nullopt;
}

ProcessIdentity read_this_process() {
  ProcessIdentity result;
  utsname names{};
  if (::uname(&names) == 0) {
    result.host = names.nodename;
  }
  result.boot_id = read_small_file("/proc/sys/kernel/random/boot_id");
  while (result.boot_id.ends_with('\n')) {
    result.boot_id.pop_back();
  }
  struct stat info{};
  if (::stat("/proc/self/ns/pid", &info) == 0) {
    result.pid_namespace = info.st_ino;
  }
  result.pid = ::getpid();
  if (const auto stat = read_process_stat(result.pid)) {
    result.start_time = stat->start_time;
  }
  return result;
}

}  // namespace

std::string ProcessIdentity::to_display() const { return fmt::format("{}:{}", host, pid); }

const ProcessIdentity& this_process() {
  // One copy per thread: a lock could be held by a thread that a fork did not copy.
  thread_local ProcessIdentity identity;
  thread_local std::uint64_t read_at = std::numeric_limits<std::uint64_t>::max();
  if (read_at != fork_generation()) {
    read_at = fork_generation();
    identity = read_this_process();
  }
  return identity;
}

Liveness liveness_of(const ProcessIdentity& process) {
  const ProcessIdentity& self = this_process();
  const bool comparable =
      !self.boot_id.empty() && self.boot_id == process.boot_id && self.pid_namespace == process.pid_namespace;
  if (!comparable || process.pid <= 0) {
    return Liveness::kUnknown;
  }
  if (process.pid == self.pid) {
    return process.start_time == self.start_time ? Liveness::kAlive : Liveness::kDead;
  }
  if (const auto stat = read_process_stat(process.pid)) {
    const bool has_ended = stat->state == 'Z' || stat->state == 'X';
    return has_ended || stat->start_time != process.start_time ? Liveness::kDead : Liveness::kAlive;
  }
  // A mount option can hide the processes of other users from /proc, but not from kill(2).
  const bool is_gone = ::kill(static_cast<pid_t>(process.pid), 0) != 0 && errno == ESRCH;
  return is_gone ? Liveness::kDead : Liveness::kUnknown;
}

std::uint64_t fork_generation() { return generation.load(std::memory_order_relaxed); }

std::uint64_t this_thread_number() {
  thread_local const std::uint64_t kNumber = ++last_thread_number;
  return kNumber;
}

std::string encode_process_identity(const ProcessIdentity& process) {
  ByteWriter writer;
  writer.add_string(process.host);
  writer.add_string(process.boot_id);
  writer.add_varint(process.pid_namespace);
  writer.add_signed(process.pid);
  writer.add_varint(process.start_time);
  return writer.take();
}

Result<ProcessIdentity> decode_process_identity(std::string_view bytes) {
  ByteReader reader(bytes);
  ProcessIdentity process;
  process.host = reader.read_string();
  process.boot_id = reader.read_string();
  process.pid_namespace = reader.read_varint();
  process.pid = reader.read_signed();
  process.start_time = reader.read_varint();
  if (!reader.is_finished()) {
    return fail(ErrorCode::kCorrupt, fmt::format("{} bytes are no process identity", bytes.size()));
  }
  return process;
}

}  // namespace repomap
