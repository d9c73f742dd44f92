// SPDX-License-Identifier: Apache-2.0
#include "cli/json_text.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <iterator>

#include "core/base/utf8.hpp"

namespace repomap::cli {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

constexpr bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

constexpr std::array<bool, 256> kIsPlain = [] {
  std::array<bool, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    table[byte] = is_plain(static_cast<char>(byte));
  }
  return table;
}();

bool is_plain_byte(char c) { return kIsPlain[static_cast<unsigned char>(c)]; }

bool is_between(char c, unsigned first, unsigned last) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= first && byte <= last;
}

/// Whether `second` may follow `first` in a sequence of three or four bytes (Unicode 15, table 3-7).
bool may_follow(char first, char second) {
  switch (static_cast<unsigned char>(first)) {
    case 0xe0: return is_between(second, 0xa0, 0xbf);
    case 0xed: return is_between(second, 0x80, 0x9f);
    case 0xf0: return is_between(second, 0x90, 0xbf);
    case 0xf4: return is_between(second, 0x80, 0x8f);
    default: return is_between(first, 0xe1, 0xf3) && is_between(second, 0x80, 0xbf);
  }
}

/// The length of the beginning of a sequence at the start of `text`, which holds no whole one there. At least 1.
std::size_t broken_length(std::string_view text) {
  if (text.size() < 2 || !may_follow(text[0], text[1])) {
    return 1;
  }
  const bool has_third = text.size() > 2 && is_between(text[0], 0xf0, 0xf4) && is_between(text[2], 0x80, 0xbf);
  return has_third ? 3 : 2;
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\b': out += "\\b"; break;
    case '\f': out += "\\f"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
  }
}

/// Appends what is at the start of `text`, which is not plain, and gives its length.
std::size_t append_special(std::string& out, std::string_view text) {
  if (static_cast<unsigned char>(text[0]) < 0x80) {
    append_escaped(out, text[0]);
    return 1;
  }
  if (const std::size_t length = utf8_sequence_length(text); length != 0) {
    out += text.substr(0, length);
    return length;
  }
  out += kReplacement;
  return broken_length(text);
}

void append_number(std::string& out, std::string_view key, std::uint32_t number) {
  out += key;
  const fmt::format_int digits(number);
  out.append(digits.data(), digits.size());
}

void append_text(std::string& out, std::string_view key, std::string_view text) {
  out += key;
  append_json_string(out, text);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && is_plain_byte(text[plain])) {
      ++plain;
    }
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (!text.empty()) {
      text.remove_prefix(append_special(out, text));
    }
  }
  out += '"';
}

TagLineWriter::TagLineWriter(std::string_view path, const FileTags& tags) : tags_(tags) {
  append_text(beginning_, "{\"path\":", path);
  beginning_ += ",\"name\":";
  append_text(end_, ",\"lang\":", tags.language);
  end_ += "}\n";
}

void TagLineWriter::append(std::string& out, const Tag& tag) const {
  append_text(out, beginning_, tags_.name(tag));
  append_text(out, ",\"role\":", role_name(tag.role));
  append_text(out, ",\"kind\":", kind_name(tag.kind));
  append_number(out, ",\"line\":", tag.line + 1);
  append_number(out, ",\"column\":", tag.column + 1);
  append_number(out, ",\"end_line\":", tag.end_line + 1);
  append_text(out, ",\"scope\":", tags_.scope(tag));
  append_text(out, ",\"signature\":", tags_.signature(tag));
  out += end_;
}

}  // namespace repomap::cli
