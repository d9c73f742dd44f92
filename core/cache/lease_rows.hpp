// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/cache/lease_table.hpp"
#include "core/cache/sqlite.hpp"

namespace repomap::detail {

/// A row of the table `leases` (core/cache/recipe_schema.hpp): one for each lease that somebody holds.
struct LeaseRow {
  std::int64_t fence = 0;
  std::int64_t permits = 0;
  std::string owner;  ///< encode_process_identity()
  std::int64_t thread = 0;
  std::int64_t depth = 0;
  std::int64_t expires_us = 0;
};

/// The rows of leases in one connection, inside whatever transaction it is in. Borrows the connection.
class LeaseRows {
 public:
  explicit LeaseRows(SqliteDatabase& database) : database_(database) {}

  Result<std::vector<LeaseRow>> of_name(std::string_view name);
  Result<std::optional<LeaseRow>> of_fence(std::int64_t fence);
  /// Gives the new row's fence.
  Result<std::int64_t> insert(std::string_view name, const LeaseRow& row);
  Status erase(std::int64_t fence);
  Status update(std::int64_t fence, std::int64_t depth, std::int64_t expires_us);

 private:
  SqliteDatabase& database_;
};

}  // namespace repomap::detail
