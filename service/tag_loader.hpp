// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/base/task_pool.hpp"
#include "core/cache/tag_cache.hpp"
#include "core/model/file_tags.hpp"
#include "parsers/language_registry.hpp"
#include "parsers/tag_extractor.hpp"
#include "service/indexer.hpp"
#include "service/repo_scan.hpp"

namespace repomap {

/// Whether tags are those of the content that a scan has seen, or of what the file has become since.
enum class TagsBasis : std::uint8_t { kScannedContent, kChangedContent };

/// Yields the tags of scanned files: from the cache, else extracted anew, and then stored.
/// Borrows everything. Used by one thread at a time.
class TagLoader {
 public:
  TagLoader(const FileSystem& file_system, const LanguageRegistry& registry, TaskPool& pool, FileLimits limits,
            TagCache& cache);

  /// Receives the tags of scan.paths[file]. Called from the pool's threads, once for each file, in any order.
  using Consumer = std::function<void(std::size_t file, const FileTags& tags, TagsBasis basis)>;

  /// The tags of `files`, as indices in scan.paths, that have some. Files that can no longer be read are left out.
  /// Gives how many had to be extracted.
  std::size_t load_many(const RepoScan& scan, std::span<const std::size_t> files, const Consumer& consumer);

 private:
  struct Loaded {
    FileTags tags;
    TagsBasis basis = TagsBasis::kScannedContent;
  };

  void load_chunk(const RepoScan& scan, std::span<const std::size_t> files, TagExtractor& extractor,
                  const Consumer& consumer);
  std::optional<Loaded> extract(const RepoScan& scan, std::size_t file, TagExtractor& extractor) const;

  const FileSystem& file_system_;
  const LanguageRegistry& registry_;
  TaskPool& pool_;
  const FileLimits limits_;
  TagCache& cache_;
  std::atomic<std::size_t> extracted_ = 0;
};

}  // namespace repomap
