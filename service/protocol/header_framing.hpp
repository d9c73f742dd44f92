// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace repomap {

/// Finds the messages in a stream of bytes that arrive in any pieces, each behind a header that tells its length (LSP
/// 3.18, Base Protocol). Holds at most one message of the largest size, and what was last added. Used by one thread.
class HeaderFraming {
 public:
  /// A message has at most `limit_bytes`, its header not counted.
  explicit HeaderFraming(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  enum class Kind : std::uint8_t {
    kMessage,
    kTooLong,  ///< a message above the limit, told once and passed over
  };

  struct Frame {
    Kind kind = Kind::kMessage;
    std::string text;
  };

  void add(std::string_view bytes);

  /// The next frame, or nothing before more bytes are added.
  /// Errors: kInvalidArgument for what is no header; where the next message begins, nobody can tell then.
  Result<std::optional<Frame>> next();

 private:
  Result<bool> read_header();

  const std::size_t limit_bytes_;
  std::string buffer_;
  std::optional<std::size_t> length_;  // of the message, once its header has been read
  std::size_t to_skip_ = 0;            // of a message above the limit
};

}  // namespace repomap
