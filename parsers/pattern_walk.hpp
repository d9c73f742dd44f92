// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tree_sitter/api.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <type_traits>
#include <vector>

#include "parsers/pattern_compiler.hpp"
#include "parsers/syntax_parser.hpp"

namespace repomap {

/// A function that is called while its caller waits, without a copy of it.
template <typename Signature>
class FunctionView;
template <typename Result, typename... Arguments>
class FunctionView<Result(Arguments...)> {
 public:
  template <typename Function>
    requires(!std::is_same_v<std::remove_cvref_t<Function>, FunctionView>)
  FunctionView(Function&& function)  // NOLINT: conversion is the point
      : object_(const_cast<void*>(static_cast<const void*>(&function))),
        call_([](void* object, Arguments... arguments) -> Result {
          return (*static_cast<std::remove_reference_t<Function>*>(object))(arguments...);
        }) {}
  Result operator()(Arguments... arguments) const { return call_(object_, arguments...); }

 private:
  void* object_;
  Result (*call_)(void*, Arguments...);
};

/// One walk over a tree that finds the paths of a table. Used by one thread, for one tree.
///
/// What a child of a node is to a pattern (its field, and whether the library's query would still look at children
/// behind it) is asked from the library's own cursor, so that the answers are the same.
class PatternWalk {
 public:
  using Sink = std::function<void(const TSQueryMatch&)>;
  using Visit = std::function<void(TSNode)>;

  /// All references outlive this.
  PatternWalk(const PatternTable& table, const Deadline& deadline, const Sink& sink);
  ~PatternWalk();
  PatternWalk(const PatternWalk&) = delete;
  PatternWalk& operator=(const PatternWalk&) = delete;

  /// Calls `visit` at each node whose slot is set in `visited`, before the matches at that node. False at the deadline.
  bool run(TSNode root, const std::vector<bool>& visited, const Visit& visit);

 private:
  struct Sibling {
    TSNode node{};
    TSSymbol symbol = 0;
    TSFieldId field = 0;
    bool is_named = false;
    bool has_named_behind = false;
    bool may_repeat_field = false;  // the grammar allows siblings behind it with its field
  };
  struct Frame {
    TSNode node{};
    TSSymbol symbol = 0;
    TSFieldId field = 0;
    bool has_field = false;     // field is set
    bool has_children = false;  // children is set
    std::uint32_t index = 0;    // among the parent's children
    std::vector<Sibling> children;
  };
  // Nodes [next, stop) of the path, siblings, are to be found among siblings [.., limit).
  struct Part {
    std::uint16_t next = 0;
    std::uint16_t stop = 0;
    const std::vector<Sibling>* siblings = nullptr;
    int limit = 0;
  };
  struct Match {
    std::uint16_t path = 0;
    const void* root = nullptr;
    std::size_t begin = 0;  // in captures_
    std::size_t end = 0;
    bool is_dropped = false;
  };
  using Next = FunctionView<void()>;
  using Done = FunctionView<bool(int)>;  // takes the last position, gives whether to stop

  void enter(std::size_t depth, std::uint32_t index);
  bool descend();
  void tick();

  void look_at_node();
  void try_path(std::uint16_t index);
  bool takes(const PathNode& pattern, const TSNode& node, TSSymbol symbol) const;
  bool holds_beside_symbol(const PathNode& pattern, const TSNode& node) const;
  TSFieldId field_of(Frame& frame);
  bool climbs(const Path& path);
  bool stands_alone(const Path& path);
  const std::vector<Sibling>& children_of(Frame& frame);
  void list_children(const TSNode& parent, std::vector<Sibling>& children);
  bool is_open(const PathNode& pattern, const std::vector<Sibling>& siblings, int from, int to) const;

  void solve_level(std::size_t level);
  void solve_beside(std::size_t level);
  bool may_stand_before(const Part& part, int position) const;
  void for_each_way(const Part& part, int previous, FunctionView<bool(int)> fits, Next next);
  bool place(const Part& part, std::uint16_t index, int previous, Done done);
  bool place_below(std::uint16_t index, const TSNode& node, Done done);
  bool has_captures(std::uint16_t begin, std::uint16_t end) const;

  void add_match(const Path& path);
  bool is_part_of(const Match& smaller, const Match& larger) const;
  void deliver();

  // Fixed after construction.
  const PatternTable& table_;
  const Deadline& deadline_;
  const Sink& sink_;

  TSTreeCursor cursor_;
  TSTreeCursor child_cursor_;
  bool has_cursors_ = false;
  std::vector<Frame> frames_;  // from the root to the node that is looked at; behind it, old ones to be used again
  std::size_t depth_ = 0;      // of the node that is looked at
  std::uint32_t steps_ = 0;
  bool is_overdue_ = false;

  // The path that is tried.
  const Path* path_ = nullptr;
  std::uint16_t path_index_ = 0;
  std::vector<std::uint16_t> chain_;  // from its root to its pivot
  std::vector<TSNode> bound_;         // by node of the path
  std::vector<std::unique_ptr<std::vector<Sibling>>> lists_;
  std::size_t lists_in_use_ = 0;

  // Of the node that is looked at.
  std::vector<Match> matches_;
  std::vector<TSQueryCapture> captures_;
};

}  // namespace repomap
