// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "parsers/language_registry.hpp"
#include "parsers/pattern_matcher.hpp"

namespace repomap {

/// The library's own query of a language beside our matcher of the same text.
class MatchOracle {
 public:
  static Result<MatchOracle> open(const LanguageRegistry& registry, const std::string& language,
                                  const QuerySource& source);

  /// One line for each match that only one of the two gives: "<" the library, ">" ours.
  Result<std::vector<std::string>> differences(std::string_view text) const;

  std::size_t fallback_count() const { return matcher_->fallback_count(); }

  /// Of all texts together.
  std::size_t match_count() const { return match_count_; }

 private:
  MatchOracle() = default;

  const Language* language_ = nullptr;
  ParsedQuery parsed_;
  QueryHandle query_;
  std::unique_ptr<PatternMatcher> matcher_;
  mutable std::size_t match_count_ = 0;
};

}  // namespace repomap
