// SPDX-License-Identifier: Apache-2.0
#include "core/cache/encoded_entries.hpp"

#include <algorithm>
#include <iterator>

namespace repomap {

std::vector<CacheBytes> EncodedEntries::load(std::span<const CacheKey> keys) {
  std::vector<CacheBytes> values;
  if (keys.empty()) {
    return values;
  }
  auto entries = backend_.get_many(keys);
  if (!entries) {
    ++failed_;
    return values;
  }
  values.reserve(entries->size());
  for (std::optional<CacheEntry>& entry : *entries) {
    values.push_back(entry ? std::move(entry->value) : nullptr);
  }
  return values;
}

void EncodedEntries::drop(std::span<const CacheKey> damaged) {
  if (damaged.empty()) {
    return;
  }
  damaged_ += damaged.size();
  failed_ += backend_.erase(damaged) ? 0U : 1U;
}

void EncodedEntries::put(std::span<const CacheItem> items) {
  if (!items.empty()) {
    failed_ += backend_.put_many(items) ? 0U : 1U;
  }
}

std::size_t EncodedEntries::evict_files(std::span<const std::string> paths) {
  std::vector<CacheTag> tags;
  std::ranges::transform(paths, std::back_inserter(tags), CacheTag::file);
  const auto count = backend_.evict(tags);
  failed_ += count ? 0U : 1U;
  return count.value_or(0);
}

}  // namespace repomap
