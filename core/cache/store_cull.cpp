// SPDX-License-Identifier: Apache-2.0
#include "core/cache/store_cull.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "core/cache/entry_table.hpp"

namespace repomap {
namespace {

constexpr std::int64_t kPageBytes = 4096;
constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

Result<SqliteQuery> victims_query(WriteSession& session) {
  switch (session.settings.eviction) {
    case EvictionPolicy::kLeastRecentlyUsed:
      return session.database->query("SELECT id, size, tags, file, length(key) FROM entries ORDER BY accessed_us, id");
    case EvictionPolicy::kLeastFrequentlyUsed:
      return session.database->query("SELECT id, size, tags, file, length(key) FROM entries ORDER BY access_count, id");
    default:
      return session.database->query("SELECT id, size, tags, file, length(key) FROM entries ORDER BY stored_us, id");
  }
}

EntryRef row_of(const SqliteQuery& query) {
  return {query.integer(0), query.integer(1), std::string(query.bytes(2)), std::string(query.bytes(3))};
}

Result<std::vector<EntryRef>> first_rows(SqliteQuery& query, std::size_t limit) {
  std::vector<EntryRef> rows;
  while (rows.size() < limit) {
    REPOMAP_ASSIGN(const bool has_row, query.next());
    if (!has_row) {
      break;
    }
    rows.push_back(row_of(query));
  }
  return rows;
}

Status remove_all(WriteSession& session, const std::vector<EntryRef>& rows) {
  for (const EntryRef& row : rows) {
    REPOMAP_TRY(remove_entry(session, row));
  }
  return {};
}

/// The first victims that together take at least `bytes`.
Result<std::vector<EntryRef>> choose_victims(WriteSession& session, std::int64_t bytes, std::size_t limit) {
  std::vector<EntryRef> victims;
  REPOMAP_ASSIGN(SqliteQuery query, victims_query(session));
  while (bytes > 0 && victims.size() < limit) {
    REPOMAP_ASSIGN(const bool has_row, query.next());
    if (!has_row) {
      break;
    }
    EntryRef row = row_of(query);
    if (row.id != session.last_written_id) {
      bytes -= charge_of(row.size_bytes, static_cast<std::size_t>(query.integer(4)), row.tags.size());
      victims.push_back(std::move(row));
    }
  }
  return victims;
}

/// When the next entry expires.
Result<std::int64_t> earliest_expiry(WriteSession& session) {
  REPOMAP_ASSIGN(SqliteQuery query,
                 session.database->query("SELECT expires_us FROM entries WHERE expires_us IS NOT NULL "
                                         "ORDER BY expires_us LIMIT 1"));
  REPOMAP_ASSIGN(const bool has_row, query.next());
  return has_row ? query.integer(0) : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

Result<std::int64_t> excess_bytes(WriteSession& session) {
  REPOMAP_ASSIGN(const std::int64_t pages, session.database->integer_of("PRAGMA page_count"));
  REPOMAP_ASSIGN(const std::int64_t free_pages, session.database->integer_of("PRAGMA freelist_count"));
  const std::int64_t live = std::max<std::int64_t>(pages - free_pages - session.schema_pages, 0) * kPageBytes;
  return live + session.file_bytes -
         static_cast<std::int64_t>(session.settings.size_limit_bytes / session.settings.shards);
}

Status write_accesses(WriteSession& session) {
  for (const EntryUse& use : session.context.access_log.take()) {
    REPOMAP_ASSIGN(SqliteQuery query, session.database->query("UPDATE entries SET accessed_us = max(accessed_us, ?2), "
                                                              "access_count = access_count + ?3 WHERE id = ?1"));
    REPOMAP_TRY(query.bind(1, use.id).bind(2, use.last_us).bind(3, use.count).run());
  }
  return {};
}

Result<std::size_t> remove_expired(WriteSession& session, std::int64_t until_us, std::size_t limit) {
  std::vector<EntryRef> rows;
  {
    REPOMAP_ASSIGN(SqliteQuery query,
                   session.database->query("SELECT id, size, tags, file FROM entries WHERE expires_us <= ?1 "
                                           "ORDER BY expires_us, id"));
    query.bind(1, until_us);
    REPOMAP_ASSIGN(rows, first_rows(query, limit));
  }
  REPOMAP_TRY(remove_all(session, rows));
  session.expired += rows.size();
  return rows.size();
}

Result<std::size_t> remove_first(WriteSession& session, std::size_t limit) {
  std::vector<EntryRef> rows;
  {
    REPOMAP_ASSIGN(SqliteQuery query, session.database->query("SELECT id, size, tags, file FROM entries ORDER BY id"));
    REPOMAP_ASSIGN(rows, first_rows(query, limit));
  }
  REPOMAP_TRY(remove_all(session, rows));
  return rows.size();
}

Result<std::size_t> remove_victims(WriteSession& session, std::size_t limit) {
  if (session.settings.eviction == EvictionPolicy::kNone) {
    return 0;
  }
  REPOMAP_ASSIGN(const std::int64_t excess, excess_bytes(session));
  session.slack_bytes = -excess;
  if (excess <= 0) {
    return 0;
  }
  REPOMAP_TRY(write_accesses(session));
  REPOMAP_ASSIGN(const std::vector<EntryRef> victims, choose_victims(session, excess, limit));
  REPOMAP_TRY(remove_all(session, victims));
  session.evicted += victims.size();
  return victims.size();
}

Status cull_after_writes(WriteSession& session) {
  const std::uint64_t written = std::exchange(session.changes_to_cull, 0);
  const std::size_t cull_limit = session.settings.cull_limit;
  if (cull_limit == 0) {
    return {};
  }
  const std::size_t budget = written > kNoLimit / cull_limit ? kNoLimit : written * cull_limit;
  const std::int64_t now_us = session.context.now_us();
  if (now_us >= session.earliest_expiry_us) {
    REPOMAP_TRY(remove_expired(session, now_us, budget));
    REPOMAP_ASSIGN(session.earliest_expiry_us, earliest_expiry(session));
  }
  if (session.slack_bytes <= 0) {
    REPOMAP_TRY(remove_victims(session, kNoLimit));
  }
  return {};
}

}  // namespace repomap
