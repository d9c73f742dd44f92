// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "parsers/tree_sitter_handles.hpp"

namespace repomap {

/// A point in time after which work on one file is given up; it has passed, too, once nobody wants that work.
class Deadline {
 public:
  /// Called by the thread that works, now and then; true from some time on. Empty: the work is wanted.
  using IsUnwanted = std::function<bool()>;

  explicit Deadline(std::chrono::milliseconds allowed) : Deadline(allowed, kWanted) {}
  /// Borrows the function.
  Deadline(std::chrono::milliseconds allowed, const IsUnwanted& is_unwanted)
      : end_(std::chrono::steady_clock::now() + allowed), is_unwanted_(is_unwanted) {}

  bool has_passed() const { return std::chrono::steady_clock::now() >= end_ || (is_unwanted_ && is_unwanted_()); }

 private:
  static inline const IsUnwanted kWanted;

  const std::chrono::steady_clock::time_point end_;
  const IsUnwanted& is_unwanted_;
};

/// A tree-sitter parser. Used by one thread.
class SyntaxParser {
 public:
  SyntaxParser();

  /// The syntax tree of `text`, or of the parts of it in `ranges` if there are any. A text that does not end in a
  /// newline is parsed as if it did, so nodes may end one byte behind it. A tree exists for any bytes at all; what does
  /// not parse is an ERROR node. Errors: kLimitExceeded at the deadline.
  Result<TreeHandle> parse(const TSLanguage* grammar, std::string_view text, const std::vector<TSRange>& ranges,
                           const Deadline& deadline);

 private:
  ParserHandle parser_;
};

}  // namespace repomap
