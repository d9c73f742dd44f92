// SPDX-License-Identifier: Apache-2.0
#include "service/file_admission.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/result.hpp"

namespace repomap {
namespace {

constexpr std::size_t kBinaryProbeBytes = 8000;
constexpr std::size_t kMinifiedMinBytes = 32U << 10U;
constexpr std::size_t kMinifiedMeanLineBytes = 400;
constexpr std::size_t kLongLineBytes = 8U << 10U;
constexpr std::size_t kGeneratedMinBytes = 512U << 10U;
constexpr std::size_t kGeneratedProbeBytes = 4U << 10U;

/// How many bytes of the text are in lines of at least `bytes` bytes.
std::size_t bytes_in_lines_of(std::string_view text, std::size_t bytes) {
  std::size_t sum = 0;
  while (text.size() >= bytes) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    sum += length >= bytes ? length : 0;
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return sum;
}

bool is_minified(std::string_view text) {
  if (text.size() < kMinifiedMinBytes) {
    return false;
  }
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  return text.size() / lines >= kMinifiedMeanLineBytes || bytes_in_lines_of(text, kLongLineBytes) > text.size() / 2;
}

bool says_it_is_generated(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kMarks = {"@generated", "DO NOT EDIT", "Do not edit", "do not edit"};
  const std::string_view head = text.substr(0, kGeneratedProbeBytes);
  return std::ranges::any_of(kMarks, [head](std::string_view mark) { return head.contains(mark); });
}

std::string size_text(std::size_t bytes) {
  return bytes < (1U << 20U) ? fmt::format("{:.1f} KB", static_cast<double>(bytes) / 1024)
                             : fmt::format("{:.1f} MB", static_cast<double>(bytes) / (1U << 20U));
}

}  // namespace

std::optional<SkippedFile> refuse_content(const std::string& path, std::string_view text) {
  if (text.substr(0, kBinaryProbeBytes).contains('\0')) {
    return SkippedFile{path, SkipReason::kBinary, "NUL bytes"};
  }
  if (is_minified(text)) {
    return SkippedFile{path, SkipReason::kMinified, fmt::format("{} in very long lines", size_text(text.size()))};
  }
  if (text.size() > kGeneratedMinBytes && says_it_is_generated(text)) {
    return SkippedFile{path, SkipReason::kGenerated, fmt::format("{}, generated", size_text(text.size()))};
  }
  return std::nullopt;
}

SkippedFile refuse_unread(const std::string& path, const Error& error) {
  switch (error.code) {
    case ErrorCode::kLimitExceeded: return {path, SkipReason::kTooLarge, error.message};
    case ErrorCode::kUnsupported: return {path, SkipReason::kNotRegular, error.message};
    case ErrorCode::kNotFound: return {path, SkipReason::kVanished, error.message};
    default: return {path, SkipReason::kUnreadable, error.message};
  }
}

}  // namespace repomap
