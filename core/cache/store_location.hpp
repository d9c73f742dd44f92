// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "core/base/result.hpp"
#include "core/cache/cache_settings.hpp"
#include "core/cache/connection_pool.hpp"
#include "core/cache/store_types.hpp"

namespace repomap {

/// Which file a database is: another one of the same name differs.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// The identity of an existing file; zeros for a missing one.
FileIdentity identity_of(const std::string& path);

/// A store that is there and fits, ready to be connected to.
struct PreparedStore {
  ConnectionConfig connection;
  CacheSettings settings;
  FileIdentity identity;
  bool is_new = false;      ///< it was made just now
  bool is_damaged = false;  ///< what was there before was put into quarantine
};

/// Holds the file "lock" of a directory, which orders the processes that make or replace a store. Released when
/// destroyed, also by the end of the process.
class DirectoryLock {
 public:
  /// Errors: kBusy after the timeout; what making the file can give.
  static Result<DirectoryLock> acquire(const std::string& directory, std::chrono::milliseconds timeout);
  DirectoryLock(DirectoryLock&& other) noexcept;
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;
  DirectoryLock& operator=(DirectoryLock&&) = delete;

 private:
  explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

/// Makes a directory and those above it, private to the user.
Status make_private_directories(const std::string& path);

/// Finds, or makes, or after damage replaces the store of that directory. Any number of processes may do so at once.
/// Errors: kUnsupported for what is not ours or does not fit, and is left as it is; others of the file system.
Result<PreparedStore> prepare_store(const DiskStoreConfig& config);

/// Puts the database aside into "quarantine/<time>" if it is still the file of that identity; of older quarantines one
/// is kept. REQUIRES: the DirectoryLock is held.
Status quarantine_store(const std::string& directory, const FileIdentity& damaged, const Clock& clock);

}  // namespace repomap
