// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/cache/deque.hpp"
#include "core/cache/sharded_store.hpp"
#include "service/repo_scan.hpp"

namespace repomap {

/// The repositories that are being indexed, kept on disk, so that a process that is killed leaves word of what it had
/// not finished. Every operation does what it can: without a store nothing is remembered. Thread-safe.
class PendingIndexes {
 public:
  /// Borrows the store, which may be null.
  explicit PendingIndexes(ShardedStore* store);

  void add(const FileSelection& selection);
  void remove(const FileSelection& selection);

  /// All that have been added and not removed, by whatever process; each once.
  std::vector<FileSelection> all();

 private:
  std::optional<Deque> deque_;  // thread-safe
};

}  // namespace repomap
