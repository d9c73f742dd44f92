// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/cache/disk_store.hpp"

namespace repomap {

/// An item that was handed out, until it is acknowledged, given back or its time is over.
struct WorkItem {
  std::int64_t key = 0;    ///< its place in the list
  std::int64_t token = 0;  ///< of this handing out
  std::string value;
  std::uint32_t attempts = 0;  ///< how often it was handed out, this time included: much means that it kills workers
};

struct WorkCounts {
  std::size_t waiting = 0;
  std::size_t claimed = 0;  ///< handed out, and neither acknowledged nor over
};

/// A persistent list of work to do, shared by any number of processes: each item is handed out until somebody
/// acknowledges it.
///
/// A claim ends when it is acknowledged or given back, when its time is over, or when its process is dead; in the last
/// three cases the item waits again, at its old place. So everything is done at least once, and usually once. Items
/// whose value file is damaged or gone are dropped with a warning in the log.
///
/// A handle: copies name the same list. Borrows the store. Thread-safe, but not for use inside a transaction. Errors of
/// every method: those of the store, and kInvalidArgument if the name is of a queue of another kind.
class WorkList {
 public:
  WorkList(DiskStore& store, std::string name) : store_(&store), name_(std::move(name)) {}

  /// Adds all of them at the end, in one transaction.
  Status add(std::span<const std::string_view> values);

  /// Hands out the first items that wait, at most `limit`. Empty: none waits, but others may be at work on some.
  Result<std::vector<WorkItem>> claim(std::size_t limit, std::chrono::milliseconds ttl);

  /// Removes items whose work is done. Gives how many of them were still this claim's; the others were or will be done
  /// again by somebody else.
  Result<std::size_t> acknowledge(std::span<const WorkItem> items);

  /// Lets others have items at once. Gives how many of them were still this claim's.
  Result<std::size_t> give_back(std::span<const WorkItem> items);

  /// Keeps items for another `ttl` from now. Gives how many of them were still this claim's.
  Result<std::size_t> renew(std::span<const WorkItem> items, std::chrono::milliseconds ttl);

  Result<WorkCounts> counts();

  /// Removes everything, also what is being worked on; gives how many items that were.
  Result<std::size_t> clear();

 private:
  DiskStore* store_;
  std::string name_;
};

}  // namespace repomap
