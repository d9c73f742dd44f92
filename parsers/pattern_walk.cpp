// SPDX-License-Identifier: Apache-2.0
//
// A path is tried at each node that can be its pivot. Going up, the symbols and fields of the nodes above are compared;
// nearly all failures happen there. Then, per level, the path's other branches are placed among the siblings, left and
// right of the node on the way. A branch without captures is placed once; one with captures in every way there is, and
// each way is a match.
//
// The library's query looks at siblings from left to right. A pattern node that waits for its sibling gives up at one
// with its field behind which the grammar allows no more of that field, and an anchored one at the first named node.
// is_open() and place() say the same.
#include "parsers/pattern_walk.hpp"

#include <algorithm>
#include <array>
#include <span>

// Not in the library's public header: what its query asks of a node under its cursor.
extern "C" void ts_tree_cursor_current_status(const TSTreeCursor* cursor, TSFieldId* field, bool* has_later_siblings,
                                              bool* has_later_named_siblings,
                                              bool* can_have_later_siblings_with_this_field, TSSymbol* supertypes,
                                              unsigned* supertype_count);

namespace repomap {
namespace {

constexpr TSSymbol kErrorSymbol = 0xffff;
constexpr std::uint32_t kStepsPerLookAtTheClock = 4096;

struct NodeStatus {
  TSFieldId field = 0;
  bool has_named_behind = false;
  bool may_repeat_field = false;
};

NodeStatus status_at(const TSTreeCursor& cursor) {
  NodeStatus status;
  bool has_siblings_behind = false;
  std::array<TSSymbol, 8> supertypes{};
  unsigned supertype_count = supertypes.size();
  ts_tree_cursor_current_status(&cursor, &status.field, &has_siblings_behind, &status.has_named_behind,
                                &status.may_repeat_field, supertypes.data(), &supertype_count);
  return status;
}

}  // namespace

PatternWalk::PatternWalk(const PatternTable& table, const Deadline& deadline, const Sink& sink)
    : table_(table), deadline_(deadline), sink_(sink), cursor_{}, child_cursor_{} {
  std::size_t longest = 0;
  for (const Path& path : table.paths) {
    longest = std::max(longest, path.nodes.size());
  }
  bound_.resize(longest);
}

PatternWalk::~PatternWalk() {
  if (has_cursors_) {
    ts_tree_cursor_delete(&cursor_);
    ts_tree_cursor_delete(&child_cursor_);
  }
}

void PatternWalk::tick() {
  if (++steps_ % kStepsPerLookAtTheClock == 0) {
    is_overdue_ = is_overdue_ || deadline_.has_passed();
  }
}

void PatternWalk::enter(std::size_t depth, std::uint32_t index) {
  depth_ = depth;
  if (frames_.size() <= depth) {
    frames_.resize(std::max<std::size_t>(64, 2 * depth));
  }
  Frame& frame = frames_[depth];
  frame.node = ts_tree_cursor_current_node(&cursor_);
  frame.symbol = ts_node_symbol(frame.node);
  frame.has_field = false;
  frame.has_children = false;
  frame.index = index;
}

bool PatternWalk::descend() {
  Frame& frame = frames_[depth_];
  if (table_.wants_field[table_.slot_of(frame.symbol)] && ts_node_child_count(frame.node) != 0) {
    field_of(frame);  // the cursor is about to leave the node
  }
  if (!ts_tree_cursor_goto_first_child(&cursor_)) {
    return false;
  }
  enter(depth_ + 1, 0);
  return true;
}

bool PatternWalk::run(TSNode root, const std::vector<bool>& visited, const Visit& visit) {
  cursor_ = ts_tree_cursor_new(root);
  child_cursor_ = ts_tree_cursor_new(root);
  has_cursors_ = true;
  enter(0, 0);
  while (true) {
    tick();
    if (!visited.empty() && visited[table_.slot_of(frames_[depth_].symbol)]) {
      visit(frames_[depth_].node);
    }
    look_at_node();
    if (is_overdue_) {
      return false;
    }
    if (descend()) {
      continue;
    }
    while (!ts_tree_cursor_goto_next_sibling(&cursor_)) {
      if (!ts_tree_cursor_goto_parent(&cursor_)) {
        return true;
      }
      --depth_;
    }
    enter(depth_, frames_[depth_].index + 1);
  }
}

void PatternWalk::look_at_node() {
  const std::size_t slot = table_.slot_of(frames_[depth_].symbol);
  if (table_.rows[slot].empty()) {
    return;
  }
  const std::size_t parent_slot = depth_ == 0 ? slot : table_.slot_of(frames_[depth_ - 1].symbol);
  for (const std::uint16_t index : table_.paths_at(slot, parent_slot)) {
    try_path(index);
  }
  if (!matches_.empty()) {
    deliver();
  }
}

void PatternWalk::try_path(std::uint16_t index) {
  const Path& path = table_.paths[index];
  if (!climbs(path)) {
    return;
  }
  path_ = &path;
  path_index_ = index;
  const std::size_t pivot_depth = path.nodes[path.pivot].depth;
  chain_.resize(pivot_depth + 1);
  for (std::uint16_t node = path.pivot, level = path.nodes[path.pivot].depth;; --level) {
    chain_[level] = node;
    bound_[node] = frames_[depth_ - pivot_depth + level].node;
    if (level == 0) {
      break;
    }
    node = path.nodes[node].parent;
  }
  if (!stands_alone(path)) {
    return;
  }
  if (path.needs_placing) {
    solve_level(0);
  } else {
    add_match(path);
  }
}

bool PatternWalk::takes(const PathNode& pattern, const TSNode& node, TSSymbol symbol) const {
  if (pattern.symbol == 0) {
    return pattern.is_missing || (symbol != kErrorSymbol && (!pattern.takes_named_only || ts_node_is_named(node)));
  }
  if (pattern.symbols == PathNode::kNone) {
    return pattern.symbol == symbol;
  }
  const auto& symbols = table_.symbol_sets[pattern.symbols];
  return std::ranges::find(symbols, symbol) != symbols.end();
}

bool PatternWalk::holds_beside_symbol(const PathNode& pattern, const TSNode& node) const {
  if (pattern.is_missing && !ts_node_is_missing(node)) {
    return false;
  }
  return pattern.absent_fields == PathNode::kNone ||
         std::ranges::all_of(table_.field_sets[pattern.absent_fields],
                             [&](TSFieldId field) { return ts_node_is_null(ts_node_child_by_field_id(node, field)); });
}

/// REQUIRES: the field is set, or the cursor is on the frame's node.
TSFieldId PatternWalk::field_of(Frame& frame) {
  if (!frame.has_field) {
    frame.has_field = true;
    frame.field = ts_tree_cursor_current_field_id(&cursor_);
    if (frame.field == 0 && ts_node_is_extra(frame.node)) {
      frame.field = status_at(cursor_).field;
    }
  }
  return frame.field;
}

/// Whether the nodes from the current one upward are those of the path.
bool PatternWalk::climbs(const Path& path) {
  std::size_t level = depth_;
  const PathNode* pattern = &path.nodes[path.pivot];
  if (level < pattern->depth) {
    return false;
  }
  while (true) {
    Frame& frame = frames_[level];
    // The pivot's symbol brought us here.
    if (level != depth_ && !takes(*pattern, frame.node, frame.symbol)) {
      return false;
    }
    if (pattern->field != 0 && field_of(frame) != pattern->field) {
      return false;
    }
    if (pattern->parent == PathNode::kNone) {
      return true;
    }
    pattern = &path.nodes[pattern->parent];
    --level;
  }
}

/// What else the nodes of the way up must be, each for itself. REQUIRES: climbs(path).
bool PatternWalk::stands_alone(const Path& path) {
  const std::size_t root_level = depth_ - path.nodes[path.pivot].depth;
  for (std::size_t i = 0; i < chain_.size(); ++i) {
    const PathNode& pattern = path.nodes[chain_[i]];
    const TSNode& node = bound_[chain_[i]];
    if (!holds_beside_symbol(pattern, node)) {
      return false;
    }
    if (i == 0 || pattern.field == 0 || pattern.is_bound_by_order) {
      continue;
    }
    // The first node with a field is always found.
    Frame& parent = frames_[root_level + i - 1];
    const int position = static_cast<int>(frames_[root_level + i].index);
    if (ts_node_child_by_field_id(parent.node, pattern.field).id != node.id &&
        !is_open(pattern, children_of(parent), 0, position)) {
      return false;
    }
  }
  return true;
}

const std::vector<PatternWalk::Sibling>& PatternWalk::children_of(Frame& frame) {
  if (!frame.has_children) {
    list_children(frame.node, frame.children);
    frame.has_children = true;
  }
  return frame.children;
}

void PatternWalk::list_children(const TSNode& parent, std::vector<Sibling>& children) {
  children.clear();
  ts_tree_cursor_reset(&child_cursor_, parent);
  for (bool found = ts_tree_cursor_goto_first_child(&child_cursor_); found;
       found = ts_tree_cursor_goto_next_sibling(&child_cursor_)) {
    tick();
    Sibling& child = children.emplace_back();
    const NodeStatus status = status_at(child_cursor_);
    child.node = ts_tree_cursor_current_node(&child_cursor_);
    child.symbol = ts_node_symbol(child.node);
    child.field = status.field;
    child.is_named = ts_node_is_named(child.node);
    child.has_named_behind = status.has_named_behind;
    child.may_repeat_field = status.may_repeat_field;
  }
}

/// Whether a pattern node that has been waiting since `from` is still waiting at `to`.
bool PatternWalk::is_open(const PathNode& pattern, const std::vector<Sibling>& siblings, int from, int to) const {
  for (int position = from; position < to; ++position) {
    const Sibling& sibling = siblings[static_cast<std::size_t>(position)];
    if ((pattern.is_immediate && sibling.is_named) ||
        (pattern.field != 0 && sibling.field == pattern.field && !sibling.may_repeat_field)) {
      return false;
    }
  }
  return true;
}

bool PatternWalk::has_captures(std::uint16_t begin, std::uint16_t end) const {
  for (std::uint16_t node = begin; node < end; node = path_->nodes[node].end) {
    if (path_->nodes[node].has_captures) {
      return true;
    }
  }
  return false;
}

/// Places what stands beside and below the chain's node of that level, then of the next ones.
void PatternWalk::solve_level(std::size_t level) {
  while (level + 1 < chain_.size() && !path_->nodes[chain_[level + 1]].is_bound_by_order) {
    ++level;
  }
  if (level + 1 < chain_.size()) {
    solve_beside(level);
    return;
  }
  const std::uint16_t index = chain_[level];
  const PathNode& pattern = path_->nodes[index];
  if (pattern.end == index + 1U) {
    add_match(*path_);
    return;
  }
  const auto& children = children_of(frames_[depth_]);
  const Part part{static_cast<std::uint16_t>(index + 1), pattern.end, &children, static_cast<int>(children.size())};
  for_each_way(part, -1, [](int) { return true; }, [this] { add_match(*path_); });
}

/// Places the branches left and right of the chain's next node.
void PatternWalk::solve_beside(std::size_t level) {
  const std::uint16_t index = chain_[level];
  const std::uint16_t child_index = chain_[level + 1];
  const PathNode& child = path_->nodes[child_index];
  const std::size_t frame_level = depth_ - (chain_.size() - 1) + level;
  const auto& siblings = children_of(frames_[frame_level]);
  const int position = static_cast<int>(frames_[frame_level + 1].index);
  if (child.is_last && siblings[static_cast<std::size_t>(position)].has_named_behind) {
    return;
  }
  const Part left{static_cast<std::uint16_t>(index + 1), child_index, &siblings, position};
  if (child.is_immediate && !may_stand_before(left, position)) {
    return;
  }
  const Part right{child.end, path_->nodes[index].end, &siblings, static_cast<int>(siblings.size())};
  for_each_way(
      left, -1, [&](int last) { return is_open(child, siblings, last + 1, position); },
      [&] { for_each_way(right, position, [](int) { return true; }, [&] { solve_level(level + 1); }); });
}

/// Whether the last node of the part may be one of the siblings that an anchored node at `position` can follow. Only to
/// save the search from the first sibling on, which for each of many siblings takes quadratic time.
bool PatternWalk::may_stand_before(const Part& part, int position) const {
  const std::vector<Sibling>& siblings = *part.siblings;
  if (part.next == part.stop) {
    return true;
  }
  std::uint16_t last = part.next;
  while (path_->nodes[last].end != part.stop) {
    last = path_->nodes[last].end;
  }
  for (int i = position - 1; i >= 0; --i) {
    const Sibling& sibling = siblings[static_cast<std::size_t>(i)];
    if (takes(path_->nodes[last], sibling.node, sibling.symbol)) {
      return true;
    }
    if (sibling.is_named) {
      return false;
    }
  }
  return false;
}

/// Calls `next` for each way to place the part behind `previous` such that its last position fits; once if the part
/// has no captures.
void PatternWalk::for_each_way(const Part& part, int previous, FunctionView<bool(int)> fits, Next next) {
  if (part.next == part.stop) {
    if (fits(previous)) {
      next();
    }
    return;
  }
  const bool differ = has_captures(part.next, part.stop);
  bool is_found = false;
  place(part, part.next, previous, [&](int last) {
    if (!fits(last)) {
      return false;
    }
    is_found = true;
    if (differ) {
      next();
    }
    return !differ;
  });
  if (is_found && !differ) {
    next();
  }
}

// NOLINTBEGIN(misc-no-recursion): as deep as the path has nodes, however deep the tree is.
bool PatternWalk::place(const Part& part, std::uint16_t index, int previous, Done done) {
  if (index == part.stop) {
    return done(previous);
  }
  const PathNode& pattern = path_->nodes[index];
  for (int position = previous + 1; position < part.limit; ++position) {
    const Sibling& sibling = (*part.siblings)[static_cast<std::size_t>(position)];
    tick();
    if (is_overdue_) {
      return true;
    }
    bool stays = false;
    if ((pattern.field == 0 || pattern.field == sibling.field) && !(pattern.is_last && sibling.has_named_behind) &&
        takes(pattern, sibling.node, sibling.symbol) && holds_beside_symbol(pattern, sibling.node)) {
      // The library looks for no second place of a leaf that is not captured, even if what follows fails.
      stays = pattern.end == index + 1U && !pattern.has_captures;
      bound_[index] = sibling.node;
      const auto go_on = [&](int) { return place(part, pattern.end, position, done); };
      if (pattern.end == index + 1U ? go_on(position) : place_below(index, sibling.node, go_on)) {
        return true;
      }
    }
    if (stays || !is_open(pattern, *part.siblings, position, position + 1)) {
      return false;
    }
  }
  return false;
}

/// Places the children of a branch's node below `node`.
bool PatternWalk::place_below(std::uint16_t index, const TSNode& node, Done done) {
  if (lists_.size() == lists_in_use_) {
    lists_.push_back(std::make_unique<std::vector<Sibling>>());
  }
  std::vector<Sibling>& children = *lists_[lists_in_use_++];
  list_children(node, children);
  const std::uint16_t end = path_->nodes[index].end;
  const Part part{static_cast<std::uint16_t>(index + 1), end, &children, static_cast<int>(children.size())};
  const bool differ = has_captures(part.next, part.stop);
  bool is_found = false;
  bool stops = place(part, part.next, -1, [&](int last) {
    is_found = true;
    return !differ || done(last);
  });
  if (!differ) {
    stops = is_found && done(0);
  }
  --lists_in_use_;
  return stops;
}
// NOLINTEND(misc-no-recursion)

void PatternWalk::add_match(const Path& path) {
  Match match;
  match.path = path_index_;
  match.root = bound_[0].id;
  match.begin = captures_.size();
  for (const std::uint16_t node : path.captured) {
    for (const std::uint16_t capture : path.nodes[node].captures) {
      if (capture != PathNode::kNone) {
        captures_.push_back({bound_[node], capture});
      }
    }
  }
  match.end = captures_.size();
  matches_.push_back(match);
}

bool PatternWalk::is_part_of(const Match& smaller, const Match& larger) const {
  std::size_t at = larger.begin;
  for (std::size_t i = smaller.begin; i < smaller.end; ++i, ++at) {
    while (at < larger.end &&
           (captures_[at].node.id != captures_[i].node.id || captures_[at].index != captures_[i].index)) {
      ++at;
    }
    if (at == larger.end) {
      return false;
    }
  }
  return true;
}

/// Hands over the matches at the current node. Like the library, drops one whose captures are a part of those of
/// another way to satisfy the same pattern from the same root.
void PatternWalk::deliver() {
  for (std::size_t i = 0; i < matches_.size(); ++i) {
    const std::uint16_t pattern = table_.paths[matches_[i].path].pattern;
    for (std::size_t j = i + 1; j < matches_.size() && table_.paths[matches_[j].path].pattern == pattern; ++j) {
      if (matches_[i].path == matches_[j].path || matches_[i].root != matches_[j].root || matches_[j].is_dropped) {
        continue;
      }
      tick();
      if (is_part_of(matches_[j], matches_[i])) {
        matches_[j].is_dropped = true;
      } else if (is_part_of(matches_[i], matches_[j])) {
        matches_[i].is_dropped = true;
        break;
      }
    }
  }
  for (const Match& match : matches_) {
    if (!match.is_dropped) {
      sink_({0, table_.paths[match.path].pattern, static_cast<std::uint16_t>(match.end - match.begin),
             captures_.data() + match.begin});
    }
  }
  matches_.clear();
  captures_.clear();
}

}  // namespace repomap
