// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/cache_manager.hpp"
#include "core/model/file_tags.hpp"
#include "service/file_limits.hpp"
#include "service/file_report.hpp"
#include "service/file_selection.hpp"
#include "service/generations.hpp"
#include "service/live_settings.hpp"
#include "service/map_answer.hpp"
#include "service/query_backend.hpp"
#include "service/refresh_mode.hpp"
#include "service/request_context.hpp"
#include "service/resource_paths.hpp"
#include "service/service_status.hpp"
#include "service/stage_explanation.hpp"
#include "service/symbol_search.hpp"

namespace repomap {

class SymbolsCollector;
struct MapKey;
struct RepositorySnapshot;
struct Sight;
struct StoredMap;

struct TagsRequest {
  FileSelection selection;
  std::string language;  ///< only this one; "" for all
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

/// Whether a service keeps what it knows of repositories in memory, and watches them, or looks at all files for each
/// request.
enum class WatchPolicy : std::uint8_t { kOff, kOn };

/// The product without protocols: everything that a client can ask is a method here. What is derived from files is
/// kept in caches, and never taken from them unless it is what the files would give now.
/// Owns the thread pool, the loaded languages, the caches, and what is kept of repositories. Thread-safe.
class Service final : public QueryBackend {
 public:
  struct Options {
    std::size_t jobs = 0;  ///< worker threads; 0: one for each processor
    FileLimits limits;
    CacheManagerConfig cache;
    RefreshMode refresh = RefreshMode::kAuto;
    WatchPolicy watch = WatchPolicy::kOff;
    LiveSettings live = {};  ///< of a service that watches
    /// Shared by services that answer for the same roots one after the other.
    std::shared_ptr<Generations> generations = std::make_shared<Generations>();
  };

  /// Opens no cache yet: each is opened when it is first needed. Errors: those of CacheManager::open().
  static Result<std::unique_ptr<Service>> open(Options options, ResourcePaths resources);
  ~Service() override;
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Receives one file's tags. Called on the calling thread, in the order of paths.
  using TagsSink = std::function<void(const std::string& path, const FileTags& tags)>;

  /// The tags of the selected files. Errors: those of list_selection().
  Result<FileReport> tags(const TagsRequest& request, const TagsSink& sink, const RequestContext& context);

  Result<MapAnswer> map(const MapQuery& query, const RequestContext& context) override;
  Result<IndexAnswer> index(const FileSelection& selection, const RequestContext& context) override;
  Result<SymbolsAnswer> symbols(const FileSelection& selection, const SymbolQuery& query,
                                const RequestContext& context) override;
  Result<FileTags> file_tags(const std::string& root, const std::string& path) override;
  Result<std::string> tree(const TreeRequest& request) override;
  Result<RepositoryMoment> sync(const FileSelection& selection, const RequestContext& context) override;

  /// Looks at these files again whatever their stat says, and drops from every cache what was derived from them; no
  /// paths: all files of the root. Errors: those of list_selection(); those of RequestContext::check().
  Status invalidate(const FileSelection& selection, const std::vector<std::string>& paths,
                    const RequestContext& context);

  /// Has a repository indexed in the background; returns at once. Nothing in a service that does not watch.
  void warm(const FileSelection& selection);

  /// Goes on with what a killed process has not finished to index; returns at once. As warm() otherwise.
  void resume();

  /// Unloads a root, or all, and tells subscribers. Requests under way are answered all the same.
  void unload(const std::string& root);
  void unload_all();

  ServiceStatus status() const;

  /// Receives what happens to repositories. Called from the service's threads, so it must return quickly and must not
  /// call the service.
  using EventSink = std::function<void(const RepositoryEvent&)>;

  /// The number to unsubscribe with. After unsubscribe() the sink is not called any more.
  std::uint64_t subscribe(EventSink sink);
  void unsubscribe(std::uint64_t subscription);

  /// The names of all languages, without loading any.
  std::vector<std::string> language_names() const;

  /// All languages by name, each loaded to see whether it works.
  std::vector<LanguageStatus> languages();

  /// What the next request would find in the caches for one file, and why not. Errors: those of CacheExplainer.
  Result<std::vector<StageExplanation>> explain(const FileSelection& selection, const std::string& path);

  /// The caches themselves, for their care. They live as long as the service.
  CacheManager& caches();

 private:
  using TagsConsumer = std::function<void(std::size_t file, const FileTags& tags)>;
  struct State;
  struct ParsedFile;
  struct FoundMap;

  Service(Options options, ResourcePaths resources, std::unique_ptr<CacheManager> caches);

  Result<Sight> look(const FileSelection& selection, const RequestContext& context, const TagsConsumer& tags);
  FileReport report_of(const FileSelection& selection, const Sight& sight) const;
  Result<FoundMap> find_map(const MapQuery& query, const RepositorySnapshot& snapshot, SymbolsCollector& fresh,
                            const RequestContext& context);
  Result<StoredMap> build_map(const MapQuery& query, const MapKey& key, const RepositorySnapshot& snapshot,
                              SymbolsCollector& fresh);
  void warm_maps(const FileSelection& selection, const RepositorySnapshot& snapshot);
  std::string hint_for(const std::string& root, const std::string& missing);
  Result<ParsedFile> parse_file(const std::string& root, const std::string& path);

  const std::unique_ptr<State> state_;
};

}  // namespace repomap
