// SPDX-License-Identifier: Apache-2.0
#include "core/cache/connection_pool.hpp"

#include <fmt/format.h>

#include "core/base/clock.hpp"

namespace repomap {
namespace {

constexpr std::chrono::milliseconds kPatience{20};

// A WAL of so many pages is checkpointed; the file is cut back to so many bytes when it starts over.
constexpr int kWalPages = 4000;
constexpr int kJournalLimitBytes = 32 << 20;

constexpr std::uint64_t kBytesPerKibibyte = 1024;

}  // namespace

Result<std::unique_ptr<SqliteDatabase>> open_connection(const ConnectionConfig& config) {
  REPOMAP_ASSIGN(std::unique_ptr<SqliteDatabase> database,
                 SqliteDatabase::open(config.path, config.access, config.timeout));
  // Deleted content is derived from files that the user has anyway: overwriting it with zeros would protect nothing.
  REPOMAP_TRY(database->execute(
      fmt::format("PRAGMA mmap_size={}; PRAGMA cache_size=-{}; PRAGMA secure_delete=OFF; PRAGMA temp_store=MEMORY",
                  config.mmap_bytes, config.page_cache_bytes / kBytesPerKibibyte)));
  if (config.access == SqliteAccess::kReadOnly || config.access == SqliteAccess::kImmutable) {
    return database;
  }
  REPOMAP_TRY(database->execute(fmt::format("PRAGMA synchronous={}; PRAGMA journal_size_limit={}",
                                            synchronous_name(config.synchronous), kJournalLimitBytes)));
  database->bound_wal(kWalPages);
  return database;
}

Result<ConnectionPool::Loan> ConnectionPool::borrow() {
  std::uint64_t epoch = 0;
  {
    MutexLock lock(mutex_);
    if (idle_.empty() && on_loan_ >= kMaxReaders) {
      ++waiting_;
      const std::chrono::nanoseconds deadline = system_clock().monotonic() + kPatience;
      while (idle_.empty() && on_loan_ >= kMaxReaders && system_clock().monotonic() < deadline) {
        returned_.wait_for(mutex_, kPatience);
      }
      --waiting_;
    }
    ++on_loan_;
    epoch = epoch_;
    if (!idle_.empty()) {
      std::unique_ptr<SqliteDatabase> database = std::move(idle_.back());
      idle_.pop_back();
      return Loan(*this, std::move(database), epoch);
    }
  }
  auto opened = open_connection(config_);
  if (opened) {
    return Loan(*this, std::move(*opened), epoch);
  }
  MutexLock lock(mutex_);
  --on_loan_;
  returned_.notify_all();
  return std::unexpected(std::move(opened).error());
}

void ConnectionPool::give_back(std::unique_ptr<SqliteDatabase> database, std::uint64_t epoch) {
  MutexLock lock(mutex_);
  --on_loan_;
  if (epoch == epoch_ && !database->is_damaged() && idle_.size() < kMaxReaders) {
    idle_.push_back(std::move(database));
  }
  if (waiting_ > 0) {
    returned_.notify_all();
  }
}

void ConnectionPool::drop_all() {
  std::vector<std::unique_ptr<SqliteDatabase>> closing;
  MutexLock lock(mutex_);
  ++epoch_;
  closing.swap(idle_);
}

bool ConnectionPool::hold(std::chrono::nanoseconds timeout) {
  mutex_.lock();
  ++waiting_;
  const std::chrono::nanoseconds deadline = system_clock().monotonic() + timeout;
  while (on_loan_ > 0 && system_clock().monotonic() < deadline) {
    returned_.wait_for(mutex_, kPatience);
  }
  --waiting_;
  return on_loan_ == 0;
}

}  // namespace repomap
