// SPDX-License-Identifier: Apache-2.0
#include "watcher/invalidator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/base/log.hpp"
#include "core/cache/cache_tag.hpp"

namespace repomap {

std::size_t Invalidator::invalidate(std::span<const std::string> files) const {
  if (files.empty()) {
    return 0;
  }
  std::vector<CacheTag> tags;
  tags.reserve(files.size());
  std::ranges::transform(files, std::back_inserter(tags), [](const std::string& path) { return CacheTag::file(path); });
  std::size_t evicted = 0;
  for (CacheBackend* const backend : backends_) {
    if (const auto count = backend->evict(tags)) {
      evicted += *count;
    } else {
      log_warning(fmt::format("what was derived from changed files stays in a cache: {}", count.error().message));
    }
  }
  return evicted;
}

}  // namespace repomap
