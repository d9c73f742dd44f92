// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tree_sitter/api.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "parsers/query_parser.hpp"

namespace repomap {

/// One node of a path. Its children, if any, follow it; `end` is behind its last descendant.
struct PathNode {
  static constexpr std::size_t kMaxCaptures = 3;  // the library takes no more on one node
  static constexpr std::uint16_t kNone = 0xffff;

  TSSymbol symbol = 0;                  ///< 0 for any, or the first of `symbols`
  std::uint16_t symbols = kNone;        ///< in PatternTable::symbol_sets
  std::uint16_t absent_fields = kNone;  ///< in PatternTable::field_sets
  TSFieldId field = 0;
  std::uint16_t depth = 0;  ///< 0 at the path's root
  std::uint16_t parent = kNone;
  std::uint16_t end = 0;
  std::array<std::uint16_t, kMaxCaptures> captures{kNone, kNone, kNone};
  bool takes_named_only = false;  ///< if the symbol is any
  bool is_missing = false;
  bool is_immediate = false;       ///< no named node between it and the one matched before it
  bool is_last = false;            ///< no named node behind it
  bool is_bound_by_order = false;  ///< has siblings in the pattern, or an anchor
  bool has_captures = false;       ///< on itself or below
};

/// One way to satisfy a pattern: a tree without alternatives. It is looked for at the node that its pivot names, the
/// deepest captured one: from there up to the root the tree must be as the path says, and then the branches beside.
struct Path {
  std::uint16_t pattern = 0;
  std::uint16_t pivot = 0;              ///< in nodes
  bool needs_placing = false;           ///< has nodes beside the way from the root to the pivot, or anchors on it
  std::vector<PathNode> nodes;          ///< in the order of the pattern's text
  std::vector<std::uint16_t> captured;  ///< the nodes with captures
};

/// The patterns of a query as paths, by the symbols of the pivot and its parent. Immutable.
struct PatternTable {
  /// For a pivot's symbol: the slot in `buckets` for each symbol that its parent may have.
  using Row = std::vector<std::uint16_t>;

  std::vector<Path> paths;
  std::vector<std::vector<TSSymbol>> symbol_sets;
  std::vector<std::vector<TSFieldId>> field_sets;
  std::vector<Row> rows;                            ///< by slot_of(symbol); empty for no path
  std::vector<std::vector<std::uint16_t>> buckets;  ///< paths by pattern; the first is empty
  std::vector<bool> wants_field;                    ///< by slot_of(symbol): some path asks for the field of such a node
  std::uint16_t symbol_count = 0;

  /// ERROR nodes have a symbol far outside of the grammar's.
  std::size_t slot_of(TSSymbol symbol) const { return symbol < symbol_count ? symbol : symbol_count; }

  /// The paths to try at a node, by slots; for the root of a tree the parent's slot is its own.
  std::span<const std::uint16_t> paths_at(std::size_t slot, std::size_t parent_slot) const {
    const Row& row = rows[slot];
    return row.empty() ? std::span<const std::uint16_t>() : buckets[row[parent_slot]];
  }
};

/// How a pattern that is not in the table is to be run.
enum class Fallback : std::uint8_t {
  kLocal,  ///< from each node of its root's symbol
  kWhole,  ///< over the whole tree
};

struct FallbackPattern {
  std::uint16_t pattern = 0;
  Fallback mode = Fallback::kWhole;
  std::vector<TSSymbol> roots;  ///< for kLocal
};

struct CompiledPatterns {
  PatternTable table;
  std::vector<FallbackPattern> fallbacks;
};

/// Turns the patterns into paths. What has no exact equivalent becomes a fallback: siblings without a common parent in
/// the pattern, `?`, `*` and `+`, classes of nodes, a root that stands for any node, and patterns of too many paths.
CompiledPatterns compile_patterns(const TSLanguage* language, const ParsedQuery& query);

}  // namespace repomap
