// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/store_types.hpp"

namespace repomap {

class DiskStore;

enum class KeyOrder : std::uint8_t {
  kInsertion,
  kKey,  ///< as CacheKeys compare
};

/// Goes through the keys of a store in pages, without holding anything of it in between: others may write. What is
/// inserted after the cursor was made is not seen, what is removed is skipped, no key is given twice; an entry that was
/// overwritten keeps its place. Expired entries are given. Borrows the store. Used by one thread.
class KeyCursor {
 public:
  static Result<KeyCursor> open(DiskStore& store, KeyOrder order, KeyDirection direction = KeyDirection::kForward);

  /// The next keys, at most `limit`; empty: there are no more.
  Result<std::vector<ListedKey>> next(std::size_t limit = kPage);

 private:
  static constexpr std::size_t kPage = 100;
  KeyCursor(DiskStore& store, KeyOrder order, KeyDirection direction, std::int64_t newest)
      : store_(&store), order_(order), direction_(direction), newest_(newest) {}

  /// Appends the next rows' keys; gives the number of rows.
  Result<std::size_t> read_page(std::size_t limit, std::vector<ListedKey>& page);

  DiskStore* store_;
  KeyOrder order_;
  KeyDirection direction_;
  std::int64_t newest_;  // the entry that was the last when the cursor was made
  bool has_begun_ = false;
  std::int64_t last_entry_ = 0;
  std::string last_key_;
};

}  // namespace repomap
