// SPDX-License-Identifier: Apache-2.0
#include "parsers/scope_collector.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "parsers/tree_renderer.hpp"

namespace repomap {
namespace {

class TreeCursor {
 public:
  explicit TreeCursor(TSNode root) : cursor_(ts_tree_cursor_new(root)) {}
  ~TreeCursor() { ts_tree_cursor_delete(&cursor_); }
  TreeCursor(const TreeCursor&) = delete;
  TreeCursor& operator=(const TreeCursor&) = delete;

  TSNode node() const { return ts_tree_cursor_current_node(&cursor_); }
  bool enter() { return ts_tree_cursor_goto_first_child(&cursor_); }

  /// To the next node in document order that is not below the present one; false behind the last.
  bool skip() {
    while (!ts_tree_cursor_goto_next_sibling(&cursor_)) {
      if (!ts_tree_cursor_goto_parent(&cursor_)) {
        return false;
      }
    }
    return true;
  }

 private:
  TSTreeCursor cursor_;
};

/// Adds a node to the spans. Nodes come in document order, so only the last span can be on the same line.
/// While only one node is known on a line, header_end is start + 1, which no node of several lines ends before.
class SpanBuilder {
 public:
  void add(std::uint32_t start, std::uint32_t last) {
    if (spans_.empty() || spans_.back().start != start) {
      spans_.push_back({.start = start, .last = last, .header_end = start + 1});
      shortest_last_ = last;
      return;
    }
    ScopeSpan& span = spans_.back();
    shortest_last_ = std::min(shortest_last_, last);
    span.last = std::max(span.last, last);
    span.header_end = std::min(shortest_last_, start + kMaxHeaderLines);
  }

  std::vector<ScopeSpan> take() { return std::move(spans_); }

 private:
  std::vector<ScopeSpan> spans_;
  std::uint32_t shortest_last_ = 0;  // of the nodes on the line of the last span
};

}  // namespace

std::vector<ScopeSpan> collect_scopes(TSNode root) {
  SpanBuilder builder;
  if (ts_node_is_null(root)) {
    return builder.take();
  }
  TreeCursor cursor(root);
  while (true) {
    const TSNode node = cursor.node();
    const std::uint32_t start = ts_node_start_point(node).row;
    const std::uint32_t last = ts_node_end_point(node).row;
    // A node of one line cannot hold one of several.
    if (last > start) {
      builder.add(start, last);
      if (cursor.enter()) {
        continue;
      }
    }
    if (!cursor.skip()) {
      return builder.take();
    }
  }
}

}  // namespace repomap
