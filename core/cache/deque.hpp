// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/disk_store.hpp"
#include "core/cache/queue_rows.hpp"

namespace repomap {

enum class DequeOrder : std::uint8_t { kForward, kBackward };

/// A persistent double-ended queue of byte strings, shared by all threads and processes that open its name in a store.
///
/// Items lie at contiguous positions, so the one at an index is found by arithmetic. Each operation is one transaction
/// (or part of the calling thread's): others see it wholly or not at all, and an item that was taken was read before it
/// was removed, so a crash leaves it in the deque unless it was returned. A maximal length is stored with the deque and
/// holds for every handle: what grows at one end then loses at the other. An item whose value file is damaged or gone
/// is dropped by pop and peek, with a warning in the log, and they go on to the next.
///
/// A handle: copies name the same deque. Borrows the store, which should neither evict nor be cleared. Thread-safe.
/// Errors of every method: those of the store.
class Deque {
 public:
  /// The deque of that name, made if missing. Errors: kInvalidArgument if the name is of a queue of another kind.
  static Result<Deque> open(DiskStore& store, std::string name);

  Status append(std::string_view value) { return extend({&value, 1}); }
  Status append_left(std::string_view value) { return extend_left({&value, 1}); }
  /// All of them in one transaction, in their order.
  Status extend(std::span<const std::string_view> values);
  /// Each before the one before it: the last value is the first item afterwards.
  Status extend_left(std::span<const std::string_view> values);

  // The last or first item, or nothing.

  Result<std::optional<std::string>> pop() { return take(detail::Edge::kBack); }
  Result<std::optional<std::string>> pop_left() { return take(detail::Edge::kFront); }
  Result<std::optional<std::string>> peek() { return look(detail::Edge::kBack); }
  Result<std::optional<std::string>> peek_left() { return look(detail::Edge::kFront); }

  // Indexes count from 0 at the left; negative ones from -1 at the right.

  /// The item at that index, or nothing where there is none. Errors: kCorrupt or kNotFound for a damaged value.
  Result<std::optional<std::string>> get(std::int64_t index);
  /// Errors: kNotFound for an index where there is no item.
  Status set(std::int64_t index, std::string_view value);
  /// Closes the gap from the nearer end. Errors: kNotFound for an index where there is no item.
  Status erase(std::int64_t index);
  /// Removes the first item that is equal; tells whether there was one.
  Result<bool> remove(std::string_view value);

  Result<std::size_t> size();
  Result<std::size_t> count(std::string_view value);
  Status reverse();
  /// Moves `steps` items from the right end to the left one; negative: the other way round.
  Status rotate(std::int64_t steps);
  /// Gives how many there were.
  Result<std::size_t> clear();

  /// All items as they are at one moment, left to right.
  Result<std::vector<std::string>> items();
  /// Calls `visitor(item)` for each of those items until it gives false. It must not use the store.
  Status visit(DequeOrder order, const std::function<bool(const std::string&)>& visitor);

  /// A new deque with the same items and maximal length. Errors: kInvalidArgument if the name is in use.
  Result<Deque> copy(std::string name);

  Result<std::optional<std::size_t>> max_length();
  /// Drops items at the left that are too many. Nothing: no limit.
  Status set_max_length(std::optional<std::size_t> length);

  const std::string& name() const { return name_; }

 private:
  Deque(DiskStore& store, std::string name) : store_(&store), name_(std::move(name)) {}

  Status grow(std::span<const std::string_view> values, detail::Edge edge);
  Result<std::optional<std::string>> take(detail::Edge edge);
  Result<std::optional<std::string>> look(detail::Edge edge);

  DiskStore* store_;
  std::string name_;
};

}  // namespace repomap
