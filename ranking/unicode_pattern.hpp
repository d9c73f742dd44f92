// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace repomap {

/// A compiled regular expression over UTF-8 with Unicode properties (PCRE2, UTF and UCP modes). Bytes that are not
/// UTF-8 never match. Owns the compiled pattern; immutable, so any thread may match with it at any time.
class UnicodePattern {
 public:
  /// REQUIRES: `pattern` is a valid expression; it comes from our own source, never from a user.
  explicit UnicodePattern(std::string_view pattern);
  ~UnicodePattern();
  UnicodePattern(UnicodePattern&& other) noexcept;
  UnicodePattern& operator=(UnicodePattern&& other) noexcept;

  bool found_in(std::string_view text) const;

  /// The matches from left to right, as views into `text`. Empty matches are left out.
  std::vector<std::string_view> all_in(std::string_view text) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

/// `text` in lower case, by Unicode's simple case mapping; text that is not UTF-8 has its ASCII letters mapped only.
std::string to_lower(std::string_view text);

/// The number of code points: bytes that do not continue a UTF-8 sequence.
std::size_t code_points(std::string_view text);

}  // namespace repomap
