// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/base/result.hpp"
#include "core/base/task_pool.hpp"
#include "core/cache/cache_manager.hpp"
#include "core/cache/map_cache.hpp"
#include "core/model/file_tags.hpp"
#include "core/model/stored_map.hpp"
#include "parsers/language_registry.hpp"
#include "service/cache_explainer.hpp"
#include "service/indexer.hpp"
#include "service/map_answer.hpp"
#include "service/refresh_mode.hpp"
#include "service/repo_scan.hpp"
#include "service/resource_paths.hpp"
#include "service/symbol_search.hpp"
#include "service/symbols_builder.hpp"

namespace repomap {

struct TagsRequest {
  FileSelection selection;
  std::string language;  ///< only this one; "" for all
};

struct SymbolsAnswer {
  std::vector<SymbolHit> hits;  ///< best match first, then by path and line
  FileReport report;
};

/// Whether a language works, and why not.
struct LanguageStatus {
  std::string name;
  std::vector<std::string> extensions;
  std::vector<std::string> file_names;
  bool is_user_language = false;
  std::uint32_t abi_version = 0;  ///< 0 if it does not work
  std::string error;              ///< "" if it works
};

/// What an indexing run has done.
struct IndexAnswer {
  FileReport report;
  SymbolsOrigin symbols;
  std::chrono::nanoseconds elapsed{};
};

/// The product without protocols: everything that a client can ask is a method here. What is derived from files is
/// kept in caches, and never taken from them unless it is what the files would give now.
/// Owns the thread pool, the loaded languages and the caches. Used by one thread at a time.
class Service {
 public:
  struct Options {
    std::size_t jobs = 0;  ///< worker threads; 0: one for each processor
    FileLimits limits;
    CacheManagerConfig cache;
    RefreshMode refresh = RefreshMode::kAuto;
  };

  /// Opens no cache yet: each is opened when it is first needed. Errors: those of CacheManager::open().
  static Result<std::unique_ptr<Service>> open(Options options, ResourcePaths resources);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Receives one file's tags. Called on this thread's behalf from the pool, one call at a time, in the order of paths.
  using TagsSink = std::function<void(const std::string& path, const FileTags& tags)>;

  /// The tags of the selected files. Errors: those of list_selection().
  Result<FileReport> tags(const TagsRequest& request, const TagsSink& sink, const Indexer::Progress& progress);

  /// The ranked map. Errors: those of list_selection() and of open_token_counter().
  Result<MapAnswer> map(const MapQuery& query, const Indexer::Progress& progress);

  /// Brings every cache of the repository up to date. Errors: those of list_selection().
  Result<IndexAnswer> index(const FileSelection& selection, const Indexer::Progress& progress);

  /// The occurrences of matching names in the selected files. Errors: those of list_selection().
  Result<SymbolsAnswer> symbols(const FileSelection& selection, const SymbolQuery& query,
                                const Indexer::Progress& progress);

  /// The tags of one file, ignored or not. Errors: kNotFound, kPermissionDenied, kUnsupported (no known language, or
  /// one that is off, or content that is not parsed: the message says which), kLimitExceeded.
  Result<FileTags> file_tags(const std::string& root, const std::string& path);

  /// The text of one file around `lines` (0-based). Errors: those of file_tags(); kInvalidArgument for a line beyond
  /// the end.
  Result<std::string> tree(const std::string& root, const std::string& path, std::vector<std::uint32_t> lines);

  /// The names of all languages, without loading any.
  std::vector<std::string> language_names() const;

  /// All languages by name, each loaded to see whether it works.
  std::vector<LanguageStatus> languages();

  /// What the next request would find in the caches for one file, and why not. Errors: those of CacheExplainer.
  Result<std::vector<StageExplanation>> explain(const FileSelection& selection, const std::string& path);

  /// The caches themselves, for their care. They live as long as the service.
  CacheManager& caches() { return *cache_manager_; }

 private:
  class Caches;
  class Extracted;
  struct ParsedFile {
    std::string text;
    Digest fingerprint;  // of its language
    FileTags tags;
  };

  Service(Options options, ResourcePaths resources, std::unique_ptr<CacheManager> caches);

  Result<RepoScan> scan(const FileSelection& selection, const Indexer::Progress& progress,
                        const RepoScanner::TagsConsumer& consumer);
  std::pair<RepoSymbols, SymbolsOrigin> symbols_of(const RepoScan& scan, const FileSelection& selection,
                                                   SymbolsCollector& fresh);
  Result<StoredMap> build_map(const MapQuery& query, const MapKey& key, RepoScan scan, SymbolsCollector& fresh);
  Result<ParsedFile> parse_file(const std::string& root, const std::string& path);
  bool emit_tags(const RepoScan& scan, const std::string& language, Extracted& extracted, const TagsSink& sink);
  bool find_symbols(const RepoScan& scan, const SymbolQuery& query, Extracted& extracted, std::vector<SymbolHit>& hits);
  bool read_source_lines(const RepoScan& scan, std::span<SymbolHit> hits) const;

  Options options_;
  ResourcePaths resources_;
  std::unique_ptr<FileSystem> file_system_;
  LanguageRegistry registry_;
  TaskPool pool_;
  std::unique_ptr<CacheManager> cache_manager_;
  std::unique_ptr<Caches> caches_;
};

}  // namespace repomap
