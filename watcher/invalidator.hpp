// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/cache/cache_backend.hpp"

namespace repomap {

/// Has caches forget what was derived from files that have changed: on every tier of each, since a backend is all of
/// its tiers. Borrows the backends. Thread-safe.
class Invalidator {
 public:
  explicit Invalidator(std::vector<CacheBackend*> backends) : backends_(std::move(backends)) {}

  /// Evicts CacheTag::file() of all these paths, in one call for each backend; gives how many entries went. A backend
  /// that fails is passed over with a warning in the log.
  std::size_t invalidate(std::span<const std::string> files) const;

 private:
  const std::vector<CacheBackend*> backends_;
};

}  // namespace repomap
