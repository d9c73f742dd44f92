// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "core/cache/connection_pool.hpp"
#include "core/cache/disk_store.hpp"
#include "core/cache/fork_guard.hpp"
#include "core/cache/store_context.hpp"
#include "core/cache/store_location.hpp"
#include "core/cache/write_session.hpp"
#include "core/cache/writer_gate.hpp"

namespace repomap {

/// What a DiskStore is made of: connections to read, one to write behind a gate, and what happens to them when the
/// database is damaged, replaced by another process, or the process forks. Thread-safe.
struct DiskStore::State final : public ForkGuard {
  State(DiskStoreConfig the_config, const PreparedStore& prepared);
  ~State() override;
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// Enters the gate and begins a transaction on a connection to the right file.
  Status begin_outermost();

  /// A connection to read with. From time to time it is checked that the file is still the right one.
  Result<ConnectionPool::Loan> borrow();

  /// Replaces a damaged database, or finds the new file that another process has put in its place.
  Status recover();

  /// Writes the whole database anew, its indexes too. What it cannot read stays for recover().
  Status rebuild_database();

  /// Gives at most so many free pages back, and empties the write-ahead log.
  Status compact(std::size_t pages);

  /// Before the end: writes down what was gathered in memory, if that takes no waiting.
  void shut_down();

  /// Whether the process got this store by a fork that left it unusable.
  Status check_usable() const;

  void before_fork() override;
  void after_fork_in_parent() override;
  void after_fork_in_child() override;

  // Fixed after construction.
  const DiskStoreConfig config;
  const bool is_read_only;

  // Have their own synchronisation.
  StoreContext context;
  WriterGate gate;
  ConnectionPool readers;
  std::atomic<bool> is_lost{false};       // forked in the midst of a transaction
  std::atomic<bool> is_inherited{false};  // forked: the connections are the parent's
  std::atomic<std::uint64_t> reads{0};
  std::atomic<std::uint64_t> device{0};
  std::atomic<std::uint64_t> inode{0};

  // Used by the thread inside the gate.
  WriteSession session;

 private:
  bool is_replaced() const;
  void remember(const FileIdentity& identity);
  Status recover_inside();
  Status prepare_writer();
  Status connect_writer();

  Status with_writer(const std::function<Status(SqliteDatabase&)>& body);
  void write_gathered();

  bool would_be_lost_ = false;  // by what before_fork() found
  bool held_gate_ = false;      // by before_fork(), for what follows it
};

}  // namespace repomap
