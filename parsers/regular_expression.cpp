// SPDX-License-Identifier: Apache-2.0
#include "parsers/regular_expression.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace repomap {
namespace {

struct MatchDataDeleter {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
using MatchData = std::unique_ptr<pcre2_match_data, MatchDataDeleter>;

struct CodeDeleter {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};

}  // namespace

struct RegularExpression::Code {
  std::unique_ptr<pcre2_code, CodeDeleter> compiled;

  /// Begin and end of the first match at or behind `from`.
  std::optional<std::pair<std::size_t, std::size_t>> find(std::string_view text, std::size_t from = 0) const {
    const MatchData data(pcre2_match_data_create(1, nullptr));
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    if (pcre2_match(compiled.get(), subject, text.size(), from, 0, data.get(), nullptr) < 0) {
      return std::nullopt;
    }
    const std::size_t* bounds = pcre2_get_ovector_pointer(data.get());
    return std::pair(bounds[0], bounds[1]);
  }
};

Result<RegularExpression> RegularExpression::compile(std::string_view pattern, Characters characters) {
  int error = 0;
  std::size_t offset = 0;
  auto code = std::make_shared<Code>();
  // Not PCRE2_UCP: \d, \w and \s stay ASCII and fast, \p{…} knows all letters.
  const std::uint32_t options = characters == Characters::kUtf8 ? PCRE2_UTF | PCRE2_MATCH_INVALID_UTF : 0;
  code->compiled.reset(
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options, &error, &offset, nullptr));
  if (!code->compiled) {
    std::array<PCRE2_UCHAR, 256> message{};
    pcre2_get_error_message(error, message.data(), message.size());
    return fail(ErrorCode::kInvalidArgument, fmt::format("regular expression \"{}\", at {}: {}", pattern, offset,
                                                         reinterpret_cast<const char*>(message.data())));
  }
  // Without the just-in-time compiler matching is slower and still right, so its status does not matter.
  pcre2_jit_compile(code->compiled.get(), PCRE2_JIT_COMPLETE);
  return RegularExpression(std::move(code));
}

bool RegularExpression::matches(std::string_view text) const { return code_->find(text).has_value(); }

std::string RegularExpression::remove_from(std::string_view text) const {
  std::string rest(text);
  if (const auto found = code_->find(text)) {
    rest.erase(found->first, found->second - found->first);
  }
  return rest;
}

std::optional<std::string> RegularExpression::blank_out(std::string_view text) const {
  auto found = code_->find(text);
  if (!found) {
    return std::nullopt;
  }
  std::string rest(text);
  while (found) {
    const auto [begin, end] = *found;
    std::replace_if(
        rest.begin() + static_cast<std::ptrdiff_t>(begin), rest.begin() + static_cast<std::ptrdiff_t>(end),
        [](char c) { return c != '\n' && c != '\r'; }, ' ');
    const std::size_t next = std::max(end, begin + 1);
    found = next < text.size() ? code_->find(text, next) : std::nullopt;
  }
  return rest;
}

}  // namespace repomap
