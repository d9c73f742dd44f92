// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/symbol_kind.hpp"

namespace repomap {

enum class NameMatch : std::uint8_t {
  kExact,    ///< the whole name; "Scope.name" or "Scope::name" also asks for the last names of the scope
  kPattern,  ///< anywhere in the name; '*' and '?' match as in a shell, and then the whole name
  kFuzzy,    ///< as kPattern, or else its letters in their order with others between, in any case; "" matches all
};

/// What symbols to look up.
struct SymbolQuery {
  std::string pattern;
  NameMatch match = NameMatch::kPattern;
  Role role = Role::kDefinition;
  std::optional<SymbolKind> kind;
  std::string language;                   ///< "" for all
  std::string from = {};                  ///< the file that asks: near symbols come before far ones; "" for none
  std::size_t limit = 0;                  ///< give at most so many hits; 0: all
  std::vector<std::string> without = {};  ///< files whose hits are left out
};

/// How near a symbol is to the file that asks for it, as far as syntax tells.
enum class Nearness : std::uint8_t {
  kSameFile,
  kImported,      ///< in a file, package or module that the file names in its imports, or in its own package
  kImportedName,  ///< its name is imported, from a file that the imports do not tell
  kElsewhere,     ///< or nobody asks from a file
};

/// "same_file", "imported", "imported_name", "elsewhere".
std::string_view nearness_name(Nearness nearness);
std::optional<Nearness> nearness_from_name(std::string_view name);

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
  Nearness nearness = Nearness::kElsewhere;
  double rank = 0;  ///< of its file in the graph of references, where SymbolQuery::from is set
};

/// How well names match a query; made once for many names. Immutable, so thread-safe.
class NameMatcher {
 public:
  /// A pattern without upper-case letters matches in any case.
  NameMatcher(std::string_view pattern, NameMatch match);

  /// 0 for the best match: equal, equal but for case, beginning, beginning of a word, anywhere; from 5 on its letters
  /// in their order, the fewer others the better. Nothing for none.
  std::optional<int> match(std::string_view name, std::string_view scope) const;

  /// Whether the name may match in some scope.
  bool may_match(std::string_view name) const;

 private:
  std::optional<int> match_pattern(std::string_view name) const;

  bool match_exactly(std::string_view name, std::string_view scope) const;

  NameMatch match_;
  bool ignores_case_ = false;
  bool is_glob_ = false;
  std::string pattern_;
  std::string folded_;     // pattern_, in lower case where case is ignored
  std::string last_name_;  // of pattern_, if it has a scope
  std::string scope_;      // of pattern_, with '.' between its names
};

}  // namespace repomap
