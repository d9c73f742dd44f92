// SPDX-License-Identifier: Apache-2.0
#include "parsers/pattern_compiler.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <tuple>
#include <utility>

namespace repomap {
namespace {

// Ways to satisfy one pattern. The richest built-in pattern has some forty.
constexpr std::size_t kMaxPathsOfPattern = 512;
constexpr std::size_t kMaxPaths = 20'000;
constexpr std::size_t kMaxNodes = 1'000;  // of a path

using Nodes = std::vector<PathNode>;
using Ways = std::vector<Nodes>;

bool has_captures(const Nodes& nodes) {
  return std::ranges::any_of(nodes, [](const PathNode& node) { return node.captures[0] != PathNode::kNone; });
}

void add_capture(PathNode& node, std::uint16_t capture) {
  const auto free = std::ranges::find(node.captures, PathNode::kNone);
  if (free != node.captures.end()) {
    *free = capture;
  }
}

/// Leaves that differ in nothing but their symbol.
bool are_alike(const Nodes& a, const Nodes& b) {
  if (a.size() != 1 || b.size() != 1 || a[0].symbol == 0 || b[0].symbol == 0) {
    return false;
  }
  const auto rest_of = [](const PathNode& node) {
    return std::tuple(node.absent_fields, node.field, node.captures, node.is_missing, node.is_immediate, node.is_last);
  };
  return rest_of(a[0]) == rest_of(b[0]);
}

class PatternExpander {
 public:
  enum class Branches : std::uint8_t { kAll, kFirst };

  explicit PatternExpander(PatternTable& table) : table_(table) {}

  /// Whether an alternation has branches with and without captures. Where a branch with and one without both lead on,
  /// the library drops the unfinished match whose captures are a part of the other's.
  bool is_uneven() const { return is_uneven_; }

  // NOLINTBEGIN(misc-no-recursion): as deep as the terms of the query, whose nesting the parser of queries limits.
  /// All ways to satisfy the term; nothing if it has a part without an exact equivalent.
  std::optional<Ways> expand(const QueryTerm& term, Branches branches = Branches::kAll) {
    std::optional<Ways> ways;
    if (term.is_repeatable || term.is_supertype || term.has_loose_anchor) {
      return std::nullopt;
    }
    switch (term.kind) {
      case QueryTerm::Kind::kNode: ways = expand_node(term); break;
      case QueryTerm::Kind::kAlternation: ways = expand_alternation(term, branches); break;
      case QueryTerm::Kind::kGroup:
        ways = term.terms.size() == 1 ? expand(term.terms.front(), branches) : std::nullopt;
        break;
    }
    if (!ways) {
      return std::nullopt;
    }
    for (Nodes& nodes : *ways) {
      PathNode& first = nodes.front();
      first.field = term.field != 0 ? term.field : first.field;
      first.is_last = first.is_last || term.is_last;
      for (const std::uint16_t capture : term.captures) {
        add_capture(first, capture);
      }
    }
    return ways;
  }

 private:
  std::optional<Ways> expand_node(const QueryTerm& term) {
    PathNode node;
    node.symbol = term.symbol;
    node.takes_named_only = term.takes_named_only;
    node.is_missing = term.is_missing;
    node.is_immediate = term.is_immediate;
    if (!term.absent_fields.empty()) {
      node.absent_fields = static_cast<std::uint16_t>(table_.field_sets.size());
      table_.field_sets.push_back(term.absent_fields);
    }
    Ways ways = {{node}};
    bool follows_any = false;
    for (const QueryTerm& child : term.terms) {
      const auto continuations = expand(child);
      // Behind `_` an anchor also bars nodes without a name.
      if (!continuations || (follows_any && child.is_immediate) ||
          ways.size() * continuations->size() > kMaxPathsOfPattern) {
        return std::nullopt;
      }
      follows_any = std::ranges::any_of(*continuations, [](const Nodes& nodes) {
        return std::ranges::any_of(nodes, [](const PathNode& n) { return n.symbol == 0 && !n.takes_named_only; });
      });
      ways = joined(ways, *continuations);
    }
    return ways;
  }

  static Ways joined(const Ways& heads, const Ways& tails) {
    Ways ways;
    ways.reserve(heads.size() * tails.size());
    for (const Nodes& head : heads) {
      for (const Nodes& tail : tails) {
        Nodes nodes = head;
        for (PathNode node : tail) {
          ++node.depth;
          nodes.push_back(node);
        }
        ways.push_back(std::move(nodes));
      }
    }
    return ways;
  }

  /// The library links the branches of an alternation through their first nodes, and so loses all but the first branch
  /// of one that stands directly in another, unless it is the last there.
  std::optional<Ways> expand_alternation(const QueryTerm& term, Branches branches) {
    Ways ways;
    for (const QueryTerm& branch : term.terms) {
      const bool is_last = &branch == &term.terms.back() && branches == Branches::kAll;
      auto branch_ways = expand(branch, is_last ? Branches::kAll : Branches::kFirst);
      if (!branch_ways || ways.size() + branch_ways->size() > kMaxPathsOfPattern) {
        return std::nullopt;
      }
      for (Nodes& nodes : *branch_ways) {
        is_uneven_ = is_uneven_ || (!ways.empty() && has_captures(nodes) != has_captures(ways.front()));
        if (!ways.empty() && are_alike(ways.back(), nodes)) {
          add_symbol(ways.back().front(), nodes.front().symbol);
        } else {
          ways.push_back(std::move(nodes));
        }
      }
      if (branches == Branches::kFirst) {
        break;
      }
    }
    return ways;
  }
  // NOLINTEND(misc-no-recursion)

  void add_symbol(PathNode& node, TSSymbol symbol) {
    if (node.symbols == PathNode::kNone) {
      node.symbols = static_cast<std::uint16_t>(table_.symbol_sets.size());
      table_.symbol_sets.push_back({node.symbol});
    }
    table_.symbol_sets[node.symbols].push_back(symbol);
  }

  PatternTable& table_;
  bool is_uneven_ = false;
};

/// Sets what follows from the order and depth of the nodes.
void link(Nodes& nodes) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    PathNode& node = nodes[i];
    std::size_t end = i + 1;
    while (end < nodes.size() && nodes[end].depth > node.depth) {
      nodes[end].parent = nodes[end].depth == node.depth + 1 ? static_cast<std::uint16_t>(i) : nodes[end].parent;
      ++end;
    }
    node.end = static_cast<std::uint16_t>(end);
    node.has_captures =
        std::any_of(nodes.begin() + static_cast<std::ptrdiff_t>(i), nodes.begin() + static_cast<std::ptrdiff_t>(end),
                    [](const PathNode& n) { return n.captures[0] != PathNode::kNone; });
  }
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    const PathNode& parent = nodes[nodes[i].parent];
    const bool is_only_child = nodes[i].parent + 1U == i && parent.end == nodes[i].end;
    nodes[i].is_bound_by_order = !is_only_child || nodes[i].is_immediate || nodes[i].is_last;
  }
}

/// The deepest node with a capture and a symbol, the last of them if there are several; the root if there is none.
std::uint16_t pivot_of(const Nodes& nodes) {
  std::uint16_t pivot = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool can_be = nodes[i].captures[0] != PathNode::kNone && nodes[i].symbol != 0;
    if (can_be && nodes[i].depth >= nodes[pivot].depth) {
      pivot = static_cast<std::uint16_t>(i);
    }
  }
  return pivot;
}

Path path_of(std::uint16_t pattern, std::uint16_t pivot, Nodes nodes) {
  Path path;
  path.pattern = pattern;
  path.pivot = pivot;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].captures[0] != PathNode::kNone) {
      path.captured.push_back(static_cast<std::uint16_t>(i));
    }
  }
  path.needs_placing = nodes[pivot].depth + 1U != nodes.size() ||
                       std::ranges::any_of(nodes, [](const PathNode& node) { return node.is_bound_by_order; });
  path.nodes = std::move(nodes);
  return path;
}

class PatternCompiler {
 public:
  PatternCompiler(const TSLanguage* language, const ParsedQuery& query) : query_(query) {
    compiled_.table.symbol_count = static_cast<std::uint16_t>(ts_language_symbol_count(language));
  }

  CompiledPatterns compile() {
    for (std::size_t pattern = 0; pattern < query_.patterns.size(); ++pattern) {
      const QueryTerm& term = query_.patterns[pattern].term;
      const auto index = static_cast<std::uint16_t>(pattern);
      PatternExpander expander(compiled_.table);
      auto ways = expander.expand(term);
      if (!ways || !add_paths(index, std::move(*ways), expander.is_uneven())) {
        compiled_.fallbacks.push_back(fallback_of(index, term));
      }
    }
    index_paths();
    note_fields();
    return std::move(compiled_);
  }

 private:
  /// False if the root of one of the ways stands for any node, or there are too many.
  bool add_paths(std::uint16_t pattern, Ways ways, bool is_uneven) {
    auto& paths = compiled_.table.paths;
    const std::size_t first = paths.size();
    if (first + ways.size() > kMaxPaths) {
      return false;
    }
    for (Nodes& nodes : ways) {
      if (!has_captures(nodes)) {
        continue;  // gives nothing
      }
      link(nodes);
      const std::uint16_t pivot = pivot_of(nodes);
      if (nodes.size() > kMaxNodes || nodes.front().symbol == 0 ||
          (is_uneven && nodes[pivot].depth + 1U != nodes.size())) {
        paths.resize(first);
        return false;
      }
      paths.push_back(path_of(pattern, pivot, std::move(nodes)));
    }
    return true;
  }

  // As deep as the terms of the query, whose nesting the parser of queries limits.
  // NOLINTNEXTLINE(misc-no-recursion)
  static void collect_roots(const QueryTerm& term, FallbackPattern& fallback) {
    const bool can_be_local = term.symbol != 0 || term.kind != QueryTerm::Kind::kNode;
    const bool is_group_of_many = term.kind == QueryTerm::Kind::kGroup && term.terms.size() != 1;
    if (!can_be_local || is_group_of_many || term.is_supertype || term.is_repeatable || term.field != 0) {
      fallback.mode = Fallback::kWhole;
      return;
    }
    if (term.kind == QueryTerm::Kind::kNode) {
      fallback.roots.push_back(term.symbol);
    }
    for (const QueryTerm& member : term.terms) {
      if (term.kind != QueryTerm::Kind::kNode) {
        collect_roots(member, fallback);
      }
    }
  }

  static FallbackPattern fallback_of(std::uint16_t pattern, const QueryTerm& term) {
    FallbackPattern fallback{pattern, Fallback::kLocal, {}};
    collect_roots(term, fallback);
    return fallback;
  }

  std::vector<TSSymbol> symbols_of(const PathNode& node) const {
    return node.symbols == PathNode::kNone ? std::vector<TSSymbol>{node.symbol}
                                           : compiled_.table.symbol_sets[node.symbols];
  }

  /// Fills rows and buckets. While they are filled, a path may come twice into one bucket, but only in a row.
  void index_paths() {
    PatternTable& table = compiled_.table;
    const std::size_t slots = table.symbol_count + 1U;
    table.rows.resize(slots);
    table.buckets.emplace_back();
    for (std::size_t i = 0; i < table.paths.size(); ++i) {
      const Path& path = table.paths[i];
      const PathNode& pivot = path.nodes[path.pivot];
      const bool has_parent = path.pivot != 0 && path.nodes[pivot.parent].symbol != 0;
      const std::vector<TSSymbol> parents = has_parent ? symbols_of(path.nodes[pivot.parent]) : std::vector<TSSymbol>();
      for (const TSSymbol symbol : symbols_of(pivot)) {
        const std::size_t slot = table.slot_of(symbol);
        table.rows[slot].resize(slots);
        for (const TSSymbol parent : parents) {
          add_to_bucket(table.rows[slot][table.slot_of(parent)], i);
        }
        if (!has_parent) {
          free_paths_.emplace_back(slot, i);
        }
      }
    }
    spread_free_paths();
    for (auto& bucket : table.buckets) {
      std::ranges::sort(bucket);
      bucket.erase(std::unique(bucket.begin(), bucket.end()), bucket.end());
    }
  }

  void add_to_bucket(std::uint16_t& slot, std::size_t path) {
    auto& buckets = compiled_.table.buckets;
    if (slot == 0) {
      slot = static_cast<std::uint16_t>(buckets.size());
      buckets.emplace_back();
    }
    buckets[slot].push_back(static_cast<std::uint16_t>(path));
  }

  /// Paths whose pivot may have any parent: into all buckets of its symbol, and one bucket for all other parents.
  void spread_free_paths() {
    std::vector<std::uint16_t> shared(compiled_.table.rows.size());
    for (const auto& [slot, path] : free_paths_) {
      PatternTable::Row& row = compiled_.table.rows[slot];
      std::vector<std::uint16_t> done;
      for (const std::uint16_t bucket : row) {
        if (bucket != 0 && bucket != shared[slot] && std::ranges::find(done, bucket) == done.end()) {
          compiled_.table.buckets[bucket].push_back(static_cast<std::uint16_t>(path));
          done.push_back(bucket);
        }
      }
      add_to_bucket(shared[slot], path);
      std::ranges::replace(row, std::uint16_t{0}, shared[slot]);
    }
  }

  void note_fields() {
    PatternTable& table = compiled_.table;
    table.wants_field.resize(table.symbol_count + 1U);
    for (const Path& path : table.paths) {
      for (std::uint16_t i = path.nodes[path.pivot].parent; i != PathNode::kNone; i = path.nodes[i].parent) {
        note_field(path.nodes[i]);
      }
    }
  }

  void note_field(const PathNode& node) {
    PatternTable& table = compiled_.table;
    if (node.field == 0) {
      return;
    }
    if (node.symbol == 0) {
      table.wants_field.assign(table.wants_field.size(), true);
      return;
    }
    for (const TSSymbol symbol : symbols_of(node)) {
      table.wants_field[table.slot_of(symbol)] = true;
    }
  }

  const ParsedQuery& query_;
  CompiledPatterns compiled_;
  std::vector<std::pair<std::size_t, std::size_t>> free_paths_;  // slot of the pivot's symbol, path
};

}  // namespace

CompiledPatterns compile_patterns(const TSLanguage* language, const ParsedQuery& query) {
  return PatternCompiler(language, query).compile();
}

}  // namespace repomap
