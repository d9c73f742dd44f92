// SPDX-License-Identifier: Apache-2.0
#include "core/cache/store_state.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/base/log.hpp"
#include "core/cache/store_cull.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kReadsPerCheck = 64;
constexpr std::chrono::seconds kForkPatience{5};
constexpr std::chrono::milliseconds kClosePatience{20};
// Reading so many pages back at the next start costs about as much as writing them into the database now.
constexpr int kPagesToCheckpoint = 250;

#if defined(__clang__)
#define REPOMAP_UNCHECKED_LOCKING __attribute__((no_thread_safety_analysis))
#else
#define REPOMAP_UNCHECKED_LOCKING
#endif

}  // namespace

DiskStore::State::State(DiskStoreConfig the_config, const PreparedStore& prepared)
    : config(std::move(the_config)),
      is_read_only(prepared.connection.access != SqliteAccess::kReadWrite),
      context(config, prepared.settings),
      readers(prepared.connection),
      session(context, gate) {
  remember(prepared.identity);
  if (prepared.is_damaged) {
    ++context.quarantines;
  }
  register_fork_guard(*this);
}

DiskStore::State::~State() { unregister_fork_guard(*this); }

void DiskStore::State::remember(const FileIdentity& identity) {
  device = identity.device;
  inode = identity.inode;
}

bool DiskStore::State::is_replaced() const {
  const FileIdentity present = identity_of(readers.config().path);
  return present.inode != inode.load(std::memory_order_relaxed) ||
         present.device != device.load(std::memory_order_relaxed);
}

Status DiskStore::State::check_usable() const {
  if (is_lost) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("{}: this process was forked while the store was in use; open it anew", config.directory));
  }
  return {};
}

Status DiskStore::State::connect_writer() {
  REPOMAP_ASSIGN(session.database, open_connection(readers.config()));
  session.data_version = -1;
  session.schema_pages = 0;
  return {};
}

// Inside the gate.
Status DiskStore::State::recover_inside() {
  if (!is_replaced()) {
    REPOMAP_ASSIGN(const DirectoryLock lock, DirectoryLock::acquire(config.directory, context.settings().timeout));
    const FileIdentity damaged{device.load(), inode.load()};
    REPOMAP_TRY(quarantine_store(config.directory, damaged, *config.clock));
    ++context.quarantines;
    log_warning(
        fmt::format("{}: the cache was damaged; it was put into quarantine and is built anew", config.directory));
  }
  readers.drop_all();
  session.database.reset();
  REPOMAP_ASSIGN(const PreparedStore prepared, prepare_store(config));
  remember(prepared.identity);
  return {};
}

Status DiskStore::State::recover() {
  if (gate.is_mine()) {
    return fail(ErrorCode::kCorrupt, fmt::format("{}: the database is damaged", config.directory));
  }
  if (!gate.enter(context.settings().timeout)) {
    return fail(ErrorCode::kBusy, fmt::format("{}: others write to the cache", config.directory));
  }
  Status recovered = recover_inside();
  gate.leave();
  return recovered;
}

// Inside the gate: a connection to the right file, which is no forked one's and is not known to be damaged.
Status DiskStore::State::prepare_writer() {
  if (is_inherited.exchange(false)) {
    readers.drop_all();
    session.database.reset();
  }
  if (is_replaced() || (session.database && session.database->is_damaged())) {
    REPOMAP_TRY(recover_inside());
  }
  return session.database ? Status{} : connect_writer();
}

Status DiskStore::State::begin_outermost() {
  REPOMAP_TRY(check_usable());
  if (is_read_only) {
    return fail(ErrorCode::kPermissionDenied, fmt::format("{}: the cache is only read", config.directory));
  }
  if (!gate.enter(context.settings().timeout)) {
    return fail(ErrorCode::kBusy, fmt::format("{}: other threads write to the cache", config.directory));
  }
  if (Status prepared = prepare_writer(); !prepared) {
    gate.leave();
    return prepared;
  }
  return session.begin();
}

Result<ConnectionPool::Loan> DiskStore::State::borrow() {
  REPOMAP_TRY(check_usable());
  if (is_inherited.load(std::memory_order_relaxed) && is_inherited.exchange(false)) {
    readers.drop_all();
    // No other thread can be inside the gate yet: the child of a fork has one.
    session.database.reset();
  }
  const bool is_due = reads.fetch_add(1, std::memory_order_relaxed) % kReadsPerCheck == 0;
  if (is_due && !is_read_only && !gate.is_mine() && is_replaced()) {
    REPOMAP_TRY(recover());
  }
  return readers.borrow();
}

// Runs the body on the connection that writes, inside the gate but outside of a transaction.
Status DiskStore::State::with_writer(const std::function<Status(SqliteDatabase&)>& body) {
  REPOMAP_TRY(begin_outermost());
  session.rollback();
  if (!gate.enter(context.settings().timeout)) {
    return fail(ErrorCode::kBusy, fmt::format("{}: other threads write to the cache", config.directory));
  }
  Status done = session.database ? body(*session.database) : Status{};
  gate.leave();
  return done;
}

Status DiskStore::State::rebuild_database() {
  return with_writer([](SqliteDatabase& database) {
    Status rebuilt = database.execute("REINDEX; VACUUM");
    return !rebuilt && rebuilt.error().code == ErrorCode::kCorrupt ? Status{} : rebuilt;
  });
}

Status DiskStore::State::compact(std::size_t pages) {
  return with_writer([&](SqliteDatabase& database) -> Status {
    REPOMAP_TRY(database.execute(fmt::format("PRAGMA incremental_vacuum({})", pages)));
    if (Status emptied = database.checkpoint(Checkpoint::kTruncate);
        !emptied && emptied.error().code != ErrorCode::kBusy) {
      return emptied;
    }
    return {};
  });
}

void DiskStore::State::shut_down() {
  if (is_lost) {
    // The transaction is the parent's: to close the connection would undo it there too.
    static_cast<void>(session.database.release());
    return;
  }
  if (is_inherited || is_read_only || is_replaced()) {
    return;
  }
  if (context.unwritten_counts() > 0 || !context.access_log.is_empty()) {
    write_gathered();
  }
  if (!gate.enter(kClosePatience)) {
    return;
  }
  if (session.database && session.database->wal_pages() >= kPagesToCheckpoint) {
    session.database->set_timeout(kClosePatience);
    static_cast<void>(session.database->checkpoint(Checkpoint::kTruncate));
  }
  session.database.reset();
  gate.leave();
}

// What fails here is lost: nothing but statistics.
void DiskStore::State::write_gathered() {
  if (!gate.enter(kClosePatience)) {
    return;
  }
  if (!session.database && !connect_writer()) {
    gate.leave();
    return;
  }
  session.database->set_timeout(kClosePatience);
  if (!session.begin()) {
    return;
  }
  Status written = write_accesses(session);
  written = written ? session.write_counts() : written;
  session.note(written);
  static_cast<void>(session.commit());
}

// The thread that forks waits until no other is inside SQLite, so that the child finds nothing half done. What it
// cannot wait for, its own transaction among it, makes the store unusable in the child, which must not touch those
// locks.
REPOMAP_UNCHECKED_LOCKING void DiskStore::State::before_fork() {
  held_gate_ = !gate.is_mine() && gate.enter(kForkPatience);
  gate.hold();
  const bool is_idle = readers.hold(kForkPatience);
  would_be_lost_ = !held_gate_ || !is_idle;
}

REPOMAP_UNCHECKED_LOCKING void DiskStore::State::after_fork_in_parent() {
  readers.release();
  gate.release();
  if (held_gate_) {
    gate.leave();
  }
}

REPOMAP_UNCHECKED_LOCKING void DiskStore::State::after_fork_in_child() {
  is_inherited = true;
  is_lost = is_lost || would_be_lost_;
  gate.forget_waiters();
  readers.release();
  gate.release();
  if (held_gate_) {
    gate.leave();
  }
}

}  // namespace repomap
