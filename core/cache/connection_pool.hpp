// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "core/cache/cache_settings.hpp"
#include "core/cache/sqlite.hpp"

namespace repomap {

/// How the connections of a store are opened.
struct ConnectionConfig {
  std::string path;
  SqliteAccess access = SqliteAccess::kReadWrite;
  JournalMode journal = JournalMode::kWal;
  Synchronous synchronous = Synchronous::kNormal;
  std::chrono::milliseconds timeout{};
  std::uint64_t mmap_bytes = 0;
  std::uint64_t page_cache_bytes = 0;
};

/// A connection with its pragmas set. What they change on disk (the journal mode) is only set where it differs.
Result<std::unique_ptr<SqliteDatabase>> open_connection(const ConnectionConfig& config);

/// Connections that read, lent to one thread at a time and kept open: at most kMaxReaders, so that neither threads nor
/// stores make descriptors grow. Thread-safe.
class ConnectionPool {
 public:
  static constexpr std::size_t kMaxReaders = 4;

  /// One connection on loan. Destroying it gives it back; one that has met damage is closed instead.
  class Loan {
   public:
    Loan(ConnectionPool& pool, std::unique_ptr<SqliteDatabase> database, std::uint64_t epoch)
        : pool_(&pool), database_(std::move(database)), epoch_(epoch) {}
    Loan(Loan&& other) noexcept = default;
    Loan& operator=(Loan&&) = delete;
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() {
      if (database_) {
        pool_->give_back(std::move(database_), epoch_);
      }
    }
    SqliteDatabase& database() { return *database_; }

   private:
    ConnectionPool* pool_;
    std::unique_ptr<SqliteDatabase> database_;
    std::uint64_t epoch_;
  };

  explicit ConnectionPool(ConnectionConfig config) : config_(std::move(config)) {}

  /// A connection: an idle one, a new one, or after a wait the next that comes back. A thread that holds one and waits
  /// for another could wait for ever, so after 20 ms one more is opened, for once.
  Result<Loan> borrow() EXCLUDES(mutex_);

  /// Closes the idle connections, and the others when they come back: the file is another one now.
  void drop_all() EXCLUDES(mutex_);

  const ConnectionConfig& config() const { return config_; }

  // Around fork. hold() waits until no connection is on loan, but not longer than the timeout; tells whether so.
  bool hold(std::chrono::nanoseconds timeout) ACQUIRE(mutex_);
  void release() RELEASE(mutex_) { mutex_.unlock(); }

 private:
  void give_back(std::unique_ptr<SqliteDatabase> database, std::uint64_t epoch) EXCLUDES(mutex_);

  const ConnectionConfig config_;

  Mutex mutex_;
  CondVar returned_;
  std::vector<std::unique_ptr<SqliteDatabase>> idle_ GUARDED_BY(mutex_);
  std::size_t on_loan_ GUARDED_BY(mutex_) = 0;
  std::size_t waiting_ GUARDED_BY(mutex_) = 0;
  std::uint64_t epoch_ GUARDED_BY(mutex_) = 0;
};

}  // namespace repomap
