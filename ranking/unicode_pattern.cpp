// SPDX-License-Identifier: Apache-2.0
#include "ranking/unicode_pattern.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace repomap {
namespace {

struct CodeDeleter {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct MatchDeleter {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
using Code = std::unique_ptr<pcre2_code, CodeDeleter>;
using MatchData = std::unique_ptr<pcre2_match_data, MatchDeleter>;

Code compile(std::string_view pattern, std::uint32_t options) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), PCRE2_UTF | PCRE2_UCP | options,
                          &error, &offset, nullptr));
  assert(code != nullptr);
  return code;
}

char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

struct UnicodePattern::Compiled {
  Code code;
};

UnicodePattern::UnicodePattern(std::string_view pattern)
    : compiled_(std::make_unique<Compiled>(Compiled{compile(pattern, PCRE2_MATCH_INVALID_UTF)})) {}
UnicodePattern::~UnicodePattern() = default;
UnicodePattern::UnicodePattern(UnicodePattern&& other) noexcept = default;
UnicodePattern& UnicodePattern::operator=(UnicodePattern&& other) noexcept = default;

bool UnicodePattern::found_in(std::string_view text) const {
  const MatchData data(pcre2_match_data_create(1, nullptr));
  return pcre2_match(compiled_->code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0, data.get(),
                     nullptr) >= 0;
}

std::vector<std::string_view> UnicodePattern::all_in(std::string_view text) const {
  std::vector<std::string_view> matches;
  const MatchData data(pcre2_match_data_create(1, nullptr));
  std::size_t position = 0;
  while (pcre2_match(compiled_->code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), position,
                     PCRE2_NOTEMPTY, data.get(), nullptr) >= 0) {
    const PCRE2_SIZE* span = pcre2_get_ovector_pointer(data.get());
    matches.push_back(text.substr(span[0], span[1] - span[0]));
    position = span[1];
  }
  return matches;
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), ascii_lower);
  if (code_points(text) == text.size()) {
    return lower;
  }
  static constexpr std::string_view kReplacement = "\\L$0";
  const Code everything = compile("(?s).+", 0);
  std::string mapped(2 * text.size() + 1, '\0');
  PCRE2_SIZE length = mapped.size();
  const int result =
      pcre2_substitute(everything.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0,
                       PCRE2_SUBSTITUTE_EXTENDED, nullptr, nullptr, reinterpret_cast<PCRE2_SPTR>(kReplacement.data()),
                       kReplacement.size(), reinterpret_cast<PCRE2_UCHAR*>(mapped.data()), &length);
  if (result < 0) {
    return lower;
  }
  mapped.resize(length);
  return mapped;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

}  // namespace repomap
