// SPDX-License-Identifier: Apache-2.0
#include "core/cache/store_location.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/base/log.hpp"
#include "core/base/mount.hpp"
#include "core/cache/sqlite.hpp"
#include "core/cache/store_schema.hpp"
#include "core/cache/stored_settings.hpp"
#include "core/cache/value_codec.hpp"

namespace repomap {
namespace {

constexpr mode_t kPrivateDirectory = 0700;
constexpr mode_t kPrivateFile = 0600;
constexpr std::chrono::milliseconds kLockPause{2};
constexpr std::size_t kOlderQuarantines = 1;

std::string database_path(const std::string& directory) { return join_path(directory, "cache.db"); }

ConnectionConfig connection_config(const DiskStoreConfig& config, const CacheSettings& settings) {
  ConnectionConfig connection;
  connection.path = database_path(config.directory);
  connection.access = SqliteAccess::kReadWrite;
  connection.journal = settings.journal;
  connection.synchronous = settings.synchronous;
  connection.timeout = settings.timeout;
  connection.mmap_bytes = settings.mmap_bytes;
  connection.page_cache_bytes = settings.page_cache_bytes;
  const auto mount = mount_of(config.directory);
  if (mount && mount->kind == MountKind::kNetwork) {
    // The WAL's index is shared memory, which does not reach other machines.
    connection.journal = JournalMode::kTruncate;
    connection.mmap_bytes = 0;
    log_warning(
        fmt::format("{}: a network file system ({}): the cache there works without a write-ahead log and is "
                    "slower",
                    config.directory, mount->name));
  }
  return connection;
}

/// What the existing database remembers, or that it is empty. A failure to read it as a database is kCorrupt.
Result<SchemaState> inspect(const ConnectionConfig& connection, const DiskStoreConfig& config,
                            CacheSettings& settings) {
  REPOMAP_ASSIGN(const std::unique_ptr<SqliteDatabase> database,
                 SqliteDatabase::open(connection.path, connection.access, connection.timeout));
  auto state = inspect_schema(*database);
  if (!state) {
    return fail(state.error().code, fmt::format("{}: {}", connection.path, state.error().message));
  }
  if (*state == SchemaState::kEmpty) {
    return *state;
  }
  REPOMAP_ASSIGN(const auto codec, read_meta(*database, "codec"));
  const std::string_view wanted = config.codec ? config.codec->id() : kPlainCodecId;
  if (codec != wanted) {
    return fail(ErrorCode::kUnsupported, fmt::format("{}: the values are stored as \"{}\", not as \"{}\"",
                                                     config.directory, codec.value_or(""), wanted));
  }
  REPOMAP_ASSIGN(const auto stored, read_meta(*database, "settings"));
  REPOMAP_ASSIGN(settings, decode_settings(stored.value_or(""), settings));
  return *state;
}

Status create(const ConnectionConfig& connection, const DiskStoreConfig& config, const CacheSettings& settings) {
  // SQLite would make it readable for all that the umask allows; what it makes beside it has the same mode.
  const int descriptor = ::open(connection.path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kPrivateFile);
  if (descriptor < 0) {
    return std::unexpected(errno_error(errno, fmt::format("create {}", connection.path)));
  }
  ::close(descriptor);
  REPOMAP_ASSIGN(const std::unique_ptr<SqliteDatabase> database,
                 SqliteDatabase::open(connection.path, SqliteAccess::kReadWrite, connection.timeout));
  REPOMAP_TRY(database->execute("PRAGMA synchronous=NORMAL"));
  // The order matters: the next cannot be changed once there are pages.
  REPOMAP_TRY(database->execute("PRAGMA auto_vacuum=INCREMENTAL"));
  REPOMAP_TRY(database->execute(fmt::format("PRAGMA journal_mode={}", journal_mode_name(connection.journal))));
  return create_schema(*database, settings, config.codec ? config.codec->id() : kPlainCodecId);
}

/// Writes the wanted settings into the store where they differ from its own.
Status remember_settings(const ConnectionConfig& connection, const CacheSettings& stored, const CacheSettings& wanted) {
  if (encode_settings(stored) == encode_settings(wanted)) {
    return {};
  }
  REPOMAP_ASSIGN(const std::unique_ptr<SqliteDatabase> database, open_connection(connection));
  REPOMAP_TRY(database->execute("BEGIN IMMEDIATE"));
  REPOMAP_TRY(write_meta(*database, "settings", encode_settings(wanted)));
  REPOMAP_TRY(apply_policy_index(*database, wanted.eviction));
  return database->execute("COMMIT");
}

bool is_writable(const std::string& directory, const std::string& database) {
  return ::access(directory.c_str(), W_OK | X_OK) == 0 && (::access(database.c_str(), W_OK) == 0 || errno == ENOENT);
}

/// A store that can only be read: on a read-only medium, or because that was asked for.
Result<PreparedStore> prepare_reading(const DiskStoreConfig& config) {
  PreparedStore prepared;
  prepared.settings = config.settings.value_or(CacheSettings{});
  prepared.connection = connection_config(config, prepared.settings);
  prepared.connection.access = SqliteAccess::kReadOnly;
  auto state = inspect(prepared.connection, config, prepared.settings);
  if (!state && (state.error().code == ErrorCode::kPermissionDenied || state.error().code == ErrorCode::kNotFound ||
                 state.error().code == ErrorCode::kIo)) {
    // SQLite cannot make its shared memory there. Where there is no WAL, the database alone is all.
    struct stat wal{};
    if (::stat((prepared.connection.path + "-wal").c_str(), &wal) != 0 || wal.st_size == 0) {
      prepared.connection.access = SqliteAccess::kImmutable;
      state = inspect(prepared.connection, config, prepared.settings);
    }
  }
  if (!state) {
    return std::unexpected(std::move(state).error());
  }
  if (*state == SchemaState::kEmpty) {
    return fail(ErrorCode::kNotFound, fmt::format("{}: no cache to read", config.directory));
  }
  prepared.identity = identity_of(prepared.connection.path);
  return prepared;
}

/// Under the lock: what is missing is made, what is damaged is replaced.
Result<PreparedStore> prepare_locked(const DiskStoreConfig& config, PreparedStore prepared) {
  REPOMAP_ASSIGN(const DirectoryLock lock, DirectoryLock::acquire(config.directory, prepared.connection.timeout));
  CacheSettings stored = prepared.settings;
  auto state = inspect(prepared.connection, config, stored);
  if (!state && state.error().code == ErrorCode::kCorrupt) {
    const FileIdentity damaged = identity_of(prepared.connection.path);
    REPOMAP_TRY(quarantine_store(config.directory, damaged, *config.clock));
    log_warning(fmt::format("{}; the damaged cache was put into {}/quarantine and is built anew", state.error().message,
                            config.directory));
    prepared.is_damaged = true;
    state = SchemaState::kEmpty;
  }
  if (!state && state.error().code != ErrorCode::kNotFound) {
    return std::unexpected(std::move(state).error());
  }
  if (!state || *state == SchemaState::kEmpty) {
    REPOMAP_TRY(create(prepared.connection, config, prepared.settings));
    prepared.is_new = true;
  } else {
    prepared.settings = stored;
  }
  return prepared;
}

}  // namespace

FileIdentity identity_of(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? FileIdentity{info.st_dev, info.st_ino} : FileIdentity{};
}

Result<DirectoryLock> DirectoryLock::acquire(const std::string& directory, std::chrono::milliseconds timeout) {
  const std::string path = join_path(directory, "lock");
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kPrivateFile);
  if (descriptor < 0) {
    return std::unexpected(errno_error(errno, fmt::format("open {}", path)));
  }
  DirectoryLock lock(descriptor);
  const std::chrono::nanoseconds deadline = system_clock().monotonic() + timeout;
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return std::unexpected(errno_error(errno, fmt::format("flock {}", path)));
    }
    if (system_clock().monotonic() >= deadline) {
      return fail(ErrorCode::kBusy, fmt::format("{}: another process makes or repairs this cache", directory));
    }
    system_clock().sleep_for(kLockPause);
  }
  return lock;
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

Status make_private_directories(const std::string& path) {
  if (::mkdir(path.c_str(), kPrivateDirectory) == 0 || errno == EEXIST) {
    return {};
  }
  if (errno != ENOENT) {
    return std::unexpected(errno_error(errno, fmt::format("mkdir {}", path)));
  }
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string parent = path.substr(0, slash);
    if (::mkdir(parent.c_str(), kPrivateDirectory) != 0 && errno != EEXIST && errno != EROFS && errno != EACCES) {
      return std::unexpected(errno_error(errno, fmt::format("mkdir {}", parent)));
    }
  }
  if (::mkdir(path.c_str(), kPrivateDirectory) != 0 && errno != EEXIST) {
    return std::unexpected(errno_error(errno, fmt::format("mkdir {}", path)));
  }
  return {};
}

Result<PreparedStore> prepare_store(const DiskStoreConfig& config) {
  const std::string path = database_path(config.directory);
  if (config.access == StoreAccess::kReadOnly) {
    return prepare_reading(config);
  }
  REPOMAP_TRY(make_private_directories(config.directory));
  if (!is_writable(config.directory, path)) {
    log_info(fmt::format("{}: not writable, so the cache there is only read", config.directory));
    return prepare_reading(config);
  }
  PreparedStore prepared;
  prepared.settings = config.settings.value_or(CacheSettings{});
  prepared.connection = connection_config(config, prepared.settings);
  const CacheSettings wanted = prepared.settings;
  auto state = inspect(prepared.connection, config, prepared.settings);
  if (!state && state.error().code == ErrorCode::kUnsupported) {
    return std::unexpected(std::move(state).error());
  }
  if (!state || *state == SchemaState::kEmpty) {
    // Missing, damaged, or just being made by another process, which holds the lock.
    REPOMAP_ASSIGN(prepared, prepare_locked(config, std::move(prepared)));
  }
  if (config.settings) {
    const CacheSettings stored = std::exchange(prepared.settings, wanted);
    prepared.settings.shards = stored.shards;
    REPOMAP_TRY(remember_settings(prepared.connection, stored, prepared.settings));
  }
  prepared.identity = identity_of(path);
  return prepared;
}

Status quarantine_store(const std::string& directory, const FileIdentity& damaged, const Clock& clock) {
  const std::string database = database_path(directory);
  if (!(identity_of(database) == damaged)) {
    return {};
  }
  const std::string quarantine = join_path(directory, "quarantine");
  const std::string target = join_path(quarantine, std::to_string(clock.now().time_since_epoch().count()));
  REPOMAP_TRY(make_private_directories(quarantine));
  std::error_code ignored;
  std::vector<std::filesystem::path> older;
  std::filesystem::directory_iterator entry(quarantine, ignored);
  while (!ignored && entry != std::filesystem::directory_iterator()) {
    older.push_back(entry->path());
    entry.increment(ignored);
  }
  std::ranges::sort(older, std::greater<>());
  for (std::size_t i = kOlderQuarantines; i < older.size(); ++i) {
    std::filesystem::remove_all(older[i], ignored);
  }
  REPOMAP_TRY(make_private_directories(target));
  // The database last: while it is there, others find what is damaged and wait for the lock.
  for (const char* suffix : {"-wal", "-shm", "-journal", ""}) {
    const std::string from = database + suffix;
    if (::rename(from.c_str(), join_path(target, base_name(from)).c_str()) != 0 && errno != ENOENT) {
      return std::unexpected(errno_error(errno, fmt::format("rename {}", from)));
    }
  }
  return {};
}

}  // namespace repomap
