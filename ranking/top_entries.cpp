// SPDX-License-Identifier: Apache-2.0
#include "ranking/top_entries.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "ranking/rank_sort.hpp"

namespace repomap {
namespace {

constexpr std::size_t kRoom = 4;  // times the limit; each pruning is linear in what it looks at

std::vector<double> ranks_of(const std::vector<RankedEntry>& entries) {
  std::vector<double> ranks;
  ranks.reserve(entries.size());
  std::ranges::transform(entries, std::back_inserter(ranks), &RankedEntry::rank);
  return ranks;
}

}  // namespace

TopEntries::TopEntries(std::size_t limit) : limit_(std::max<std::size_t>(limit, 1)) {
  if (limit_ < prune_at_ / kRoom) {
    prune_at_ = limit_ * kRoom;
  }
}

void TopEntries::prune() {
  std::vector<double> ranks = ranks_of(entries_);
  const auto last = ranks.begin() + static_cast<std::ptrdiff_t>(limit_ - 1);
  std::ranges::nth_element(ranks, last, std::ranges::greater{});
  least_ = *last;
  std::erase_if(entries_, [this](const RankedEntry& entry) { return entry.rank < least_; });
  is_whole_ = is_whole_ && entries_.size() == ranks.size();
  prune_at_ = std::max(limit_ * kRoom, entries_.size() * 2);
}

FirstEntries TopEntries::take() {
  FirstEntries first{.entries = {}, .is_whole = is_whole_};
  first.entries.reserve(entries_.size());
  for (const std::uint32_t position : order_by_falling_rank(ranks_of(entries_))) {
    first.entries.push_back(entries_[position]);
  }
  return first;
}

}  // namespace repomap
