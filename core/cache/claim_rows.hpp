// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/queue_rows.hpp"
#include "core/cache/sqlite.hpp"

namespace repomap::detail {

/// Which items of one queue were handed out, in one connection: the table `claims`. A row stays when the claim is over
/// (then without owner) so that the attempts are remembered. Borrows the connection.
class ClaimRows {
 public:
  ClaimRows(SqliteDatabase& database, const QueueRows& rows)
      : database_(database), lowest_(rows.lowest_id()), highest_(rows.highest_id()) {}

  /// The ids of the first items that nobody has at `now_us`.
  Result<std::vector<std::int64_t>> free_items(std::int64_t now_us, std::size_t limit);
  Result<std::int64_t> count_claimed(std::int64_t now_us);
  /// Those that have items.
  Result<std::vector<std::string>> owners();

  /// Hands the item out; gives token and attempts.
  Result<std::pair<std::int64_t, std::int64_t>> claim(std::int64_t item, std::string_view owner, std::int64_t end_us);
  /// Whether the item is handed out under that token to that owner, though perhaps its time is over.
  Result<bool> is_held(std::int64_t item, std::int64_t token, std::string_view owner);
  Status renew(std::int64_t token, std::int64_t end_us);
  Status give_back(std::int64_t token);
  Status give_back_all_of(std::string_view owner);
  Status erase(std::int64_t item);
  Status erase_all();

 private:
  SqliteDatabase& database_;
  const std::int64_t lowest_;
  const std::int64_t highest_;
};

}  // namespace repomap::detail
