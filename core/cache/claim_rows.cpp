// SPDX-License-Identifier: Apache-2.0
#include "core/cache/claim_rows.hpp"

#include <utility>

namespace repomap::detail {

Result<std::vector<std::int64_t>> ClaimRows::free_items(std::int64_t now_us, std::size_t limit) {
  REPOMAP_ASSIGN(auto query,
                 database_.query("SELECT queue.id FROM queue LEFT JOIN claims ON claims.item = queue.id "
                                 "WHERE queue.id BETWEEN ? AND ? AND (claims.owner IS NULL OR claims.end_us <= ?) "
                                 "ORDER BY queue.id LIMIT ?"));
  query.bind(1, lowest_).bind(2, highest_).bind(3, now_us).bind(4, static_cast<std::int64_t>(limit));
  std::vector<std::int64_t> items;
  while (true) {
    REPOMAP_ASSIGN(const bool has_row, query.next());
    if (!has_row) {
      return items;
    }
    items.push_back(query.integer(0));
  }
}

Result<std::int64_t> ClaimRows::count_claimed(std::int64_t now_us) {
  REPOMAP_ASSIGN(auto query, database_.query("SELECT count(*) FROM claims WHERE item BETWEEN ? AND ? "
                                             "AND owner IS NOT NULL AND end_us > ?"));
  REPOMAP_ASSIGN(const bool found, query.bind(1, lowest_).bind(2, highest_).bind(3, now_us).next());
  return found ? query.integer(0) : 0;
}

Result<std::vector<std::string>> ClaimRows::owners() {
  REPOMAP_ASSIGN(auto query, database_.query("SELECT DISTINCT owner FROM claims WHERE item BETWEEN ? AND ? "
                                             "AND owner IS NOT NULL"));
  query.bind(1, lowest_).bind(2, highest_);
  std::vector<std::string> owners;
  while (true) {
    REPOMAP_ASSIGN(const bool has_row, query.next());
    if (!has_row) {
      return owners;
    }
    owners.emplace_back(query.bytes(0));
  }
}

Result<std::pair<std::int64_t, std::int64_t>> ClaimRows::claim(std::int64_t item, std::string_view owner,
                                                               std::int64_t end_us) {
  std::int64_t attempts = 1;
  {
    REPOMAP_ASSIGN(auto query, database_.query("SELECT attempts FROM claims WHERE item = ?"));
    REPOMAP_ASSIGN(const bool found, query.bind(1, item).next());
    attempts += found ? query.integer(0) : 0;
  }
  REPOMAP_TRY(erase(item));  // a new row: its token was never given before
  REPOMAP_ASSIGN(auto query, database_.query("INSERT INTO claims(item, attempts, owner, end_us) VALUES(?, ?, ?, ?)"));
  REPOMAP_TRY(query.bind(1, item).bind(2, attempts).bind(3, owner).bind(4, end_us).run());
  return std::pair(database_.last_insert_id(), attempts);
}

Result<bool> ClaimRows::is_held(std::int64_t item, std::int64_t token, std::string_view owner) {
  REPOMAP_ASSIGN(auto query, database_.query("SELECT 1 FROM claims WHERE token = ? AND item = ? AND owner = ?"));
  return query.bind(1, token).bind(2, item).bind(3, owner).next();
}

Status ClaimRows::renew(std::int64_t token, std::int64_t end_us) {
  REPOMAP_ASSIGN(auto query, database_.query("UPDATE claims SET end_us = ? WHERE token = ?"));
  return query.bind(1, end_us).bind(2, token).run();
}

Status ClaimRows::give_back(std::int64_t token) {
  REPOMAP_ASSIGN(auto query, database_.query("UPDATE claims SET owner = NULL WHERE token = ?"));
  return query.bind(1, token).run();
}

Status ClaimRows::give_back_all_of(std::string_view owner) {
  REPOMAP_ASSIGN(auto query,
                 database_.query("UPDATE claims SET owner = NULL WHERE item BETWEEN ? AND ? AND owner = ?"));
  return query.bind(1, lowest_).bind(2, highest_).bind(3, owner).run();
}

Status ClaimRows::erase(std::int64_t item) {
  REPOMAP_ASSIGN(auto query, database_.query("DELETE FROM claims WHERE item = ?"));
  return query.bind(1, item).run();
}

Status ClaimRows::erase_all() {
  REPOMAP_ASSIGN(auto query, database_.query("DELETE FROM claims WHERE item BETWEEN ? AND ?"));
  return query.bind(1, lowest_).bind(2, highest_).run();
}

}  // namespace repomap::detail
