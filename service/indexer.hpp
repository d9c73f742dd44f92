// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "core/base/task_pool.hpp"
#include "core/model/file_tags.hpp"
#include "core/model/skipped_file.hpp"
#include "parsers/language_registry.hpp"
#include "parsers/tag_extractor.hpp"
#include "watcher/file_lister.hpp"

namespace repomap {

/// What one file may cost.
struct FileLimits {
  std::uint64_t size_bytes = std::uint64_t{4} << 20U;
  std::chrono::milliseconds time{5000};
};

/// What an indexing run did.
struct IndexReport {
  std::size_t parsed = 0;            ///< files whose tags were extracted
  std::size_t unknown = 0;           ///< files of no known language
  std::size_t tags = 0;              ///< definitions and references
  std::uint64_t bytes = 0;           ///< of the parsed files
  std::vector<SkippedFile> skipped;  ///< sorted by path
};

/// Extracts the tags of many files in parallel: the largest file first, so that it never serialises the run.
/// Borrows the file system, the registry and the pool. Used by one thread at a time.
class Indexer {
 public:
  /// Takes the tags of files[index]. Called from the pool's threads, at most once for each index, in any order.
  using Consumer = std::function<void(std::size_t index, FileTags tags)>;
  /// Told after each file how many are done. Called from the pool's threads.
  using Progress = std::function<void(std::size_t done, std::size_t total)>;

  Indexer(const FileSystem& file_system, const LanguageRegistry& registry, TaskPool& pool, FileLimits limits);

  /// Reads and parses `files` below `root`. A file that cannot be read or parsed is reported, and the run goes on.
  IndexReport run(const std::string& root, std::span<const ListedFile> files, const Consumer& consumer,
                  const Progress& progress);

 private:
  struct Run;

  void load_languages(std::span<const ListedFile> files);
  void index_file(std::size_t index, TagExtractor& extractor, Run& run) const;
  std::optional<SkippedFile> extract(const std::string& path, TagExtractor& extractor, Run& run,
                                     std::size_t index) const;

  const FileSystem& file_system_;
  const LanguageRegistry& registry_;
  TaskPool& pool_;
  const FileLimits limits_;
};

}  // namespace repomap
