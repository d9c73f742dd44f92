// SPDX-License-Identifier: Apache-2.0
#include "core/cache/lease_rows.hpp"

#include <utility>

namespace repomap::detail {
namespace {

LeaseRow read_row(const SqliteQuery& query) {
  LeaseRow row;
  row.fence = query.integer(0);
  row.permits = query.integer(1);
  row.owner = query.bytes(2);
  row.thread = query.integer(3);
  row.depth = query.integer(4);
  row.expires_us = query.integer(5);
  return row;
}

}  // namespace

Result<std::vector<LeaseRow>> LeaseRows::of_name(std::string_view name) {
  REPOMAP_ASSIGN(
      auto query,
      database_.query(
          "SELECT fence, permits, owner, thread, depth, expires_us FROM leases WHERE name = ? ORDER BY fence"));
  query.bind(1, name);
  std::vector<LeaseRow> rows;
  while (true) {
    REPOMAP_ASSIGN(const bool has_row, query.next());
    if (!has_row) {
      return rows;
    }
    rows.push_back(read_row(query));
  }
}

Result<std::optional<LeaseRow>> LeaseRows::of_fence(std::int64_t fence) {
  REPOMAP_ASSIGN(
      auto query,
      database_.query("SELECT fence, permits, owner, thread, depth, expires_us FROM leases WHERE fence = ?"));
  query.bind(1, fence);
  REPOMAP_ASSIGN(const bool has_row, query.next());
  return has_row ? std::optional(read_row(query)) : std::nullopt;
}

Result<std::int64_t> LeaseRows::insert(std::string_view name, const LeaseRow& row) {
  REPOMAP_ASSIGN(auto query, database_.query("INSERT INTO leases(name, permits, owner, thread, depth, expires_us) "
                                             "VALUES(?, ?, ?, ?, ?, ?)"));
  query.bind(1, name).bind(2, row.permits).bind(3, row.owner).bind(4, row.thread);
  REPOMAP_TRY(query.bind(5, row.depth).bind(6, row.expires_us).run());
  return database_.last_insert_id();
}

Status LeaseRows::erase(std::int64_t fence) {
  REPOMAP_ASSIGN(auto query, database_.query("DELETE FROM leases WHERE fence = ?"));
  return query.bind(1, fence).run();
}

Status LeaseRows::update(std::int64_t fence, std::int64_t depth, std::int64_t expires_us) {
  REPOMAP_ASSIGN(auto query, database_.query("UPDATE leases SET depth = ?, expires_us = ? WHERE fence = ?"));
  return query.bind(1, depth).bind(2, expires_us).bind(3, fence).run();
}

}  // namespace repomap::detail
