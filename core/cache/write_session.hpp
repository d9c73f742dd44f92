// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/cache_settings.hpp"
#include "core/cache/sqlite.hpp"
#include "core/cache/store_context.hpp"
#include "core/cache/stored_value.hpp"
#include "core/cache/value_storage.hpp"
#include "core/cache/writer_gate.hpp"

namespace repomap {

/// How old a file without a row must be before it counts as left behind by a crash, rather than as of a writer that has
/// not committed yet. A writer that took longer than half of it looks whether its files are still there.
inline constexpr std::chrono::minutes kOrphanGrace{60};

/// The one connection of a store handle that writes, and the state of its transaction.
///
/// Files follow the transaction: one made in it is removed by its rollback; one whose row went is entered into the
/// table pending_delete by the same transaction, removed after the outermost commit, and the entry in the table is
/// removed by a later one. So a crash at any point leaves either a file with its row, or one that the next writer finds
/// in pending_delete, or one that no row names, which the sweep finds.
///
/// Used by the thread that is inside the gate.
struct WriteSession {
  WriteSession(StoreContext& the_context, WriterGate& the_gate) : context(the_context), gate(the_gate) {}

  StoreContext& context;
  WriterGate& gate;
  std::unique_ptr<SqliteDatabase> database;

  // What is known of the store; read again when another connection has changed it.
  CacheSettings settings;
  std::string settings_bytes;
  std::int64_t data_version = -1;
  std::int64_t file_bytes = 0;          // sum over value_files
  std::int64_t schema_pages = 0;        // pages of an empty store
  std::vector<std::string> tombstones;  // in pending_delete although they are gone
  // Bounds that spare most writes the questions whether anything has expired or the limit is reached.
  std::int64_t earliest_expiry_us = 0;  // nothing expires before
  std::int64_t slack_bytes = 0;         // by at least so much the store may grow before it meets its limit
  bool expects_new_keys = true;         // as the last write had; only a guess which statement to try first

  // The present transaction.
  std::size_t depth = 0;  // 0: none
  std::uint64_t serial = 0;
  std::uint64_t changes_to_cull = 0;  // entries written since the last cull
  std::int64_t last_written_id = 0;
  std::uint64_t evicted = 0;
  std::uint64_t expired = 0;
  ValueScratch scratch;

  /// Begins the outermost transaction; its end, or a failure to begin, leaves the gate.
  /// REQUIRES: depth == 0, a database, this thread inside the gate.
  Status begin();
  Status begin_nested();
  /// Ends the innermost transaction.
  Status commit();
  void rollback();

  /// A change was made by half: the innermost transaction cannot be committed any more.
  void set_failed(const Error& error);
  /// Calls set_failed() if it is an error other than a refusal.
  void note(const Status& status);

  /// Adds the hits and misses of this handle to those of the store.
  Status write_counts();
  /// Sets both to 0.
  Status reset_counts();

  /// Remembers other settings in the store. They are in force from now on, also where the transaction is undone: then
  /// until the next one begins.
  Status change_settings(CacheSettings wanted);

  // Value files of rows.
  Status adopt_file(std::string_view name, std::int64_t size_bytes) {
    return adopt_file(name, size_bytes, context.clock->monotonic());
  }
  Status adopt_file(std::string_view name, std::int64_t size_bytes, std::chrono::nanoseconds created);
  Status drop_file(std::string_view name, std::int64_t size_bytes);
  /// Corrects the sum over value_files.
  Status correct_file_bytes(std::int64_t sum);
  /// Removes a file that was made for a value which is not stored after all.
  void discard_file(std::string_view name);

 private:
  struct CreatedFile {
    std::string name;
    std::chrono::nanoseconds created{};
  };
  struct Frame {
    std::size_t created = 0;
    std::size_t dropped = 0;
    std::int64_t file_bytes = 0;
    std::optional<Error> failure;
  };

  Status refresh();
  Status load_state();
  Status take_over_pending();
  Status write_down();
  Status commit_outermost();
  void rollback_to(const Frame& frame);

  std::vector<CreatedFile> created_;
  std::vector<std::string> dropped_;
  std::vector<Frame> frames_;           // one for each level
  std::int64_t stored_file_bytes_ = 0;  // what meta says
  bool has_taken_over_ = false;
  std::uint64_t writing_hits_ = 0;  // hits that are counted on disk once this transaction is committed
  std::uint64_t writing_misses_ = 0;
};

}  // namespace repomap
