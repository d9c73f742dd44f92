// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace repomap {

/// A Perl-compatible regular expression (PCRE2) over UTF-8; bytes that are not UTF-8 match nothing. Immutable, so
/// thread-safe.
class RegularExpression {
 public:
  enum class Characters : std::uint8_t {
    kUtf8,
    kBytes,  ///< for long texts with many matches, where checking the encoding for each match would be quadratic
  };

  /// Errors: kInvalidArgument with the position of the mistake.
  static Result<RegularExpression> compile(std::string_view pattern, Characters characters = Characters::kUtf8);

  /// Whether the expression matches anywhere in `text`. A match that exceeds PCRE2's limits counts as none.
  bool matches(std::string_view text) const;

  /// `text` without the first match.
  std::string remove_from(std::string_view text) const;

  /// `text` with blanks in the place of all matches, except line ends, so that every other byte stays where it was;
  /// nothing if there is no match.
  std::optional<std::string> blank_out(std::string_view text) const;

 private:
  struct Code;
  explicit RegularExpression(std::shared_ptr<const Code> code) : code_(std::move(code)) {}

  std::shared_ptr<const Code> code_;
};

}  // namespace repomap
