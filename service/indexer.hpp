// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/base/result.hpp"
#include "core/base/task_pool.hpp"
#include "core/base/work_check.hpp"
#include "core/cache/scan_cache.hpp"
#include "core/cache/tag_cache.hpp"
#include "core/model/file_tags.hpp"
#include "core/model/file_version.hpp"
#include "parsers/language_registry.hpp"
#include "parsers/tag_extractor.hpp"
#include "service/file_limits.hpp"
#include "service/language_fingerprints.hpp"
#include "watcher/file_lister.hpp"

namespace repomap {

/// Which files come first: the largest, so that none of them holds the end of the run up; or a few that were changed
/// last, so that what somebody works on is there early, and then the largest.
enum class IndexOrder : std::uint8_t { kLargestFirst, kRecentFirst };

/// The files to look at, and what is known of their languages and contents.
struct IndexWork {
  const std::string& root;
  std::span<const ListedFile> files;
  LanguageFingerprints& fingerprints;
  ScanCache& scans;
  TagCache& tags;
  WorkCheck check = {};  ///< once it fails, files that are not done are left out
  IndexOrder order = IndexOrder::kLargestFirst;
  /// Called by a pool's thread after each stretch of work with the time of the processor that it took; may sleep.
  std::function<void(std::chrono::nanoseconds)> rest = {};
};

/// What a run has parsed.
struct IndexCounts {
  std::size_t parsed = 0;
  std::uint64_t bytes = 0;
};

/// Finds out what the contents of many files come to: from the caches, or by extracting their tags, in parallel. What
/// was extracted is stored, in batches.
/// Borrows the file system, the registry and the pool. Used by one thread at a time.
class Indexer {
 public:
  /// Takes what files[index] has come to; `tags` are null where they were not extracted in this run.
  /// Called from the pool's threads, once for each index, in any order.
  using Consumer = std::function<void(std::size_t index, FileVersion version, const FileTags* tags)>;
  /// Told after each file how many are done. Called from the pool's threads.
  using Progress = std::function<void(std::size_t done, std::size_t total)>;

  Indexer(const FileSystem& file_system, const LanguageRegistry& registry, TaskPool& pool, FileLimits limits);

  /// A file that cannot be read or parsed is refused (FileOutcome), and the run goes on.
  IndexCounts run(const IndexWork& work, const Consumer& consumer, const Progress& progress);

  const FileLimits& limits() const { return limits_; }
  TaskPool& pool() { return pool_; }

 private:
  struct Run;
  struct Candidate;

  void index_chunk(std::span<const std::size_t> chunk, TagExtractor& extractor, Run& run) const;
  Result<std::string> read_settled(const std::string& path, std::optional<FileStat> before) const;
  std::optional<Candidate> admit(std::size_t index, Run& run) const;
  void extract(Candidate& candidate, TagExtractor& extractor, Run& run) const;
  static void finish(Candidate& candidate, Run& run);

  const FileSystem& file_system_;
  const LanguageRegistry& registry_;
  TaskPool& pool_;
  const FileLimits limits_;
};

}  // namespace repomap
