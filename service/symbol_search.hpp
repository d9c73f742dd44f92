// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/symbol_kind.hpp"

namespace repomap {

enum class NameMatch : std::uint8_t {
  kExact,    ///< the whole name; "Scope.name" or "Scope::name" also asks for the last names of the scope
  kPattern,  ///< anywhere in the name; '*' and '?' match as in a shell, and then the whole name
};

/// What symbols to look up.
struct SymbolQuery {
  std::string pattern;
  NameMatch match = NameMatch::kPattern;
  Role role = Role::kDefinition;
  std::optional<SymbolKind> kind;
  std::string language;  ///< "" for all
};

/// One found occurrence. Lines and columns are 0-based, columns count bytes.
struct SymbolHit {
  std::string path;
  std::string name;
  std::string scope;
  std::string signature;  ///< the source line, trimmed
  std::string language;
  Role role = Role::kDefinition;
  SymbolKind kind = SymbolKind::kSymbol;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
};

/// How well names match a query; made once for many names. Immutable, so thread-safe.
class NameMatcher {
 public:
  /// A pattern without upper-case letters matches in any case.
  NameMatcher(std::string_view pattern, NameMatch match);

  /// 0 for the best match: equal, equal but for case, beginning, beginning of a word, anywhere. Nothing for none.
  std::optional<int> match(std::string_view name, std::string_view scope) const;

 private:
  std::optional<int> match_pattern(std::string_view name) const;

  bool match_exactly(std::string_view name, std::string_view scope) const;

  NameMatch match_;
  bool ignores_case_ = false;
  bool is_glob_ = false;
  std::string pattern_;
  std::string last_name_;  // of pattern_, if it has a scope
  std::string scope_;      // of pattern_, with '.' between its names
};

}  // namespace repomap
