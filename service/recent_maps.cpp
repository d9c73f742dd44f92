// SPDX-License-Identifier: Apache-2.0
#include "service/recent_maps.hpp"

#include <algorithm>
#include <ranges>

namespace repomap {
namespace {

bool are_equal(const MapQuery& a, const MapQuery& b) {
  return a.explain == b.explain && a.refresh == b.refresh && a.selection.submodules == b.selection.submodules &&
         a.request == b.request;
}

}  // namespace

void RecentMaps::note(const MapQuery& query, TimePoint now) {
  MutexLock lock(mutex_);
  std::vector<Entry>& entries = entries_[query.selection.root];
  std::erase_if(entries, [&query](const Entry& entry) { return are_equal(entry.query, query); });
  if (entries.size() == kPerRoot) {
    entries.erase(entries.begin());
  }
  entries.push_back({query, now});
}

std::vector<MapQuery> RecentMaps::of(const std::string& root, TimePoint now) const {
  std::vector<MapQuery> queries;
  MutexLock lock(mutex_);
  const auto found = entries_.find(root);
  if (found == entries_.end()) {
    return queries;
  }
  for (const Entry& entry : std::views::reverse(found->second)) {
    if (now - entry.asked < kLifetime) {
      queries.push_back(entry.query);
    }
  }
  return queries;
}

}  // namespace repomap
