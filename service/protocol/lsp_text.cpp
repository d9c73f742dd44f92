// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_text.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "core/base/utf8.hpp"

namespace repomap {
namespace {

constexpr std::size_t kMarkDistance = 1024;  // bytes

constexpr std::array<std::pair<PositionEncoding, std::string_view>, 3> kEncodings{{
    {PositionEncoding::kUtf8, "utf-8"},
    {PositionEncoding::kUtf16, "utf-16"},
    {PositionEncoding::kUtf32, "utf-32"},
}};

/// The element of a rising list that is the last not above `value`. REQUIRES: the first is not above it.
std::size_t last_not_above(const std::vector<std::size_t>& rising, std::size_t value) {
  return static_cast<std::size_t>(std::ranges::upper_bound(rising, value) - rising.begin()) - 1;
}

bool is_ascii(std::string_view text) {
  return std::ranges::none_of(text, [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; });
}

}  // namespace

std::string_view position_encoding_name(PositionEncoding encoding) {
  return std::ranges::find(kEncodings, encoding, &decltype(kEncodings)::value_type::first)->second;
}

std::optional<PositionEncoding> position_encoding_from_name(std::string_view name) {
  const auto found = std::ranges::find(kEncodings, name, &decltype(kEncodings)::value_type::second);
  return found == kEncodings.end() ? std::nullopt : std::optional(found->first);
}

LspText::LspText(std::string bytes, PositionEncoding encoding)
    : bytes_(std::move(bytes)), encoding_(encoding), lines_{0} {
  bool has_lone_return = false;
  for (std::size_t at = bytes_.find_first_of("\r\n"); at != std::string::npos; at = bytes_.find_first_of("\r\n", at)) {
    const bool is_return = bytes_[at] == '\r';
    at += is_return && bytes_.compare(at + 1, 1, "\n") == 0 ? 2 : 1;
    has_lone_return = has_lone_return || (is_return && bytes_[at - 1] == '\r');
    lines_.push_back(at);
  }
  if (has_lone_return) {
    tag_lines_.push_back(0);
    std::ranges::copy_if(lines_, std::back_inserter(tag_lines_),
                         [&](std::size_t begin) { return begin > 0 && bytes_[begin - 1] == '\n'; });
  }
  if (encoding_ == PositionEncoding::kUtf8 || is_ascii(bytes_)) {
    return;
  }
  for (Mark mark{}; mark.byte < bytes_.size(); mark = step(mark)) {
    if (mark.byte >= marks_.size() * kMarkDistance) {
      marks_.push_back(mark);
    }
  }
}

LspText::Mark LspText::step(Mark mark) const {
  const std::size_t length = std::max<std::size_t>(1, utf8_sequence_length(std::string_view(bytes_).substr(mark.byte)));
  const std::size_t units = encoding_ == PositionEncoding::kUtf8                  ? length
                            : encoding_ == PositionEncoding::kUtf16 && length > 3 ? 2
                                                                                  : 1;
  return {mark.byte + length, mark.units + units};
}

std::size_t LspText::line_end(std::size_t line) const {
  std::size_t end = line + 1 < lines_.size() ? lines_[line + 1] : bytes_.size();
  if (end > lines_[line] && line + 1 < lines_.size()) {
    --end;
    end -= end > lines_[line] && bytes_[end] == '\n' && bytes_[end - 1] == '\r' ? 1 : 0;
  }
  return end;
}

std::size_t LspText::units_before(std::size_t byte) const {
  if (marks_.empty()) {
    return byte;
  }
  auto mark = *std::prev(std::ranges::upper_bound(marks_, byte, {}, &Mark::byte));
  while (mark.byte < byte) {
    mark = step(mark);
  }
  return mark.units;
}

std::size_t LspText::character_begin(std::size_t byte, std::size_t line_begin) const {
  constexpr std::size_t kLongestCharacter = 4;
  for (std::size_t back = 1; back < kLongestCharacter && back <= byte - line_begin; ++back) {
    if (utf8_sequence_length(std::string_view(bytes_).substr(byte - back)) > back) {
      return byte - back;
    }
  }
  return byte;
}

std::size_t LspText::byte_at(LspPosition position) const {
  if (position.line >= lines_.size()) {
    return bytes_.size();
  }
  const std::size_t begin = lines_[position.line];
  const std::size_t end = line_end(position.line);
  const std::size_t wanted = units_before(begin) + position.character;
  if (marks_.empty()) {
    return character_begin(std::min(wanted, end), begin);
  }
  auto mark = *std::prev(std::ranges::upper_bound(marks_, wanted, {}, &Mark::units));
  if (mark.byte < begin) {
    mark = {begin, units_before(begin)};
  }
  for (Mark next = step(mark); mark.byte < end && next.units <= wanted; next = step(mark)) {
    mark = next;
  }
  return std::min(mark.byte, end);
}

LspPosition LspText::position_of(std::size_t byte) const {
  const std::size_t line = last_not_above(lines_, std::min(byte, bytes_.size()));
  const std::size_t at = character_begin(std::min(byte, line_end(line)), lines_[line]);
  return {static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(units_before(at) - units_before(lines_[line]))};
}

std::size_t LspText::tag_line_begin(std::uint32_t line) const {
  const auto& lines = tag_lines_.empty() ? lines_ : tag_lines_;
  return line < lines.size() ? lines[line] : bytes_.size();
}

std::size_t LspText::tag_line_end(std::uint32_t line) const {
  const std::size_t begin = tag_line_begin(line);
  std::size_t end = std::min(bytes_.find('\n', begin), bytes_.size());
  if (end > begin && end < bytes_.size() && bytes_[end - 1] == '\r') {
    --end;
  }
  return end;
}

std::optional<std::size_t> LspText::byte_of_tag(std::uint32_t line, std::uint32_t column) const {
  const auto& lines = tag_lines_.empty() ? lines_ : tag_lines_;
  const std::size_t begin = tag_line_begin(line);
  if (line >= lines.size() || column > tag_line_end(line) - begin) {
    return std::nullopt;
  }
  return begin + column;
}

LspText LspText::with(std::size_t begin, std::size_t end, std::string_view replacement) const {
  std::string bytes;
  bytes.reserve(bytes_.size() - (end - begin) + replacement.size());
  bytes.append(bytes_, 0, begin).append(replacement).append(bytes_, end);
  return {std::move(bytes), encoding_};
}

}  // namespace repomap
