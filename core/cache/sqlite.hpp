// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace repomap {

/// The text of a statement as a literal: it lives as long as the program, so its address names the prepared statement.
class StaticSql {
 public:
  // Not explicit: a literal is given where one is asked for. consteval: nothing but a constant fits.
  consteval StaticSql(const char* text) : text_(text) {}  // NOLINT(google-explicit-constructor)
  constexpr const char* text() const { return text_; }

 private:
  const char* text_;
};

class SqliteDatabase;

/// One run of a prepared statement. Parameters and columns count from 1 and from 0, as in SQLite.
///
/// Borrows the statement from its SqliteDatabase, which must outlive it; gives it back when destroyed, so that no read
/// lock stays behind. Used by one thread. A failed bind is reported by the next step.
class SqliteQuery {
 public:
  SqliteQuery(SqliteDatabase& database, sqlite3_stmt* statement) : database_(&database), statement_(statement) {}
  ~SqliteQuery() { give_back(); }
  SqliteQuery(SqliteQuery&& other) noexcept
      : database_(other.database_), statement_(other.statement_), trouble_(other.trouble_) {
    other.statement_ = nullptr;
  }
  SqliteQuery(const SqliteQuery&) = delete;
  SqliteQuery& operator=(const SqliteQuery&) = delete;
  SqliteQuery& operator=(SqliteQuery&&) = delete;

  SqliteQuery& bind(int parameter, std::int64_t value);
  SqliteQuery& bind(int parameter, double value);
  /// A BLOB. REQUIRES: the bytes outlive the run; they are not copied.
  SqliteQuery& bind(int parameter, std::string_view bytes);
  SqliteQuery& bind(int parameter, std::optional<std::int64_t> value);
  /// A TEXT, which never equals a BLOB. REQUIRES: as for a BLOB.
  SqliteQuery& bind_text(int parameter, std::string_view text);
  SqliteQuery& bind_null(int parameter);

  /// Goes on to the next row; false: there is none. Errors: of the class that fits SQLite's code (kBusy, kCorrupt, …).
  Result<bool> next();

  /// Runs a statement that yields no rows, and makes it ready to be bound and run again.
  Status run();

  /// Ready to be bound and run again, before its rows are used up.
  void rewind();

  // The columns of the row that next() has reached. Views are good until the next step.
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view bytes(int column) const;
  bool is_null(int column) const;
  std::optional<std::int64_t> optional_integer(int column) const;

 private:
  void give_back();

  SqliteDatabase* database_;
  sqlite3_stmt* statement_;
  int trouble_ = 0;  // SQLite's code of the first bind that failed
};

enum class SqliteAccess : std::uint8_t {
  kReadWrite,
  kCreate,     ///< kReadWrite, and the file is made if missing
  kReadOnly,   ///< no write; may need to make the files of the WAL beside it
  kImmutable,  ///< nothing on the medium can change: no lock is taken, no file made
};

/// What a checkpoint copies from the WAL into the database: what it can without waiting, or all and then truncate it.
enum class Checkpoint : std::uint8_t { kPassive, kTruncate };

/// One connection to an SQLite database, with the statements prepared on it.
///
/// Owns both. Thread-compatible: one thread at a time. Closing it neither checkpoints nor removes the WAL, so it costs
/// no wait for the disk, and a connection got by fork, or to a file that was moved away, can be closed without harm
/// (not one with an open transaction). What is locked by another connection is waited for up to the timeout with short
/// sleeps that double (50 µs to 1 ms, with jitter), then the operation fails with kBusy.
class SqliteDatabase {
 public:
  static Result<std::unique_ptr<SqliteDatabase>> open(const std::string& path, SqliteAccess access,
                                                      std::chrono::milliseconds timeout);
  ~SqliteDatabase();
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  /// Runs statements that yield nothing of interest; several are separated by ";".
  Status execute(const std::string& statements);

  /// Runs one statement that yields no rows, prepared once and kept.
  Status run(StaticSql sql);

  /// The first column of the first row as an integer; 0 where there is no row.
  Result<std::int64_t> integer_of(StaticSql sql);

  /// The statement, prepared at its first use and kept. REQUIRES: no other SqliteQuery of the same text is alive.
  Result<SqliteQuery> query(StaticSql sql);

  /// A statement that is not a literal: prepared for this one use, where the text has a name or a number in it.
  /// Gives one column of every row.
  Result<std::vector<std::string>> texts_of(const std::string& sql, int column = 0);

  std::int64_t last_insert_id() const;
  /// Rows that the last INSERT, UPDATE or DELETE changed.
  std::int64_t changed_rows() const;
  bool is_in_transaction() const;

  void set_timeout(std::chrono::milliseconds timeout);

  /// From now on a commit that leaves at least so many pages in the WAL checkpoints: first what it can without waiting;
  /// beyond twice as many, it waits up to 100 ms for readers so that the WAL can start over.
  void bound_wal(int pages);

  Status checkpoint(Checkpoint mode);

  /// Whether SQLite has ever found the database damaged or not to be one, on this connection.
  bool is_damaged() const { return is_damaged_; }

  /// Pages that the WAL held after this connection's latest commit.
  int wal_pages() const { return last_wal_pages_; }

 private:
  friend class SqliteQuery;
  struct BusyWait;
  struct Closer {
    void operator()(sqlite3* database) const;
  };
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };

  SqliteDatabase();

  std::unexpected<Error> failure(int code);

  static int on_busy(void* wait, int attempt);
  static int on_commit(void* self, sqlite3* database, const char* name, int pages);

  std::unique_ptr<BusyWait> busy_wait_;  // outlives the connection, which points to it
  bool is_damaged_ = false;
  int wal_bound_ = 0;
  int last_wal_pages_ = 0;
  std::unique_ptr<sqlite3, Closer> database_;
  std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalizer>> statements_;  // by the address of the text
};

}  // namespace repomap
