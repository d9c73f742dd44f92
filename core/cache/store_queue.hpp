// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/cache/cache_tag.hpp"
#include "core/cache/disk_store.hpp"

namespace repomap {

enum class QueueSide : std::uint8_t { kFront, kBack };

struct PushOptions {
  QueueSide side = QueueSide::kBack;       ///< the front: before all that wait
  std::optional<Clock::WallTime> expires;  ///< from then on nobody gets the item
  std::vector<CacheTag> tags;
};

struct QueueItem {
  std::int64_t key = 0;  ///< its place: smaller ones are nearer to the front
  CacheValue value;
  std::vector<CacheTag> tags;
  std::optional<Clock::WallTime> expires;
};

/// A persistent queue that any number of producers and consumers share: each item goes to exactly one consumer.
///
/// Lies in tables of its own: neither the entries of the store nor other queues are ever touched. An item is read
/// before it is removed, in one transaction (or as part of the calling thread's); who needs an item back when its
/// consumer dies uses a WorkList. Items whose value file is damaged or gone are dropped with a warning in the log.
///
/// A handle: copies name the same queue. Borrows the store. Thread-safe. Errors of every method: those of the store,
/// and kInvalidArgument if the name is of another kind of queue.
class StoreQueue {
 public:
  StoreQueue(DiskStore& store, std::string name) : store_(&store), name_(std::move(name)) {}

  /// Gives the item's key: 0 in an empty queue, else one less or more than that of the neighbour.
  Result<std::int64_t> push(const CacheValue& value, const PushOptions& options = {});

  /// Takes the item nearest to that side, or nothing if there is none. Expired ones on the way are removed.
  Result<std::optional<QueueItem>> pull(QueueSide side = QueueSide::kFront);

  /// The same item without taking it.
  Result<std::optional<QueueItem>> peek(QueueSide side = QueueSide::kFront);

  /// Items that have not expired.
  Result<std::size_t> size();

  // Each gives how many items it removed.

  Result<std::size_t> expire();
  Result<std::size_t> evict(const CacheTag& tag);
  Result<std::size_t> clear();

 private:
  DiskStore* store_;
  std::string name_;
};

}  // namespace repomap
