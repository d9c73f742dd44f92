// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/cache_key.hpp"
#include "core/cache/cache_tag.hpp"
#include "core/cache/disk_store.hpp"

namespace repomap {

struct AveragerSettings {
  std::optional<std::chrono::milliseconds> ttl;  ///< since the last add; nothing: as the store has it
  std::vector<CacheTag> tags;
};

/// The mean of numbers that threads and processes add, kept under one key of a store.
///
/// A handle: copies are of the same mean. Borrows the store. Thread-safe. Errors of every method: those of the store,
/// and kCorrupt where the key has another value.
class Averager {
 public:
  Averager(DiskStore& store, CacheKey key, AveragerSettings settings = {})
      : store_(&store), key_(std::move(key)), settings_(std::move(settings)) {}

  Status add(double number);
  /// Nothing: no number yet.
  Result<std::optional<double>> get();
  /// The mean, and starts over.
  Result<std::optional<double>> pop();

 private:
  DiskStore* store_;
  CacheKey key_;
  AveragerSettings settings_;
};

}  // namespace repomap
