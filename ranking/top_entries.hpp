// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "core/model/ranked_tags.hpp"

namespace repomap {

/// The first entries of an order, or all of them.
struct FirstEntries {
  std::vector<RankedEntry> entries;
  bool is_whole = true;
};

/// Collects entries of which only the best are wanted, in memory for a few times as many as that. Equal ranks keep the
/// order in which they came. Used by one thread.
class TopEntries {
 public:
  explicit TopEntries(std::size_t limit);

  void add(const RankedEntry& entry) {
    if (entry.rank < least_) {
      is_whole_ = false;
      return;
    }
    entries_.push_back(entry);
    if (entries_.size() >= prune_at_) {
      prune();
    }
  }

  /// Whether nothing was left out so far.
  bool is_whole() const { return is_whole_; }

  /// By falling rank: all entries, or at least `limit` of them and none that one of those left out would precede.
  FirstEntries take();

 private:
  void prune();

  const std::size_t limit_;
  std::size_t prune_at_ = std::numeric_limits<std::size_t>::max();
  double least_ = -std::numeric_limits<double>::infinity();  // `limit` entries have that rank or a higher one
  bool is_whole_ = true;
  std::vector<RankedEntry> entries_;
};

}  // namespace repomap
