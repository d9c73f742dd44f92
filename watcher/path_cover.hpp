// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace repomap {

/// A set of paths of a tree, each of which stands for itself and for whatever is below it; "" is the whole tree. Paths
/// are relative, with '/', without a trailing slash.
///
/// Memory is bounded: where more than `limit` paths remain, the deepest are replaced by their directories, level by
/// level, until at most half of the limit is left. So what is covered only grows. Thread-compatible.
class PathCover {
 public:
  static constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

  explicit PathCover(std::size_t limit) : limit_(limit) {}

  void add(std::string path);

  /// Whether the path, or a directory above it, was added. Costs a lookup for each of its components.
  bool covers(std::string_view path) const;

  bool empty() const { return paths_.empty(); }

  /// Paths held; those that others cover may be among them.
  std::size_t size() const { return paths_.size(); }

  /// Sorted as bytes, distinct, none below another. The set is empty afterwards.
  std::vector<std::string> take();

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view path) const { return std::hash<std::string_view>{}(path); }
  };

  bool is_below_another(std::string_view path) const;
  void drop_covered();
  void fold();

  std::size_t limit_;
  std::unordered_set<std::string, Hash, std::equal_to<>> paths_;
};

/// How many paths a set of changes names at most, one by one.
inline constexpr std::size_t kChangedPathsLimit = 20'000;

}  // namespace repomap
