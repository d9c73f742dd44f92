// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace repomap {

/// Finds the messages, one a line, in a stream of bytes that arrive in any pieces. What may come from anyone is
/// bounded: it holds at most one message of the largest size, and what was last added. Used by one thread.
class MessageFraming {
 public:
  /// A message has at most `limit_bytes`, its newline not counted.
  explicit MessageFraming(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  enum class Kind : std::uint8_t {
    kMessage,
    kTooLong,  ///< a message above the limit, told once and skipped up to its end; what follows it is read
  };

  struct Frame {
    Kind kind = Kind::kMessage;
    std::string text;  ///< without its newline; "" of one that is too long
  };

  void add(std::string_view bytes);

  /// The next frame, or nothing before more bytes are added. Lines of white space alone are passed over.
  std::optional<Frame> next();

 private:
  std::optional<Frame> next_line();
  void drop_read();

  const std::size_t limit_bytes_;
  std::string buffer_;
  std::size_t begin_ = 0;    // of what has not been given
  std::size_t scanned_ = 0;  // no newline in [begin_, scanned_)
  bool is_skipping_ = false;
};

}  // namespace repomap
