// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/cache_key.hpp"
#include "core/cache/disk_store.hpp"

namespace repomap {

enum class IndexOrder : std::uint8_t { kForward, kBackward };

using IndexItem = std::pair<CacheKey, std::string>;

/// A persistent map that remembers the order of insertion: the entries of a store that neither evicts nor expires.
///
/// Setting a key again keeps its place. Shared by all threads and processes that open the store; each operation is one
/// transaction, or part of the calling thread's. A damaged item is removed when it is met, and a miss.
///
/// A handle: copies are of the same store. Borrows the store. Thread-safe. Errors of every method: those of the store.
class Index {
 public:
  /// Errors: kInvalidArgument for a store that evicts, or whose entries have a time to live.
  static Result<Index> open(DiskStore& store);

  Result<std::optional<std::string>> get(const CacheKey& key);
  Result<bool> contains(const CacheKey& key);
  Status set(const CacheKey& key, std::string_view value);
  /// All of them in one transaction.
  Status update(std::span<const IndexItem> items);
  /// The key's value, which is `value` if it had none.
  Result<std::string> set_default(const CacheKey& key, std::string_view value);
  /// Tells whether there was an item.
  Result<bool> erase(const CacheKey& key);
  /// Reads and removes.
  Result<std::optional<std::string>> pop(const CacheKey& key);

  // The newest item (kBackward) or the oldest one (kForward), or nothing.

  Result<std::optional<IndexItem>> peek_item(IndexOrder order = IndexOrder::kBackward);
  Result<std::optional<IndexItem>> pop_item(IndexOrder order = IndexOrder::kBackward);

  Result<std::size_t> size();
  /// Gives how many there were.
  Result<std::size_t> clear();

  /// Calls `visitor(key, value)` for each item until it gives false. Items that come meanwhile are not visited, nor are
  /// those that go before it is their turn; none is visited twice.
  Status visit(IndexOrder order, const std::function<bool(const CacheKey&, const std::string&)>& visitor);
  Result<std::vector<IndexItem>> items();
  Result<std::vector<CacheKey>> keys();

  /// Equal items in equal order.
  Result<bool> equals(Index& other);
  /// Equal items, in whatever order.
  Result<bool> equals(const std::map<CacheKey, std::string>& items);

 private:
  explicit Index(DiskStore& store) : store_(&store) {}

  DiskStore* store_;
};

}  // namespace repomap
