// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/result.hpp"

namespace repomap::cli {

/// The results of a command on their way to a file descriptor, through one large buffer. A failed write is kept: what
/// follows is dropped, and finish() tells. Used by one thread.
class OutputStream {
 public:
  explicit OutputStream(int descriptor) : descriptor_(descriptor) {}
  OutputStream(const OutputStream&) = delete;
  OutputStream& operator=(const OutputStream&) = delete;

  template <typename... Values>
  void print(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(buffer_), format, std::forward<Values>(values)...);
    flush_if_large();
  }

  void write(std::string_view text) {
    buffer_ += text;
    flush_if_large();
  }

  /// For writers that build their text in place. Call flush_if_large() after each piece.
  std::string& buffer() { return buffer_; }
  void flush_if_large() {
    if (buffer_.size() >= kBufferBytes) {
      flush();
    }
  }

  /// Writes what is held back, so that it stands before what is written to stderr next.
  void flush();

  /// Writes the rest. Errors: kIo with the reason of the first write that failed.
  Status finish();

 private:
  static constexpr std::size_t kBufferBytes = std::size_t{1} << 20U;

  const int descriptor_;
  int error_number_ = 0;  // of the first write that failed
  std::string buffer_;
};

}  // namespace repomap::cli
