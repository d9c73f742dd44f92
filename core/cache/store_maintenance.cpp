// SPDX-License-Identifier: Apache-2.0
#include "core/cache/store_maintenance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <compare>
#include <map>
#include <string_view>
#include <utility>

#include "core/base/byte_codec.hpp"
#include "core/base/digest.hpp"
#include "core/cache/entry_table.hpp"
#include "core/cache/store_schema.hpp"
#include "core/cache/store_snapshot.hpp"
#include "core/cache/store_state.hpp"

namespace repomap {
namespace {

constexpr std::int64_t kRowsPerPage = 100;
constexpr int kFirstValueColumn = 3;

/// Whether the row of SELECT key, expires_us, tags, type, size, checksum, file, value is as it was written.
Status verify_row(const SqliteQuery& query, const ValueStorage& storage) {
  const std::string_view key = query.bytes(0);
  const std::string_view tags = query.bytes(2);
  REPOMAP_TRY(CacheKey::from_encoded(key));
  REPOMAP_TRY(decode_tags(tags));
  ValueColumns columns = read_value(query, kFirstValueColumn);
  columns.checksum -= checksum_of_name(key, tags) + checksum_of_expiry(query.optional_integer(1));
  REPOMAP_TRY(storage.unpack(columns));
  return {};
}

Result<SqliteQuery> row_query(SqliteDatabase& database) {
  return database.query(
      "SELECT key, expires_us, tags, type, size, checksum, file, value, id FROM entries WHERE id >= ?1 ORDER BY id "
      "LIMIT ?2");
}

struct DamagedRow {
  std::int64_t id = 0;
  std::string reason;
};

/// Verifies a page of rows from `next` on, which moves behind it; gives whether there are more.
Result<bool> verify_page(SqliteDatabase& database, const ValueStorage& storage, std::int64_t& next,
                         std::vector<DamagedRow>& damaged) {
  REPOMAP_ASSIGN(SqliteQuery query, row_query(database));
  query.bind(1, next).bind(2, kRowsPerPage);
  std::int64_t rows = 0;
  for (; rows < kRowsPerPage; ++rows) {
    REPOMAP_ASSIGN(const bool has_row, query.next());
    if (!has_row) {
      break;
    }
    const std::int64_t id = query.integer(8);
    next = id + 1;
    if (Status sound = verify_row(query, storage); !sound) {
      damaged.push_back({id, fmt::format("entry {}: {}", id, sound.error().message)});
    }
  }
  return rows == kRowsPerPage;
}

/// Removes the row if it is still damaged: another writer may have replaced it, and removed its file, meanwhile.
Result<bool> remove_if_damaged(WriteSession& session, std::int64_t id) {
  {
    REPOMAP_ASSIGN(SqliteQuery query, row_query(*session.database));
    REPOMAP_ASSIGN(const bool has_row, query.bind(1, id).bind(2, std::int64_t{1}).next());
    if (!has_row || query.integer(8) != id || verify_row(query, session.context.storage)) {
      return false;
    }
  }
  EntryRef row;
  {
    REPOMAP_ASSIGN(SqliteQuery query, session.database->query("SELECT size, tags, file FROM entries WHERE id = ?1"));
    REPOMAP_TRY(query.bind(1, id).next());
    row = {id, query.integer(0), std::string(query.bytes(1)), std::string(query.bytes(2))};
  }
  REPOMAP_TRY(remove_entry(session, row));
  return true;
}

/// A row of entry_tags.
struct TagRow {
  std::int64_t hash = 0;
  std::int64_t entry = 0;

  friend auto operator<=>(const TagRow&, const TagRow&) = default;
};

/// What entry_tags must hold, in order.
Result<std::vector<TagRow>> expected_tags(SqliteDatabase& database) {
  REPOMAP_ASSIGN(SqliteQuery query, database.query("SELECT id, tags FROM entries WHERE tags IS NOT NULL"));
  std::vector<TagRow> rows;
  while (true) {
    REPOMAP_ASSIGN(const bool has_row, query.next());
    if (!has_row) {
      break;
    }
    ByteReader reader(query.bytes(1));
    while (!reader.rest().empty()) {
      rows.push_back({static_cast<std::int64_t>(hash64_of(reader.read_string())), query.integer(0)});
    }
  }
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

Result<std::vector<TagRow>> actual_tags(SqliteDatabase& database) {
  REPOMAP_ASSIGN(SqliteQuery query, database.query("SELECT tag_hash, entry FROM entry_tags ORDER BY tag_hash, entry"));
  std::vector<TagRow> rows;
  while (true) {
    REPOMAP_ASSIGN(const bool has_row, query.next());
    if (!has_row) {
      return rows;
    }
    rows.push_back({query.integer(0), query.integer(1)});
  }
}

Status rebuild_tags(SqliteDatabase& database) {
  REPOMAP_ASSIGN(const std::vector<TagRow> expected, expected_tags(database));
  REPOMAP_TRY(database.run("DELETE FROM entry_tags"));
  REPOMAP_ASSIGN(SqliteQuery query, database.query("INSERT INTO entry_tags(tag_hash, entry) VALUES(?1, ?2)"));
  for (const TagRow& row : expected) {
    REPOMAP_TRY(query.bind(1, row.hash).bind(2, row.entry).run());
  }
  return {};
}

/// Names and sizes of value files, by the rows that have them or by the list of them.
using FileList = std::map<std::string, std::int64_t, std::less<>>;

Result<FileList> read_files(SqliteQuery query) {
  FileList files;
  while (true) {
    REPOMAP_ASSIGN(const bool has_row, query.next());
    if (!has_row) {
      return files;
    }
    files.emplace(query.bytes(0), query.integer(1));
  }
}

Result<FileList> files_of_rows(SqliteDatabase& database) {
  REPOMAP_ASSIGN(SqliteQuery query, database.query("SELECT file, size FROM entries WHERE file IS NOT NULL UNION ALL "
                                                   "SELECT file, size FROM queue WHERE file IS NOT NULL"));
  return read_files(std::move(query));
}

Result<FileList> listed_files(SqliteDatabase& database) {
  REPOMAP_ASSIGN(SqliteQuery query, database.query("SELECT name, size FROM value_files"));
  return read_files(std::move(query));
}

std::int64_t sum_of(const FileList& files) {
  std::int64_t sum = 0;
  for (const auto& [name, size] : files) {
    sum += size;
  }
  return sum;
}

Status rebuild_file_list(WriteSession& session) {
  SqliteDatabase& database = *session.database;
  REPOMAP_ASSIGN(const FileList wanted, files_of_rows(database));
  REPOMAP_TRY(
      database.run("INSERT OR IGNORE INTO pending_delete(name) SELECT name FROM value_files WHERE name NOT IN "
                   "(SELECT file FROM entries WHERE file IS NOT NULL UNION ALL "
                   "SELECT file FROM queue WHERE file IS NOT NULL)"));
  REPOMAP_TRY(database.run("DELETE FROM value_files"));
  REPOMAP_ASSIGN(SqliteQuery query, database.query("INSERT INTO value_files(name, size) VALUES(?1, ?2)"));
  for (const auto& [name, size] : wanted) {
    REPOMAP_TRY(query.bind_text(1, name).bind(2, size).run());
  }
  return session.correct_file_bytes(sum_of(wanted));
}

/// Whether a row names the file, or will have it removed.
Result<bool> is_known(SqliteDatabase& database, std::string_view name) {
  REPOMAP_ASSIGN(SqliteQuery query, database.query("SELECT 1 FROM value_files WHERE name = ?1 UNION ALL "
                                                   "SELECT 1 FROM pending_delete WHERE name = ?1"));
  return query.bind_text(1, name).next();
}

/// What lies in the directory of value files.
struct FoundFiles {
  std::vector<std::string> old_files;
  std::vector<std::string> empty_directories;
};

Result<FoundFiles> scan_files(const ValueFiles& files) {
  FoundFiles found;
  REPOMAP_TRY(files.scan(
      [&](const FoundFile& file) {
        if (file.age > kOrphanGrace) {
          found.old_files.push_back(file.name);
        }
      },
      [&](const std::string& directory) { found.empty_directories.push_back(directory); }));
  return found;
}

}  // namespace

Result<std::vector<StoreProblem>> StoreMaintenance::check(Repair repair) {
  std::vector<StoreProblem> problems;
  REPOMAP_TRY(check_database(repair, problems));
  REPOMAP_TRY(check_entries(repair, problems));
  REPOMAP_TRY(check_tags(repair, problems));
  REPOMAP_TRY(check_file_list(repair, problems));
  REPOMAP_TRY(check_files(repair, problems));
  return problems;
}

Status StoreMaintenance::check_database(Repair repair, std::vector<StoreProblem>& problems) {
  DiskStore::State& state = *store_.state_;
  auto examine = [&]() -> Result<std::vector<std::string>> {
    REPOMAP_ASSIGN(ConnectionPool::Loan loan, state.borrow());
    return loan.database().texts_of("PRAGMA integrity_check(20)");
  };
  auto findings = examine();
  if (!findings && findings.error().code != ErrorCode::kCorrupt) {
    return std::unexpected(std::move(findings).error());
  }
  const bool is_sound = findings && findings->size() == 1 && findings->front() == "ok";
  if (is_sound) {
    return {};
  }
  const std::size_t first = problems.size();
  for (const std::string& finding :
       findings ? *findings : std::vector<std::string>{std::move(findings).error().message}) {
    problems.push_back({ProblemKind::kDatabase, finding, false});
  }
  if (repair == Repair::kNo) {
    return {};
  }
  REPOMAP_TRY(state.rebuild_database());
  findings = examine();
  if (!findings || findings->front() != "ok") {
    REPOMAP_TRY(state.recover());
  }
  for (std::size_t i = first; i < problems.size(); ++i) {
    problems[i].is_repaired = true;
  }
  return {};
}

Status StoreMaintenance::check_entries(Repair repair, std::vector<StoreProblem>& problems) {
  DiskStore::State& state = *store_.state_;
  std::vector<DamagedRow> damaged;
  std::int64_t next = 0;
  bool has_more = true;
  while (has_more) {
    REPOMAP_ASSIGN(ConnectionPool::Loan loan, state.borrow());
    REPOMAP_ASSIGN(has_more, verify_page(loan.database(), state.context.storage, next, damaged));
  }
  for (DamagedRow& row : damaged) {
    bool is_damaged = true;
    if (!state.is_read_only) {
      REPOMAP_ASSIGN(is_damaged, look_again(row.id, repair));
    }
    if (is_damaged) {
      problems.push_back({ProblemKind::kEntry, std::move(row.reason), repair == Repair::kYes});
    }
  }
  return {};
}

/// Whether a row is damaged also under the right to write, and with kYes removes it then: between row and file another
/// writer may have replaced both.
Result<bool> StoreMaintenance::look_again(std::int64_t row, Repair repair) {
  DiskStore::State& state = *store_.state_;
  REPOMAP_ASSIGN(StoreTransaction transaction, store_.begin());
  REPOMAP_ASSIGN(const bool is_damaged, remove_if_damaged(state.session, row));
  if (repair == Repair::kYes) {
    REPOMAP_TRY(transaction.commit());
    state.context.damaged += is_damaged ? 1 : 0;
  }
  return is_damaged;
}

Status StoreMaintenance::check_tags(Repair repair, std::vector<StoreProblem>& problems) {
  {
    REPOMAP_ASSIGN(StoreSnapshot snapshot, store_.snapshot());
    REPOMAP_ASSIGN(const std::vector<TagRow> expected, expected_tags(snapshot.database()));
    REPOMAP_ASSIGN(const std::vector<TagRow> actual, actual_tags(snapshot.database()));
    if (expected == actual) {
      return {};
    }
  }
  if (repair == Repair::kYes) {
    Status rebuilt =
        store_.transact([](StoreTransaction& transaction) { return rebuild_tags(transaction.database()); });
    REPOMAP_TRY(std::move(rebuilt));
  }
  problems.push_back({ProblemKind::kTags, "the index of tags differs from the entries", repair == Repair::kYes});
  return {};
}

Status StoreMaintenance::check_file_list(Repair repair, std::vector<StoreProblem>& problems) {
  {
    REPOMAP_ASSIGN(StoreSnapshot snapshot, store_.snapshot());
    REPOMAP_ASSIGN(const FileList wanted, files_of_rows(snapshot.database()));
    REPOMAP_ASSIGN(const FileList listed, listed_files(snapshot.database()));
    REPOMAP_ASSIGN(const std::int64_t sum, read_meta_integer(snapshot.database(), "file_bytes"));
    if (wanted == listed && sum == sum_of(listed)) {
      return {};
    }
  }
  if (repair == Repair::kYes) {
    Status rebuilt = store_.transact([&](StoreTransaction&) { return rebuild_file_list(store_.state_->session); });
    REPOMAP_TRY(std::move(rebuilt));
  }
  problems.push_back(
      {ProblemKind::kFileList, "the list of value files differs from the entries", repair == Repair::kYes});
  return {};
}

Status StoreMaintenance::check_files(Repair repair, std::vector<StoreProblem>& problems) {
  const ValueFiles& files = store_.state_->context.storage.files();
  REPOMAP_ASSIGN(const FoundFiles found, scan_files(files));
  for (const std::string& name : found.old_files) {
    REPOMAP_ASSIGN(StoreSnapshot snapshot, store_.snapshot());
    REPOMAP_ASSIGN(const bool known, is_known(snapshot.database(), name));
    if (!known) {
      problems.push_back({ProblemKind::kUnknownFile, files.path_of(name), repair == Repair::kYes});
    }
  }
  for (const std::string& name : found.empty_directories) {
    problems.push_back({ProblemKind::kEmptyDirectory, files.path_of(name), repair == Repair::kYes});
    if (repair == Repair::kYes) {
      files.remove_directory(name);
    }
  }
  if (repair == Repair::kYes) {
    REPOMAP_TRY(sweep());
  }
  return {};
}

Result<std::size_t> StoreMaintenance::sweep() {
  const ValueFiles& files = store_.state_->context.storage.files();
  REPOMAP_ASSIGN(const FoundFiles found, scan_files(files));
  std::size_t removed = 0;
  if (found.old_files.empty()) {
    return removed;
  }
  // With the right to write nobody can insert a row for a file in between.
  REPOMAP_ASSIGN(StoreTransaction transaction, store_.begin());
  for (const std::string& name : found.old_files) {
    REPOMAP_ASSIGN(const bool known, is_known(transaction.database(), name));
    if (!known && files.remove(name)) {
      ++removed;
    }
  }
  return removed;
}

Status StoreMaintenance::compact(std::size_t pages) { return store_.state_->compact(pages); }

}  // namespace repomap
