// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

#include "core/base/mutex.hpp"
#include "core/base/result.hpp"

namespace repomap {

/// The bytes that a client and the server that it has started exchange over two descriptors, as a rule standard input
/// and output. Reading is for one thread, all else for any. Borrows the descriptors, which it leaves open.
class StdioChannel {
 public:
  /// How long a client may take nothing of what is written before it counts as gone.
  static constexpr std::chrono::milliseconds kStall{60'000};
  /// The same once the input has ended, or read() has another reason to end.
  static constexpr std::chrono::milliseconds kEndStall{1'000};

  StdioChannel(int input, int output);
  ~StdioChannel();
  StdioChannel(const StdioChannel&) = delete;
  StdioChannel& operator=(const StdioChannel&) = delete;

  /// Has read() end when this process ends, besides the parent of this one, which is watched from the beginning. A
  /// process that does not exist ends it at once.
  void watch_process(pid_t process);

  /// Waits for bytes, and gives how many it put into `buffer`: 0 at the end of input, once a watched process has ended,
  /// or after stop(). Errors: kIo.
  Result<std::size_t> read(std::span<char> buffer);

  /// Writes all of it, in one piece with respect to other threads. Errors: kUnavailable if nobody reads; then every
  /// later call fails at once.
  Status write(std::string_view bytes) EXCLUDES(mutex_);

  /// Ends read(), at once and for good.
  void stop();

 private:
  int wait_to_write() const;
  Status write_locked(std::string_view bytes) REQUIRES(mutex_);

  // Fixed after construction.
  const int input_;
  const int output_;
  const int parent_;  // a pidfd; -1 where there is none
  const int wake_;    // an eventfd

  std::atomic<int> watched_ = -1;  // a pidfd

  Mutex mutex_;
  bool is_broken_ GUARDED_BY(mutex_) = false;
};

}  // namespace repomap
