// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/cache/encoded_entries.hpp"
#include "core/cache/signature.hpp"
#include "core/model/file_tags.hpp"

namespace repomap {

class MemoryBackend;

enum class TagsDetail : std::uint8_t {
  kAll,
  kOutline,  ///< FileTags::outline(), at less than half the cost
};

/// The tags of files, by what they were computed from: the typed view of CacheKind::kTags.
///
/// Content decides, so files of equal content share an entry, also between work trees; it carries the path and the
/// language of the file it was computed for, by which invalidation finds it. An entry that is gone is computed again.
/// Borrows the backend and the tier. Thread-safe. Never fails: see EncodedEntries.
class TagCache {
 public:
  struct Entry {
    FileTags tags;
    std::chrono::microseconds cost{};  ///< what computing them took
  };

  struct Item {
    Signature signature;
    std::string path;
    std::chrono::microseconds cost{};
    const FileTags* tags = nullptr;
  };

  /// `memory` is the tier in memory below `backend`, or null where there is none.
  explicit TagCache(CacheBackend& backend, MemoryBackend* memory = nullptr) : entries_(backend), memory_(memory) {}

  std::optional<Entry> get(const Signature& signature, TagsDetail detail = TagsDetail::kAll);

  /// For each signature, in their order, its entry or nothing.
  std::vector<std::optional<Entry>> batch_get(std::span<const Signature> signatures,
                                              TagsDetail detail = TagsDetail::kAll);

  void set(const Item& item) { batch_set({&item, 1}); }
  void batch_set(std::span<const Item> items);

  /// Removes the entries that were computed for any of the paths; gives how many there were.
  std::size_t invalidate(std::span<const std::string> paths) { return entries_.evict_files(paths); }

  // Each frees memory, least recently used entries first, and gives how many went. The other tiers keep them.
  std::size_t reduce_l1_size(std::uint64_t size_bytes);  ///< until at most so many bytes are left
  std::size_t evict_lru(std::size_t count);              ///< so many entries

  ViewTroubles troubles() const { return entries_.troubles(); }

 private:
  EncodedEntries entries_;
  MemoryBackend* const memory_;
};

}  // namespace repomap
