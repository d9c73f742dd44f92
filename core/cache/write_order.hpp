// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

#include "core/base/mutex.hpp"

namespace repomap {

/// Who may write what at the same time in a combination of tiers, so that all tiers agree on who was last.
///
///   - Writes of equal keys follow one another, through all tiers.
///   - A promotion (a copy from a far tier to a near one) is refused if its keys were written, or anything removed by
///     tag, since the far tier was read; while it writes, writes of its keys and removals wait for it.
///   - A late write (of what was queued) waits for its keys and for removals, and removals wait for it.
///
/// Keys are given by their hashes, sorted and each once; keys with equal hashes are taken for equal, which only costs
/// time. No lock is held between begin and end, and all keys of a caller are taken at once, so nobody waits in a
/// circle. Thread-safe.
class WriteOrder {
 public:
  /// What had been written when something was about to be read.
  struct Snapshot {
    std::uint64_t removals = 0;
    std::vector<std::uint32_t> versions;  ///< of each key
  };

  void begin_write(std::span<const std::uint64_t> hashes);
  void end_write(std::span<const std::uint64_t> hashes);

  Snapshot snapshot(std::span<const std::uint64_t> hashes);

  /// Those of the hashes, of which `before` is the snapshot, that may be promoted. REQUIRES: end_promotion for them.
  std::vector<std::uint64_t> begin_promotion(std::span<const std::uint64_t> hashes, const Snapshot& before);
  void end_promotion(std::span<const std::uint64_t> hashes);

  void begin_late_write(std::span<const std::uint64_t> hashes);
  void end_late_write(std::span<const std::uint64_t> hashes);

  /// For what removes entries that it does not name.
  void begin_removal();
  void end_removal();

 private:
  static constexpr std::size_t kVersions = 4096;

  bool is_any_busy_locked(std::span<const std::uint64_t> hashes) const REQUIRES(mutex_);
  void release_locked(std::span<const std::uint64_t> hashes) REQUIRES(mutex_);

  CondVar changed_;
  Mutex mutex_;
  std::unordered_set<std::uint64_t> busy_ GUARDED_BY(mutex_);  // being written
  std::array<std::uint32_t, kVersions> versions_
      GUARDED_BY(mutex_) = {};                     // of the keys that fall there: raised by a write
  std::uint64_t removals_ GUARDED_BY(mutex_) = 0;  // that have ended
  std::size_t removing_ GUARDED_BY(mutex_) = 0;    // removals that have begun and not ended
  std::size_t copying_ GUARDED_BY(mutex_) = 0;     // promotions and late writes, likewise
};

}  // namespace repomap
