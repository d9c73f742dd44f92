// SPDX-License-Identifier: Apache-2.0
#include "core/cache/disk_store.hpp"

#include <sys/stat.h>

#include <limits>
#include <utility>

#include "core/base/digest.hpp"
#include "core/cache/entry_table.hpp"
#include "core/cache/store_cull.hpp"
#include "core/cache/store_schema.hpp"
#include "core/cache/store_snapshot.hpp"
#include "core/cache/store_state.hpp"

namespace repomap {
namespace {

constexpr std::size_t kRemovalBatch = 1000;

std::uint64_t file_size(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

Status remove_if_damaged(WriteSession& session, std::string_view key) {
  StoreContext& context = session.context;
  REPOMAP_ASSIGN(const LookUp found, look_up(*session.database, context.storage, key, context.now_us()));
  if (found.state != LookUpState::kDamaged) {
    return {};
  }
  REPOMAP_ASSIGN(const auto row, find_row(*session.database, key));
  if (row) {
    REPOMAP_TRY(remove_entry(session, *row));
    ++context.damaged;
  }
  return {};
}

/// The entries of many keys, and the positions of those that are damaged.
struct FoundEntries {
  std::vector<std::optional<StoredEntry>> entries;
  std::vector<std::size_t> damaged;
};

Result<FoundEntries> look_up_all(SqliteDatabase& database, StoreContext& context, std::span<const CacheKey> keys) {
  FoundEntries result;
  result.entries.resize(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    REPOMAP_ASSIGN(LookUp found, look_up(database, context.storage, keys[i].encoded(), context.now_us()));
    context.count(found.state == LookUpState::kHit);
    if (found.state == LookUpState::kDamaged) {
      result.damaged.push_back(i);
    } else if (found.state == LookUpState::kHit) {
      result.entries[i] = std::move(found.entry);
      if (context.logs_accesses.load(std::memory_order_relaxed)) {
        context.access_log.record(found.id, context.next_stamp());
      }
    }
  }
  return result;
}

/// The same in one transaction: the locks are taken once, and the entries fit together.
Result<FoundEntries> look_up_together(SqliteDatabase& database, StoreContext& context, std::span<const CacheKey> keys) {
  if (database.is_in_transaction()) {
    return look_up_all(database, context, keys);
  }
  REPOMAP_TRY(database.run("BEGIN"));
  auto found = look_up_all(database, context, keys);
  REPOMAP_TRY(database.run("COMMIT"));
  return found;
}

}  // namespace

DiskStore::DiskStore(std::unique_ptr<State> state) : state_(std::move(state)) {}

DiskStore::~DiskStore() {
  if (state_) {
    state_->shut_down();
  }
}

Result<std::unique_ptr<DiskStore>> DiskStore::open(DiskStoreConfig config) {
  REPOMAP_ASSIGN(const PreparedStore prepared, prepare_store(config));
  return std::unique_ptr<DiskStore>(new DiskStore(std::make_unique<State>(std::move(config), prepared)));
}

Result<StoreTransaction> DiskStore::begin() {
  REPOMAP_TRY(state_->check_usable());
  if (state_->gate.is_mine()) {
    REPOMAP_TRY(state_->session.begin_nested());
  } else {
    Status begun = state_->begin_outermost();
    if (!begun && begun.error().code == ErrorCode::kCorrupt) {
      begun = state_->begin_outermost();  // which has replaced what was damaged
    }
    REPOMAP_TRY(std::move(begun));
  }
  return StoreTransaction(state_->session);
}

Result<StoreSnapshot> DiskStore::snapshot() {
  REPOMAP_TRY(state_->check_usable());
  if (state_->gate.is_mine()) {
    return StoreSnapshot(*state_->session.database, state_->context.storage);
  }
  REPOMAP_ASSIGN(ConnectionPool::Loan loan, state_->borrow());
  return StoreSnapshot::begin(std::move(loan), state_->context.storage);
}

// Runs the body in a transaction; once more in a new database if this one turned out to be damaged.
template <typename Body>
auto DiskStore::write(Body&& body) -> decltype(body(std::declval<StoreTransaction&>())) {
  auto result = transact(body);
  if (!result && result.error().code == ErrorCode::kCorrupt && !state_->gate.is_mine()) {
    return transact(body);
  }
  return result;
}

// Runs the body on a connection to read with: that of this thread's transaction, if there is one.
template <typename Body>
auto DiskStore::read(Body&& body) -> decltype(body(std::declval<SqliteDatabase&>())) {
  REPOMAP_TRY(state_->check_usable());
  if (state_->gate.is_mine()) {
    return body(*state_->session.database);
  }
  {
    REPOMAP_ASSIGN(ConnectionPool::Loan loan, state_->borrow());
    auto result = body(loan.database());
    if (result || !loan.database().is_damaged() || state_->is_read_only) {
      return result;
    }
  }
  REPOMAP_TRY(state_->recover());
  REPOMAP_ASSIGN(ConnectionPool::Loan loan, state_->borrow());
  return body(loan.database());
}

Result<std::optional<StoredEntry>> DiskStore::get(const CacheKey& key) {
  StoreContext& context = state_->context;
  REPOMAP_ASSIGN(LookUp found, read([&](SqliteDatabase& database) {
                   return look_up(database, context.storage, key.encoded(), context.now_us());
                 }));
  context.count(found.state == LookUpState::kHit);
  if (found.state == LookUpState::kDamaged) {
    REPOMAP_TRY(remove_damaged(key));
  }
  if (found.state != LookUpState::kHit) {
    return std::nullopt;
  }
  if (context.logs_accesses.load(std::memory_order_relaxed)) {
    note_access(found.id);
  }
  return std::move(found.entry);
}

// The store could not be read as it said; what is wrong is decided again under the right to write, for another writer
// may have replaced the entry, and removed its file, between the two steps of the read.
Status DiskStore::remove_damaged(const CacheKey& key) {
  if (state_->is_read_only) {
    ++state_->context.damaged;
    return {};
  }
  Status removed = transact([&](StoreTransaction&) { return remove_if_damaged(state_->session, key.encoded()); });
  // A miss all the same: whoever writes next removes it.
  return !removed && removed.error().code == ErrorCode::kBusy ? Status{} : removed;
}

void DiskStore::note_access(std::int64_t id) {
  const bool is_due = state_->context.access_log.record(id, state_->context.next_stamp());
  if (is_due && !state_->is_read_only && !state_->gate.is_mine()) {
    // A read that fails for the sake of its own bookkeeping would be absurd.
    static_cast<void>(transact([&](StoreTransaction&) { return write_accesses(state_->session); }));
  }
}

Result<bool> DiskStore::contains(const CacheKey& key) {
  return read([&](SqliteDatabase& database) { return is_live(database, key.encoded(), state_->context.now_us()); });
}

Result<std::vector<std::optional<StoredEntry>>> DiskStore::get_many(std::span<const CacheKey> keys) {
  REPOMAP_ASSIGN(FoundEntries found,
                 read([&](SqliteDatabase& database) { return look_up_together(database, state_->context, keys); }));
  for (const std::size_t i : found.damaged) {
    REPOMAP_TRY(remove_damaged(keys[i]));
  }
  return std::move(found.entries);
}

Result<std::optional<ValueReader>> DiskStore::open_value(const CacheKey& key) {
  const ValueStorage& storage = state_->context.storage;
  auto opened = read([&](SqliteDatabase& database) -> Result<std::optional<ValueReader>> {
    REPOMAP_ASSIGN(const FoundColumns found, find_columns(database, key.encoded(), state_->context.now_us()));
    if (!found.is_live) {
      return std::nullopt;
    }
    const bool is_encoded = storage.codec() != nullptr && found.value.type == ValueType::kEncoded;
    if (found.value.file.empty() || is_encoded) {
      REPOMAP_ASSIGN(CacheValue value, storage.unpack(found.value));
      auto* bytes = std::get_if<std::string>(&value);
      if (bytes == nullptr) {
        return fail(ErrorCode::kInvalidArgument, key.to_display() + " holds a number, which is no stream");
      }
      return ValueReader(std::move(*bytes));
    }
    REPOMAP_ASSIGN(ValueReader reader, ValueReader::open(storage.files(), std::string(found.value.file),
                                                         static_cast<std::uint64_t>(found.value.size_bytes),
                                                         digest_from_bytes(found.value.bytes)));
    return reader;
  });
  const bool is_damaged =
      !opened && (opened.error().code == ErrorCode::kNotFound || opened.error().code == ErrorCode::kCorrupt);
  state_->context.count(opened && *opened);
  if (is_damaged) {
    REPOMAP_TRY(remove_damaged(key));
    return std::nullopt;
  }
  return opened;
}

Result<ValueWriter> DiskStore::new_value() {
  return ValueWriter::create(state_->context.storage.files(), *state_->config.clock);
}

Status DiskStore::set_streamed(const CacheKey& key, ValueWriter&& value, const EntryOptions& options) {
  return transact(
      [&](StoreTransaction& transaction) { return transaction.set_streamed(key, std::move(value), options); });
}

Result<std::optional<KeyedEntry>> DiskStore::peek(KeyDirection from) {
  return write([&](StoreTransaction& transaction) { return transaction.peek(from); });
}

Status DiskStore::set(const CacheKey& key, const CacheValue& value, const EntryOptions& options) {
  return write([&](StoreTransaction& transaction) { return transaction.set(key, value, options); });
}

Result<bool> DiskStore::add(const CacheKey& key, const CacheValue& value, const EntryOptions& options) {
  return write([&](StoreTransaction& transaction) { return transaction.add(key, value, options); });
}

Result<bool> DiskStore::touch(const CacheKey& key, std::optional<Clock::WallTime> expires) {
  return write([&](StoreTransaction& transaction) { return transaction.touch(key, expires); });
}

Result<std::int64_t> DiskStore::increment(const CacheKey& key, std::int64_t delta,
                                          std::optional<std::int64_t> initial) {
  return write([&](StoreTransaction& transaction) { return transaction.increment(key, delta, initial); });
}

Result<bool> DiskStore::erase(const CacheKey& key) {
  return write([&](StoreTransaction& transaction) { return transaction.erase(key); });
}

Result<std::optional<StoredEntry>> DiskStore::pop(const CacheKey& key) {
  return write([&](StoreTransaction& transaction) { return transaction.pop(key); });
}

Status DiskStore::put_many(std::span<const StoreItem> items) {
  // Those that are too large do not keep the others from being stored.
  Status refused;
  Status written = write([&](StoreTransaction& transaction) -> Status {
    refused = transaction.put_many(items);
    return refused || refused.error().code == ErrorCode::kLimitExceeded ? Status{} : refused;
  });
  return written ? refused : written;
}

Result<std::size_t> DiskStore::erase_many(std::span<const CacheKey> keys) {
  return write([&](StoreTransaction& transaction) { return transaction.erase_many(keys); });
}

// Runs the batch, which gives how many it has removed, in transactions of its own until it removes less than it may.
template <typename Batch>
Removal DiskStore::remove_in_batches(Batch&& batch) {
  Removal removal;
  while (true) {
    Result<std::size_t> removed = write(batch);
    if (!removed) {
      removal.status = std::unexpected(std::move(removed).error());
      return removal;
    }
    removal.removed += *removed;
    if (*removed < kRemovalBatch) {
      return removal;
    }
  }
}

Removal DiskStore::evict(std::span<const CacheTag> tags) {
  return remove_in_batches([&](StoreTransaction& transaction) { return transaction.evict(tags, kRemovalBatch); });
}

Removal DiskStore::expire(Clock::WallTime until) {
  return remove_in_batches([&](StoreTransaction&) {
    return remove_expired(state_->session, until.time_since_epoch().count(), kRemovalBatch);
  });
}

Removal DiskStore::cull() {
  Removal removal = expire();
  if (removal.status) {
    Removal evicted =
        remove_in_batches([&](StoreTransaction&) { return remove_victims(state_->session, kRemovalBatch); });
    removal.removed += evicted.removed;
    removal.status = std::move(evicted.status);
  }
  return removal;
}

Removal DiskStore::clear() {
  return remove_in_batches([&](StoreTransaction&) { return remove_first(state_->session, kRemovalBatch); });
}

Result<std::vector<ListedKey>> DiskStore::keys_by_tag(const CacheTag& tag, std::int64_t after, std::size_t limit) {
  return read([&](SqliteDatabase& database) {
    return list_keys_by_tag(database, tag, {after, limit, state_->context.now_us()});
  });
}

Result<std::size_t> DiskStore::count() {
  REPOMAP_ASSIGN(const std::int64_t rows,
                 read([](SqliteDatabase& database) { return database.integer_of("SELECT count(*) FROM entries"); }));
  return static_cast<std::size_t>(rows);
}

Result<std::uint64_t> DiskStore::volume() {
  const std::string& path = state_->readers.config().path;
  REPOMAP_ASSIGN(const std::int64_t files, read([](SqliteDatabase& database) {
                   return database.integer_of("SELECT coalesce(sum(size + 32), 0) FROM value_files");
                 }));
  return static_cast<std::uint64_t>(files) + file_size(path) + file_size(path + "-wal") + file_size(path + "-shm");
}

StoreStats DiskStore::stats() {
  const StoreContext& context = state_->context;
  StoreStats stats;
  const std::uint64_t written_hits = context.written_hits;
  const std::uint64_t written_misses = context.written_misses;
  // Statistics of a store that cannot be read are those of this handle.
  static_cast<void>(read([&](SqliteDatabase& database) -> Status {
    REPOMAP_ASSIGN(const std::int64_t hits, read_meta_integer(database, "hits"));
    REPOMAP_ASSIGN(const std::int64_t misses, read_meta_integer(database, "misses"));
    stats.hits = static_cast<std::uint64_t>(hits);
    stats.misses = static_cast<std::uint64_t>(misses);
    return {};
  }));
  stats.hits += context.hits.total() - written_hits;
  stats.misses += context.misses.total() - written_misses;
  stats.puts = context.puts.total();
  stats.evictions = context.evictions;
  stats.expirations = context.expirations;
  stats.damaged = context.damaged;
  stats.quarantines = context.quarantines;
  return stats;
}

Status DiskStore::reset_stats() {
  return write([&](StoreTransaction&) { return state_->session.reset_counts(); });
}

Status DiskStore::change_settings(const CacheSettings& settings) {
  return write([&](StoreTransaction&) { return state_->session.change_settings(settings); });
}

const std::string& DiskStore::directory() const { return state_->config.directory; }
const Clock& DiskStore::clock() const { return *state_->config.clock; }
CacheSettings DiskStore::settings() const { return state_->context.settings(); }

}  // namespace repomap
