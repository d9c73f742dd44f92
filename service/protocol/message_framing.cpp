// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/message_framing.hpp"

namespace repomap {
namespace {

constexpr std::size_t kKeptCapacity = std::size_t{256} * 1024;

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r") == std::string_view::npos; }

}  // namespace

void MessageFraming::add(std::string_view bytes) { buffer_.append(bytes); }

std::optional<MessageFraming::Frame> MessageFraming::next() {
  while (std::optional<Frame> frame = next_line()) {
    if (frame->kind == Kind::kTooLong || !is_blank(frame->text)) {
      return frame;
    }
  }
  drop_read();
  return std::nullopt;
}

std::optional<MessageFraming::Frame> MessageFraming::next_line() {
  while (true) {
    const std::size_t end = buffer_.find('\n', scanned_);
    const bool is_whole = end != std::string::npos;
    const std::size_t stop = is_whole ? end : buffer_.size();
    const std::size_t begin = begin_;
    const bool is_too_long = stop - begin > limit_bytes_;
    const bool was_skipping = is_skipping_;
    scanned_ = is_whole ? end + 1 : stop;
    if (is_whole || is_too_long || was_skipping) {
      begin_ = scanned_;
      is_skipping_ = !is_whole;
    }
    if (is_too_long && !was_skipping) {
      return Frame{.kind = Kind::kTooLong, .text = {}};
    }
    if (!is_whole) {
      return std::nullopt;
    }
    if (!was_skipping) {
      return Frame{.kind = Kind::kMessage, .text = buffer_.substr(begin, stop - begin)};
    }
  }
}

/// Keeps the buffer as small as what it still has to hold.
void MessageFraming::drop_read() {
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  if (buffer_.empty() && buffer_.capacity() > kKeptCapacity) {
    buffer_.shrink_to_fit();
  }
}

}  // namespace repomap
