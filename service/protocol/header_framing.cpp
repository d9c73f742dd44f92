// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/header_framing.hpp"

#include <algorithm>
#include <charconv>

namespace repomap {
namespace {

constexpr std::size_t kMaxHeaderBytes = 4096;
constexpr std::string_view kHeaderEnd = "\r\n\r\n";
constexpr std::string_view kLengthName = "content-length";

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

bool is_same_name(std::string_view name, std::string_view lower_name) {
  return std::ranges::equal(name, lower_name, {}, [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
}

/// The length that a header tells, or nothing.
std::optional<std::size_t> length_of(std::string_view header) {
  std::optional<std::size_t> length;
  while (!header.empty()) {
    const auto end = std::min(header.find("\r\n"), header.size());
    const std::string_view field = header.substr(0, end);
    header.remove_prefix(std::min(end + 2, header.size()));
    const auto colon = field.find(':');
    if (colon == std::string_view::npos) {
      return std::nullopt;
    }
    if (!is_same_name(field.substr(0, colon), kLengthName)) {
      continue;
    }
    const std::string_view digits = trimmed(field.substr(colon + 1));
    std::size_t value = 0;
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || rest != digits.data() + digits.size()) {
      return std::nullopt;
    }
    length = value;
  }
  return length;
}

}  // namespace

void HeaderFraming::add(std::string_view bytes) {
  const std::size_t skipped = std::min(to_skip_, bytes.size());
  to_skip_ -= skipped;
  buffer_.append(bytes.substr(skipped));
}

/// Whether there was a whole header.
Result<bool> HeaderFraming::read_header() {
  const auto end = buffer_.find(kHeaderEnd);
  if (end == std::string::npos ? buffer_.size() > kMaxHeaderBytes : end > kMaxHeaderBytes) {
    return fail(ErrorCode::kInvalidArgument,
                "a header without an end; the protocol is that of the base protocol of LSP");
  }
  if (end == std::string::npos) {
    return false;
  }
  length_ = length_of(std::string_view(buffer_).substr(0, end));
  if (!length_) {
    return fail(ErrorCode::kInvalidArgument, "a header without a Content-Length");
  }
  buffer_.erase(0, end + kHeaderEnd.size());
  return true;
}

Result<std::optional<HeaderFraming::Frame>> HeaderFraming::next() {
  if (!length_) {
    REPOMAP_ASSIGN(const bool is_read, read_header());
    if (!is_read) {
      return std::nullopt;
    }
  }
  Frame frame;
  if (*length_ > limit_bytes_) {
    const std::size_t there = std::min(buffer_.size(), *length_);
    to_skip_ = *length_ - there;
    buffer_.erase(0, there);
    frame.kind = Kind::kTooLong;
  } else if (buffer_.size() < *length_) {
    return std::nullopt;
  } else {
    frame.text = buffer_.substr(0, *length_);
    buffer_.erase(0, *length_);
  }
  length_.reset();
  return frame;
}

}  // namespace repomap
