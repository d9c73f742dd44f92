// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tree_sitter/api.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/base/result.hpp"
#include "parsers/query_source.hpp"

namespace repomap {

/// One term of a pattern: a node, an alternation `[…]` or a group `(… …)`. What qualifies it stands behind or before
/// it.
struct QueryTerm {
  enum class Kind : std::uint8_t { kNode, kAlternation, kGroup };

  Kind kind = Kind::kNode;
  // Of a node. Symbol 0 stands for any: `_`, or with takes_named_only `(_)`.
  TSSymbol symbol = 0;
  bool takes_named_only = false;
  bool is_missing = false;
  bool is_supertype = false;             ///< names a class of nodes, which no node has as its symbol
  std::vector<TSFieldId> absent_fields;  ///< `!field`

  TSFieldId field = 0;
  bool is_immediate = false;      ///< `.` before it
  bool is_last = false;           ///< `.` behind it, and then the end of the parent
  bool is_repeatable = false;     ///< ? * +
  bool has_loose_anchor = false;  ///< a `.` behind a predicate, whose meaning is the library's own
  std::vector<std::uint16_t> captures;
  std::vector<QueryTerm> terms;  ///< children, branches, or members of the group
};

struct QueryPredicate {
  struct CaptureId {
    std::uint32_t id = 0;
  };

  std::string name;        ///< without the #
  std::size_t offset = 0;  ///< of the name in the query's text
  std::vector<std::variant<CaptureId, std::string>> arguments;
};

struct QueryPattern {
  QueryTerm term;
  std::vector<QueryPredicate> predicates;
  std::size_t begin = 0;  ///< in the query's text
  std::size_t end = 0;
};

struct ParsedQuery {
  struct CaptureName {
    std::string name;
    std::size_t offset = 0;  ///< of its first @
  };

  std::vector<CaptureName> captures;  ///< by id
  std::vector<QueryPattern> patterns;
};

/// Reads the text of a tree-sitter query, whose language the library's documentation of queries defines. Does not
/// examine whether the grammar allows what a pattern asks for, which is what makes ts_query_new slow.
/// Errors: kInvalidArgument with the place and what is wrong there: syntax, or an unknown node, field or capture.
Result<ParsedQuery> parse_query(const TSLanguage* language, const QuerySource& source);

}  // namespace repomap
