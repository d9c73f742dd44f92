// SPDX-License-Identifier: Apache-2.0
#include "core/cache/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/base/clock.hpp"

namespace repomap {
namespace {

constexpr std::chrono::microseconds kFirstSleep{50};
constexpr std::chrono::microseconds kLongestSleep{1000};
constexpr int kRestartFactor = 2;  // times the bound at which a checkpoint waits for readers
constexpr std::chrono::milliseconds kRestartPatience{100};

ErrorCode class_of(int code, int system_error) {
  if (system_error == ENOSPC || system_error == EDQUOT) {
    return ErrorCode::kNoSpace;
  }
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: return ErrorCode::kBusy;
    case SQLITE_FULL: return ErrorCode::kNoSpace;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT: return ErrorCode::kCorrupt;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return ErrorCode::kPermissionDenied;
    case SQLITE_TOOBIG: return ErrorCode::kLimitExceeded;
    case SQLITE_CANTOPEN: return errno_error(system_error, {}).code;
    default: return ErrorCode::kIo;
  }
}

Error error_of(sqlite3* database, int code) {
  const int system_error = database == nullptr ? 0 : sqlite3_system_errno(database);
  const int extended = database == nullptr ? code : sqlite3_extended_errcode(database);
  const char* path = database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
  const char* reason = database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
  return {
      class_of(extended, (extended & 0xff) == SQLITE_IOERR || (extended & 0xff) == SQLITE_CANTOPEN ? system_error : 0),
      fmt::format("{}: {} (SQLite {})", path == nullptr ? "database" : path, reason, extended)};
}

int open_flags(SqliteAccess access) {
  // A connection is used by one thread at a time, so SQLite needs no lock of its own around it.
  const int shared = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
  switch (access) {
    case SqliteAccess::kCreate: return shared | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case SqliteAccess::kReadWrite: return shared | SQLITE_OPEN_READWRITE;
    default: return shared | SQLITE_OPEN_READONLY;
  }
}

/// The path as a URI: what means something there is escaped.
std::string uri_of(const std::string& path, SqliteAccess access) {
  std::string uri = "file:";
  for (const char byte : path) {
    if (byte == '%' || byte == '?' || byte == '#') {
      uri += fmt::format("%{:02x}", static_cast<unsigned char>(byte));
    } else {
      uri += byte;
    }
  }
  return access == SqliteAccess::kImmutable ? uri + "?immutable=1" : uri;
}

}  // namespace

SqliteQuery& SqliteQuery::bind(int parameter, std::int64_t value) {
  trouble_ |= sqlite3_bind_int64(statement_, parameter, value);
  return *this;
}

SqliteQuery& SqliteQuery::bind(int parameter, double value) {
  trouble_ |= sqlite3_bind_double(statement_, parameter, value);
  return *this;
}

SqliteQuery& SqliteQuery::bind(int parameter, std::string_view bytes) {
  // A null pointer would bind NULL.
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  trouble_ |= sqlite3_bind_blob64(statement_, parameter, data, bytes.size(), SQLITE_STATIC);
  return *this;
}

SqliteQuery& SqliteQuery::bind_text(int parameter, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  trouble_ |= sqlite3_bind_text64(statement_, parameter, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

SqliteQuery& SqliteQuery::bind(int parameter, std::optional<std::int64_t> value) {
  return value ? bind(parameter, *value) : bind_null(parameter);
}

SqliteQuery& SqliteQuery::bind_null(int parameter) {
  trouble_ |= sqlite3_bind_null(statement_, parameter);
  return *this;
}

Result<bool> SqliteQuery::next() {
  if (trouble_ != SQLITE_OK) {
    return database_->failure(trouble_);
  }
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code == SQLITE_DONE) {
    return false;
  }
  return database_->failure(code);
}

Status SqliteQuery::run() {
  auto stepped = next();
  sqlite3_reset(statement_);
  return stepped ? Status{} : Status(std::unexpected(std::move(stepped).error()));
}

void SqliteQuery::rewind() { sqlite3_reset(statement_); }

std::int64_t SqliteQuery::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double SqliteQuery::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string_view SqliteQuery::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? std::string_view()
                         : std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

bool SqliteQuery::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::optional<std::int64_t> SqliteQuery::optional_integer(int column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}

void SqliteQuery::give_back() {
  if (statement_ != nullptr) {
    sqlite3_reset(statement_);
  }
}

// How long the current wait for a lock has lasted.
struct SqliteDatabase::BusyWait {
  std::chrono::nanoseconds timeout{};
  std::chrono::nanoseconds started{};
  std::uint64_t jitter = 0x9e3779b97f4a7c15U;
};

int SqliteDatabase::on_busy(void* wait, int attempt) {
  auto& state = *static_cast<BusyWait*>(wait);
  const std::chrono::nanoseconds now = system_clock().monotonic();
  if (attempt == 0) {
    state.started = now;
  }
  const std::chrono::nanoseconds left = state.timeout - (now - state.started);
  if (left <= std::chrono::nanoseconds::zero()) {
    return 0;
  }
  // Two waiters that sleep alike would meet again and again: each sleep is between half of its length and all of it.
  state.jitter = state.jitter * 6364136223846793005U + static_cast<std::uint64_t>(now.count());
  const std::chrono::nanoseconds longest =
      std::min<std::chrono::nanoseconds>(kFirstSleep * (1 << std::min(attempt, 5)), kLongestSleep);
  const auto half = static_cast<std::uint64_t>(longest.count()) / 2;
  const std::chrono::nanoseconds sleep(half + (state.jitter >> 33U) % (half + 1));
  system_clock().sleep_for(std::min(sleep, left));
  return 1;
}

int SqliteDatabase::on_commit(void* self, sqlite3* database, const char* name, int pages) {
  auto& connection = *static_cast<SqliteDatabase*>(self);
  connection.last_wal_pages_ = pages;
  if (pages < connection.wal_bound_) {
    return SQLITE_OK;
  }
  if (pages < kRestartFactor * connection.wal_bound_) {
    sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    return SQLITE_OK;
  }
  const std::chrono::nanoseconds timeout = connection.busy_wait_->timeout;
  connection.busy_wait_->timeout = std::min<std::chrono::nanoseconds>(timeout, kRestartPatience);
  sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  connection.busy_wait_->timeout = timeout;
  return SQLITE_OK;  // the commit has succeeded; a later one tries again
}

void SqliteDatabase::Closer::operator()(sqlite3* database) const { sqlite3_close_v2(database); }
void SqliteDatabase::Finalizer::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

SqliteDatabase::SqliteDatabase() : busy_wait_(std::make_unique<BusyWait>()) {
  busy_wait_->jitter ^= reinterpret_cast<std::uintptr_t>(this);
}

SqliteDatabase::~SqliteDatabase() { statements_.clear(); }

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::string& path, SqliteAccess access,
                                                             std::chrono::milliseconds timeout) {
  std::unique_ptr<SqliteDatabase> result(new SqliteDatabase());
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(uri_of(path, access).c_str(), &database, open_flags(access), nullptr);
  result->database_.reset(database);
  if (code != SQLITE_OK) {
    Error error = error_of(database, code);
    return fail(error.code, fmt::format("open {}: {}", path, error.message));
  }
  sqlite3_extended_result_codes(database, 1);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_busy_handler(database, &SqliteDatabase::on_busy, result->busy_wait_.get());
  result->set_timeout(timeout);
  return result;
}

std::unexpected<Error> SqliteDatabase::failure(int code) {
  Error error = error_of(database_.get(), code);
  is_damaged_ = is_damaged_ || error.code == ErrorCode::kCorrupt;
  return std::unexpected(std::move(error));
}

Status SqliteDatabase::execute(const std::string& statements) {
  const int code = sqlite3_exec(database_.get(), statements.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? Status{} : Status(failure(code));
}

Status SqliteDatabase::run(StaticSql sql) {
  REPOMAP_ASSIGN(SqliteQuery query, this->query(sql));
  return query.run();
}

Result<std::int64_t> SqliteDatabase::integer_of(StaticSql sql) {
  REPOMAP_ASSIGN(SqliteQuery query, this->query(sql));
  REPOMAP_ASSIGN(const bool has_row, query.next());
  return has_row ? query.integer(0) : 0;
}

Result<SqliteQuery> SqliteDatabase::query(StaticSql sql) {
  const auto found = statements_.find(sql.text());
  if (found != statements_.end()) {
    return SqliteQuery(*this, found->second.get());
  }
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.text(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) {
    return failure(code);
  }
  statements_.emplace(sql.text(), statement);
  return SqliteQuery(*this, statement);
}

Result<std::vector<std::string>> SqliteDatabase::texts_of(const std::string& sql, int column) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &raw, nullptr);
  const std::unique_ptr<sqlite3_stmt, Finalizer> statement(raw);
  if (code != SQLITE_OK) {
    return failure(code);
  }
  std::vector<std::string> texts;
  SqliteQuery query(*this, statement.get());
  while (true) {
    REPOMAP_ASSIGN(const bool has_row, query.next());
    if (!has_row) {
      return texts;
    }
    texts.emplace_back(query.bytes(column));
  }
}

std::int64_t SqliteDatabase::last_insert_id() const { return sqlite3_last_insert_rowid(database_.get()); }

std::int64_t SqliteDatabase::changed_rows() const { return sqlite3_changes64(database_.get()); }

bool SqliteDatabase::is_in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

void SqliteDatabase::set_timeout(std::chrono::milliseconds timeout) { busy_wait_->timeout = timeout; }

void SqliteDatabase::bound_wal(int pages) {
  wal_bound_ = pages;
  sqlite3_wal_hook(database_.get(), &SqliteDatabase::on_commit, this);
}

Status SqliteDatabase::checkpoint(Checkpoint mode) {
  const int sqlite_mode = mode == Checkpoint::kPassive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE;
  const int code = sqlite3_wal_checkpoint_v2(database_.get(), "main", sqlite_mode, nullptr, nullptr);
  return code == SQLITE_OK ? Status{} : Status(failure(code));
}

}  // namespace repomap
