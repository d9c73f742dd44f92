// SPDX-License-Identifier: Apache-2.0
#include "core/cache/write_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/cache/store_cull.hpp"
#include "core/cache/store_schema.hpp"
#include "core/cache/stored_settings.hpp"

namespace repomap {
namespace {

constexpr std::string_view kFileBytesKey = "file_bytes";
constexpr std::string_view kHitsKey = "hits";
constexpr std::string_view kMissesKey = "misses";

// Written along with a change every so often: each time costs a page of the log.
constexpr std::uint64_t kManyCounts = 4096;

/// Whether the failure left things as they were: the caller was told no.
bool is_refusal(ErrorCode code) {
  return code == ErrorCode::kNotFound || code == ErrorCode::kInvalidArgument || code == ErrorCode::kLimitExceeded;
}

}  // namespace

Status WriteSession::begin() {
  if (Status started = database->run("BEGIN IMMEDIATE"); !started) {
    gate.leave();
    return started;
  }
  depth = 1;
  ++serial;
  changes_to_cull = 0;
  last_written_id = 0;
  evicted = 0;
  expired = 0;
  writing_hits_ = 0;
  writing_misses_ = 0;
  frames_.assign(1, Frame{0, 0, file_bytes, std::nullopt});
  Status ready = refresh();
  if (!ready) {
    rollback();
  }
  return ready;
}

// Reads what other connections may have changed, if any has changed anything.
Status WriteSession::refresh() {
  REPOMAP_ASSIGN(const std::int64_t version, database->integer_of("PRAGMA data_version"));
  if (version != data_version) {
    REPOMAP_TRY(load_state());
    data_version = version;
  }
  if (!has_taken_over_) {
    REPOMAP_TRY(take_over_pending());
    has_taken_over_ = true;
  }
  frames_.front().file_bytes = file_bytes;
  return {};
}

Status WriteSession::load_state() {
  earliest_expiry_us = 0;
  slack_bytes = 0;
  REPOMAP_ASSIGN(stored_file_bytes_, read_meta_integer(*database, kFileBytesKey));
  file_bytes = stored_file_bytes_;
  REPOMAP_ASSIGN(const auto bytes, read_meta(*database, "settings"));
  if (bytes && *bytes != settings_bytes) {
    REPOMAP_ASSIGN(settings, decode_settings(*bytes, context.settings()));
    settings_bytes = *bytes;
    context.set_settings(settings);
  }
  REPOMAP_ASSIGN(const std::int64_t newest,
                 database->integer_of("SELECT stored_us FROM entries ORDER BY id DESC LIMIT 1"));
  context.raise_stamp(newest);
  if (schema_pages == 0) {
    REPOMAP_ASSIGN(schema_pages, database->integer_of("SELECT count(*) + 2 FROM sqlite_schema WHERE rootpage > 0"));
  }
  return {};
}

// What an earlier process has dropped, but was not there any more to remove.
Status WriteSession::take_over_pending() {
  REPOMAP_ASSIGN(SqliteQuery query, database->query("SELECT name FROM pending_delete"));
  while (true) {
    REPOMAP_ASSIGN(const bool has_row, query.next());
    if (!has_row) {
      return {};
    }
    std::string name(query.bytes(0));
    if (context.storage.files().remove(name)) {
      tombstones.push_back(std::move(name));
    }
  }
}

Status WriteSession::begin_nested() {
  REPOMAP_TRY(database->run("SAVEPOINT nested"));
  ++depth;
  frames_.push_back({created_.size(), dropped_.size(), file_bytes, std::nullopt});
  return {};
}

Status WriteSession::commit() {
  if (frames_.back().failure) {
    Error error = *frames_.back().failure;
    rollback();
    return std::unexpected(std::move(error));
  }
  if (depth == 1) {
    return commit_outermost();
  }
  Status released = database->run("RELEASE nested");
  frames_.pop_back();
  --depth;
  note(released);
  return released;
}

Status WriteSession::write_down() {
  if (changes_to_cull > 0) {
    REPOMAP_TRY(cull_after_writes(*this));
  }
  for (const std::string& name : tombstones) {
    REPOMAP_ASSIGN(SqliteQuery query, database->query("DELETE FROM pending_delete WHERE name = ?1"));
    REPOMAP_TRY(query.bind_text(1, name).run());
  }
  if (file_bytes != stored_file_bytes_) {
    REPOMAP_TRY(add_to_meta(*database, kFileBytesKey, file_bytes - stored_file_bytes_));
  }
  if (context.unwritten_counts() >= kManyCounts) {
    REPOMAP_TRY(write_counts());
  }
  const std::chrono::nanoseconds now = context.clock->monotonic();
  for (const CreatedFile& file : created_) {
    if (now - file.created > kOrphanGrace / 2 && !context.storage.files().exists(file.name)) {
      return fail(ErrorCode::kIo, fmt::format("{}: the value file was removed while it was written", file.name));
    }
  }
  if (!database->is_in_transaction()) {
    return fail(ErrorCode::kIo, "SQLite has undone the transaction");
  }
  return database->run("COMMIT");
}

Status WriteSession::commit_outermost() {
  if (Status written = write_down(); !written) {
    rollback();
    return written;
  }
  tombstones.clear();
  stored_file_bytes_ = file_bytes;
  context.written_hits += writing_hits_;
  context.written_misses += writing_misses_;
  context.evictions += evicted;
  context.expirations += expired;
  for (std::string& name : dropped_) {
    if (context.storage.files().remove(name)) {
      tombstones.push_back(std::move(name));
    }
  }
  created_.clear();
  dropped_.clear();
  frames_.clear();
  depth = 0;
  gate.leave();
  return {};
}

void WriteSession::rollback() {
  const Frame frame = frames_.back();
  if (depth == 1) {
    if (database->is_in_transaction() && !database->execute("ROLLBACK")) {
      database.reset();  // closing undoes it for certain
    }
    rollback_to(frame);
    frames_.clear();
    depth = 0;
    gate.leave();
    return;
  }
  Status undone = database->execute("ROLLBACK TO nested; RELEASE nested");
  rollback_to(frame);
  frames_.pop_back();
  --depth;
  note(undone);
}

void WriteSession::rollback_to(const Frame& frame) {
  for (std::size_t i = frame.created; i < created_.size(); ++i) {
    static_cast<void>(context.storage.files().remove(created_[i].name));
  }
  created_.resize(frame.created);
  dropped_.resize(frame.dropped);
  file_bytes = frame.file_bytes;
  earliest_expiry_us = 0;
  slack_bytes = 0;
}

void WriteSession::set_failed(const Error& error) {
  if (!frames_.empty() && !frames_.back().failure) {
    frames_.back().failure = error;
  }
}

void WriteSession::note(const Status& status) {
  if (!status && !is_refusal(status.error().code)) {
    set_failed(status.error());
  }
}

Status WriteSession::write_counts() {
  writing_hits_ = context.hits.total() - context.written_hits;
  writing_misses_ = context.misses.total() - context.written_misses;
  REPOMAP_TRY(add_to_meta(*database, kHitsKey, static_cast<std::int64_t>(writing_hits_)));
  return add_to_meta(*database, kMissesKey, static_cast<std::int64_t>(writing_misses_));
}

Status WriteSession::reset_counts() {
  REPOMAP_TRY(write_counts());
  return database->run("DELETE FROM meta WHERE key IN ('hits', 'misses')");
}

Status WriteSession::change_settings(CacheSettings wanted) {
  wanted.shards = settings.shards;
  REPOMAP_TRY(write_meta(*database, "settings", encode_settings(wanted)));
  REPOMAP_TRY(apply_policy_index(*database, wanted.eviction));
  data_version = -1;
  slack_bytes = 0;
  settings = wanted;
  settings_bytes.clear();
  context.set_settings(wanted);
  return {};
}

Status WriteSession::adopt_file(std::string_view name, std::int64_t size_bytes, std::chrono::nanoseconds created) {
  created_.push_back({std::string(name), created});
  REPOMAP_ASSIGN(SqliteQuery query, database->query("INSERT INTO value_files(name, size) VALUES(?1, ?2)"));
  REPOMAP_TRY(query.bind_text(1, name).bind(2, size_bytes).run());
  file_bytes += size_bytes;
  return {};
}

Status WriteSession::drop_file(std::string_view name, std::int64_t size_bytes) {
  {
    REPOMAP_ASSIGN(SqliteQuery query, database->query("DELETE FROM value_files WHERE name = ?1"));
    REPOMAP_TRY(query.bind_text(1, name).run());
    if (database->changed_rows() == 0) {
      return {};
    }
  }
  file_bytes -= size_bytes;
  REPOMAP_ASSIGN(SqliteQuery query, database->query("INSERT OR IGNORE INTO pending_delete(name) VALUES(?1)"));
  REPOMAP_TRY(query.bind_text(1, name).run());
  dropped_.emplace_back(name);
  return {};
}

Status WriteSession::correct_file_bytes(std::int64_t sum) {
  REPOMAP_TRY(add_to_meta(*database, kFileBytesKey, sum - stored_file_bytes_));
  stored_file_bytes_ = sum;
  file_bytes = sum;
  data_version = -1;  // read again, should this be undone
  return {};
}

void WriteSession::discard_file(std::string_view name) { static_cast<void>(context.storage.files().remove(name)); }

}  // namespace repomap
