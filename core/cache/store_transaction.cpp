// SPDX-License-Identifier: Apache-2.0
#include "core/cache/store_transaction.hpp"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "core/base/digest.hpp"
#include "core/base/process_identity.hpp"
#include "core/cache/entry_table.hpp"
#include "core/cache/store_cull.hpp"
#include "core/cache/value_stream.hpp"
#include "core/cache/write_session.hpp"

namespace repomap {
namespace {

// A long batch makes room while it goes on, so that the database does not grow far beyond its limit first.
constexpr std::int64_t kCullEveryBytes = 4 << 20;

std::optional<std::int64_t> expiry_of(const WriteSession& session, std::optional<Clock::WallTime> expires) {
  if (expires) {
    return expires->time_since_epoch().count();
  }
  if (session.settings.ttl) {
    return session.context.now_us() + std::chrono::microseconds(*session.settings.ttl).count();
  }
  return std::nullopt;
}

/// The result, with what went wrong noted as a reason not to commit.
template <typename T>
Result<T> noted(WriteSession& session, Result<T> result) {
  if (!result) {
    session.note(std::unexpected(result.error()));
  }
  return result;
}

Result<LookUp> look_up_and_mend(WriteSession& session, const CacheKey& key) {
  REPOMAP_ASSIGN(LookUp found,
                 look_up(*session.database, session.context.storage, key.encoded(), session.context.now_us()));
  if (found.state == LookUpState::kDamaged) {
    REPOMAP_ASSIGN(const auto row, find_row(*session.database, key.encoded()));
    if (row) {
      REPOMAP_TRY(remove_entry(session, *row));
      ++session.context.damaged;
    }
  }
  return found;
}

Result<ValueColumns> pack(WriteSession& session, const CacheValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return ValueStorage::pack(*integer);
  }
  if (const auto* real = std::get_if<double>(&value)) {
    return ValueStorage::pack(*real);
  }
  return session.context.storage.pack(std::get<std::string>(value), session.settings.min_file_bytes, session.scratch);
}

Status put(WriteSession& session, const CacheKey& key, const CacheValue& value, const EntryOptions& options) {
  REPOMAP_ASSIGN(const ValueColumns columns, pack(session, value));
  return put_entry(session, {key.encoded(), options.tags, expiry_of(session, options.expires), columns});
}

Result<bool> put_if_absent(WriteSession& session, const CacheKey& key, const CacheValue& value,
                           const EntryOptions& options) {
  REPOMAP_ASSIGN(const bool is_there, is_live(*session.database, key.encoded(), session.context.now_us()));
  if (is_there) {
    return false;
  }
  REPOMAP_TRY(put(session, key, value, options));
  return true;
}

Result<std::int64_t> add_to(WriteSession& session, const CacheKey& key, std::int64_t delta,
                            std::optional<std::int64_t> initial) {
  REPOMAP_ASSIGN(const LookUp found, look_up_and_mend(session, key));
  std::int64_t sum = 0;
  if (found.state != LookUpState::kHit) {
    if (!initial) {
      return fail(ErrorCode::kNotFound, fmt::format("no entry {} to count in", key.to_display()));
    }
    if (__builtin_add_overflow(*initial, delta, &sum)) {
      return fail(ErrorCode::kLimitExceeded, fmt::format("{}: the sum does not fit 64 bits", key.to_display()));
    }
    REPOMAP_TRY(put_entry(session, {key.encoded(), {}, std::nullopt, ValueStorage::pack(sum)}));
    return sum;
  }
  const auto* value = std::get_if<std::int64_t>(&found.entry.value);
  if (value == nullptr) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{} holds no integer to count with", key.to_display()));
  }
  if (__builtin_add_overflow(*value, delta, &sum)) {
    return fail(ErrorCode::kLimitExceeded, fmt::format("{}: the sum does not fit 64 bits", key.to_display()));
  }
  REPOMAP_TRY(replace_number(session, key.encoded(), sum));
  return sum;
}

/// Removes the row of a key; whether it was a live entry.
Result<bool> remove_key(WriteSession& session, const CacheKey& key) {
  REPOMAP_ASSIGN(const auto row, find_row(*session.database, key.encoded(), session.context.now_us()));
  if (!row) {
    return false;
  }
  REPOMAP_TRY(remove_entry(session, *row));
  return true;
}

Status put_streamed(WriteSession& session, const CacheKey& key, ValueColumns columns, const EntryOptions& options,
                    std::chrono::nanoseconds created) {
  NewEntry entry{key.encoded(), options.tags, expiry_of(session, options.expires), columns, created};
  return put_entry(session, entry);
}

/// The key of the first or last row, or nothing.
Result<std::optional<CacheKey>> outermost_key(WriteSession& session, KeyDirection from) {
  REPOMAP_ASSIGN(SqliteQuery query, from == KeyDirection::kForward
                                        ? session.database->query("SELECT key FROM entries ORDER BY id LIMIT 1")
                                        : session.database->query("SELECT key FROM entries ORDER BY id DESC LIMIT 1"));
  REPOMAP_ASSIGN(const bool has_row, query.next());
  if (!has_row) {
    return std::nullopt;
  }
  REPOMAP_ASSIGN(CacheKey key, CacheKey::from_encoded(query.bytes(0)));
  return key;
}

Result<std::optional<KeyedEntry>> peek_at(WriteSession& session, KeyDirection from) {
  while (true) {
    REPOMAP_ASSIGN(std::optional<CacheKey> key, outermost_key(session, from));
    if (!key) {
      return std::nullopt;
    }
    REPOMAP_ASSIGN(LookUp found, look_up_and_mend(session, *key));
    if (found.state == LookUpState::kHit) {
      return KeyedEntry{std::move(*key), std::move(found.entry)};
    }
    REPOMAP_ASSIGN(const auto row, find_row(*session.database, key->encoded()));
    if (row) {
      REPOMAP_TRY(remove_entry(session, *row));
      ++session.expired;
    }
  }
}

/// Stores one item of a batch; false: it is larger than the limit.
Result<bool> put_item(WriteSession& session, const StoreItem& item) {
  REPOMAP_ASSIGN(const ValueColumns columns,
                 session.context.storage.pack(item.bytes, session.settings.min_file_bytes, session.scratch));
  const std::span<const CacheTag> tags = item.tags == nullptr ? std::span<const CacheTag>() : *item.tags;
  Status stored = put_entry(session, {item.key->encoded(), tags, expiry_of(session, item.expires), columns});
  if (stored) {
    return true;
  }
  if (stored.error().code != ErrorCode::kLimitExceeded) {
    return std::unexpected(std::move(stored).error());
  }
  // What the key had is out of date now.
  REPOMAP_TRY(remove_key(session, *item.key));
  return false;
}

Status put_items(WriteSession& session, std::span<const StoreItem> items) {
  std::size_t too_large = 0;
  std::int64_t unculled_bytes = 0;
  for (const StoreItem& item : items) {
    REPOMAP_ASSIGN(const bool is_stored, put_item(session, item));
    too_large += is_stored ? 0 : 1;
    unculled_bytes += static_cast<std::int64_t>(item.bytes.size());
    if (unculled_bytes > kCullEveryBytes) {
      REPOMAP_TRY(cull_after_writes(session));
      unculled_bytes = 0;
    }
  }
  if (too_large > 0) {
    return fail(ErrorCode::kLimitExceeded,
                fmt::format("{} of {} entries are larger than the limit of their store", too_large, items.size()));
  }
  return {};
}

/// The rows with that tag, at most `limit`.
Result<std::vector<EntryRef>> rows_with(WriteSession& session, const CacheTag& tag, std::size_t limit) {
  REPOMAP_ASSIGN(SqliteQuery query,
                 session.database->query("SELECT e.id, e.size, e.tags, e.file FROM entry_tags t JOIN entries e "
                                         "ON e.id = t.entry WHERE t.tag_hash = ?1 ORDER BY t.entry"));
  query.bind(1, static_cast<std::int64_t>(hash64_of(tag.label)));
  std::vector<EntryRef> rows;
  while (rows.size() < limit) {
    REPOMAP_ASSIGN(const bool has_row, query.next());
    if (!has_row) {
      break;
    }
    // Another label may have the same hash.
    if (has_tag(query.bytes(2), tag.label)) {
      rows.push_back({query.integer(0), query.integer(1), std::string(query.bytes(2)), std::string(query.bytes(3))});
    }
  }
  return rows;
}

Result<std::size_t> remove_tagged(WriteSession& session, std::span<const CacheTag> tags, std::size_t limit) {
  std::size_t removed = 0;
  for (const CacheTag& tag : tags) {
    REPOMAP_ASSIGN(const std::vector<EntryRef> rows, rows_with(session, tag, limit - removed));
    for (const EntryRef& row : rows) {
      REPOMAP_TRY(remove_entry(session, row));
    }
    removed += rows.size();
    if (removed == limit) {
      break;
    }
  }
  return removed;
}

}  // namespace

StoreTransaction::StoreTransaction(WriteSession& session)
    : session_(&session), depth_(session.depth), serial_(session.serial), generation_(fork_generation()) {}

StoreTransaction::StoreTransaction(StoreTransaction&& other) noexcept
    : session_(std::exchange(other.session_, nullptr)),
      depth_(other.depth_),
      serial_(other.serial_),
      generation_(other.generation_) {}

StoreTransaction::~StoreTransaction() { rollback(); }

Status StoreTransaction::check() const {
  if (session_ == nullptr) {
    return fail(ErrorCode::kInvalidArgument, "the transaction has ended");
  }
  if (generation_ != fork_generation()) {
    return fail(ErrorCode::kUnsupported, "the transaction belongs to the process that this one was forked from");
  }
  if (session_->serial != serial_ || session_->depth != depth_) {
    return fail(ErrorCode::kInvalidArgument, session_->depth > depth_ && session_->serial == serial_
                                                 ? "a transaction nested in this one has not ended"
                                                 : "the transaction around this one has ended");
  }
  return {};
}

Status StoreTransaction::commit() {
  REPOMAP_TRY(check());
  return std::exchange(session_, nullptr)->commit();
}

void StoreTransaction::rollback() {
  if (session_ == nullptr || generation_ != fork_generation() || session_->serial != serial_) {
    return;
  }
  // Those nested in this one go with it.
  while (session_->depth > depth_) {
    session_->rollback();
  }
  if (session_->depth == depth_) {
    session_->rollback();
  }
  session_ = nullptr;
}

Result<std::optional<StoredEntry>> StoreTransaction::get(const CacheKey& key) {
  REPOMAP_TRY(check());
  REPOMAP_ASSIGN(LookUp found, noted(*session_, look_up_and_mend(*session_, key)));
  const bool is_hit = found.state == LookUpState::kHit;
  session_->context.count(is_hit);
  if (!is_hit) {
    return std::nullopt;
  }
  if (session_->context.logs_accesses) {
    session_->context.access_log.record(found.id, session_->context.next_stamp());
  }
  return std::move(found.entry);
}

Result<bool> StoreTransaction::contains(const CacheKey& key) {
  REPOMAP_TRY(check());
  return is_live(*session_->database, key.encoded(), session_->context.now_us());
}

Status StoreTransaction::set(const CacheKey& key, const CacheValue& value, const EntryOptions& options) {
  REPOMAP_TRY(check());
  Status stored = put(*session_, key, value, options);
  session_->note(stored);
  return stored;
}

Status StoreTransaction::set_streamed(const CacheKey& key, ValueWriter&& value, const EntryOptions& options) {
  REPOMAP_TRY(check());
  ValueWriter writer = std::move(value);
  REPOMAP_TRY(writer.finish(session_->settings.synchronous));
  session_->scratch.file = writer.name_;
  session_->scratch.digest = digest_bytes(writer.digest_.digest());
  const ValueColumns columns = ValueStorage::pack_file(writer.size_bytes(), session_->scratch);
  writer.let_go();
  Status stored = put_streamed(*session_, key, columns, options, writer.created_);
  session_->note(stored);
  return stored;
}

Result<std::optional<KeyedEntry>> StoreTransaction::peek(KeyDirection from) {
  REPOMAP_TRY(check());
  return noted(*session_, peek_at(*session_, from));
}

Result<bool> StoreTransaction::add(const CacheKey& key, const CacheValue& value, const EntryOptions& options) {
  REPOMAP_TRY(check());
  return noted(*session_, put_if_absent(*session_, key, value, options));
}

Result<bool> StoreTransaction::touch(const CacheKey& key, std::optional<Clock::WallTime> expires) {
  REPOMAP_TRY(check());
  const auto expires_us = expires ? std::optional(std::int64_t{expires->time_since_epoch().count()}) : std::nullopt;
  return noted(*session_, touch_entry(*session_, key.encoded(), expires_us));
}

Result<std::int64_t> StoreTransaction::increment(const CacheKey& key, std::int64_t delta,
                                                 std::optional<std::int64_t> initial) {
  REPOMAP_TRY(check());
  return noted(*session_, add_to(*session_, key, delta, initial));
}

Result<bool> StoreTransaction::erase(const CacheKey& key) {
  REPOMAP_TRY(check());
  return noted(*session_, remove_key(*session_, key));
}

Result<std::optional<StoredEntry>> StoreTransaction::pop(const CacheKey& key) {
  REPOMAP_TRY(check());
  REPOMAP_ASSIGN(LookUp found, noted(*session_, look_up_and_mend(*session_, key)));
  if (found.state != LookUpState::kHit) {
    return std::nullopt;
  }
  REPOMAP_TRY(noted(*session_, remove_key(*session_, key)));
  return std::move(found.entry);
}

Result<std::vector<std::optional<StoredEntry>>> StoreTransaction::get_many(std::span<const CacheKey> keys) {
  std::vector<std::optional<StoredEntry>> entries;
  entries.reserve(keys.size());
  for (const CacheKey& key : keys) {
    REPOMAP_ASSIGN(auto entry, get(key));
    entries.push_back(std::move(entry));
  }
  return entries;
}

Status StoreTransaction::put_many(std::span<const StoreItem> items) {
  REPOMAP_TRY(check());
  Status stored = put_items(*session_, items);
  session_->note(stored);
  return stored;
}

Result<std::size_t> StoreTransaction::erase_many(std::span<const CacheKey> keys) {
  std::size_t erased = 0;
  for (const CacheKey& key : keys) {
    REPOMAP_ASSIGN(const bool was_there, erase(key));
    erased += was_there ? 1 : 0;
  }
  return erased;
}

Result<std::size_t> StoreTransaction::evict(std::span<const CacheTag> tags, std::size_t limit) {
  REPOMAP_TRY(check());
  return noted(*session_, remove_tagged(*session_, tags, limit));
}

SqliteDatabase& StoreTransaction::database() {
  session_->slack_bytes = 0;  // what other tables take counts against the limit too
  return *session_->database;
}

void StoreTransaction::set_failed(const Error& error) {
  if (check()) {
    session_->set_failed(error);
  }
}

Result<ValueColumns> StoreTransaction::store_value(const CacheValue& value) {
  REPOMAP_TRY(check());
  REPOMAP_ASSIGN(const ValueColumns columns, noted(*session_, pack(*session_, value)));
  if (!columns.file.empty()) {
    Status adopted = session_->adopt_file(columns.file, columns.size_bytes);
    session_->note(adopted);
    REPOMAP_TRY(std::move(adopted));
  }
  return columns;
}

Result<CacheValue> StoreTransaction::load_value(const ValueColumns& columns) {
  REPOMAP_TRY(check());
  return session_->context.storage.unpack(columns);
}

Status StoreTransaction::drop_value(const ValueColumns& columns) {
  REPOMAP_TRY(check());
  if (columns.file.empty()) {
    return {};
  }
  Status dropped = session_->drop_file(columns.file, columns.size_bytes);
  session_->note(dropped);
  return dropped;
}

}  // namespace repomap
