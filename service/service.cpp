// SPDX-License-Identifier: Apache-2.0
#include "service/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/byte_codec.hpp"
#include "core/base/file_system.hpp"
#include "core/base/task_pool.hpp"
#include "core/cache/memory_pressure.hpp"
#include "parsers/language_registry.hpp"
#include "parsers/tree_renderer.hpp"
#include "service/cache_explainer.hpp"
#include "service/file_admission.hpp"
#include "service/file_signatures.hpp"
#include "service/language_fingerprints.hpp"
#include "service/live_repositories.hpp"
#include "service/map_builder.hpp"
#include "service/path_suggestion.hpp"
#include "service/recent_maps.hpp"
#include "service/single_flight.hpp"
#include "service/state_builder.hpp"
#include "service/symbol_finder.hpp"
#include "service/symbol_lookup.hpp"
#include "service/user_languages.hpp"
#include "service/versions.hpp"
#include "watcher/invalidator.hpp"

namespace repomap {
namespace {

/// What makes maps out of symbols and text.
Digest map_code() {
  ByteWriter code;
  code.add_u32(kMapVersion);
  code.add_string(program_version());
  return digest_of(code.bytes());
}

/// What makes a file's lines of interest out of its text.
Digest tree_code(const Digest& fingerprint) {
  ByteWriter code;
  code.add_string(program_version());
  code.add_digest(fingerprint);
  return digest_of(code.bytes());
}

/// RefreshMode::kFiles leaves out what was mentioned, and the ranks: such a map holds as long as its files and what it
/// shows of them are the same.
MapKey map_key(const MapQuery& query, RefreshMode refresh, const RepositorySnapshot& snapshot) {
  MapKey key{query.request, {}, {}, map_code(), query.explain == ExplainPolicy::kShownSymbols};
  if (refresh == RefreshMode::kFiles) {
    key.request.query.clear();
    key.request.mentioned_files.clear();
    key.request.mentioned_identifiers.clear();
    key.other_files = snapshot.state.scan.paths_state();
  } else {
    key.state = snapshot.symbols_state();
  }
  return key;
}

/// The key of the latest map of a selection, whatever was asked for besides its size.
MapKey last_map_key(const MapQuery& query) {
  MapKey key;
  key.request.token_budget = query.request.token_budget;
  key.request.tokenizer = query.request.tokenizer;
  key.request.rank_mode = query.request.rank_mode;
  key.request.query = fmt::format("latest of {}", query.selection.root);
  key.request.chat_files = query.selection.subtrees;
  key.is_explained = query.explain == ExplainPolicy::kShownSymbols;
  return key;
}

MapAnswer answer_of(StoredMap stored, FileReport report, MapOrigin origin) {
  MapAnswer answer;
  answer.origin = origin;
  answer.generation = report.freshness.generation;
  answer.map = std::move(stored.map);
  answer.explanations = std::move(stored.explanations);
  answer.report = std::move(report);
  std::ranges::move(stored.notices, std::back_inserter(answer.report.notices));
  return answer;
}

/// Whether a selection is all that a repository in memory holds.
bool is_whole(const FileSelection& selection) { return selection.subtrees.empty() && selection.paths.empty(); }

/// Whether a request may look again because a file was saved between the look at it and its use: what it shows of such
/// a file is of no one state. So many times where a look takes long, and as often as time allows where others save
/// faster than it can look; not for ever, as some files never rest.
class MoreLooks {
 public:
  bool take() { return ++taken_ <= kAtLeast || std::chrono::steady_clock::now() - start_ < kPatience; }

 private:
  static constexpr int kAtLeast = 5;
  static constexpr std::chrono::milliseconds kPatience{500};

  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  int taken_ = 0;
};

}  // namespace

Result<std::unique_ptr<Service>> Service::open(Options options, ResourcePaths resources) {
  REPOMAP_ASSIGN(std::unique_ptr<CacheManager> caches, CacheManager::open(options.cache));
  return std::unique_ptr<Service>(new Service(std::move(options), std::move(resources), std::move(caches)));
}

struct Service::ParsedFile {
  std::string text;
  Digest fingerprint;  // of its language
  FileTags tags;
};

struct Service::FoundMap {
  StoredMap map;
  MapOrigin origin = MapOrigin::kMade;
};

// All of it is fixed after construction, and each thread-safe.
struct Service::State {
  State(Options opened_with, ResourcePaths found, std::unique_ptr<CacheManager> manager)
      : options(std::move(opened_with)),
        resources(std::move(found)),
        file_system(make_posix_file_system()),
        registry(resources.languages, find_user_languages(resources.user_languages)),
        pool(options.jobs == 0 ? TaskPool::available_processors() : options.jobs,
             options.watch == WatchPolicy::kOn ? options.live.niceness : 0),
        cache_manager(std::move(manager)),
        caches(*cache_manager),
        parts{*file_system, registry, pool, options.limits, caches, system_clock()} {}

  const Options options;
  const ResourcePaths resources;
  const std::unique_ptr<FileSystem> file_system;
  LanguageRegistry registry;
  TaskPool pool;
  const std::unique_ptr<CacheManager> cache_manager;
  ServiceCaches caches;
  const RepositoryParts parts;
  RecentMaps recent_maps;
  SingleFlight<StoredMap> map_flights;
  std::unique_ptr<LiveRepositories> live;  // null: nothing is watched. The last member: its threads use the others
};

Service::Service(Options options, ResourcePaths resources, std::unique_ptr<CacheManager> caches)
    : state_(std::make_unique<State>(std::move(options), std::move(resources), std::move(caches))) {
  state_->cache_manager->monitor_memory({}, make_linux_memory_source(*state_->file_system));
  if (state_->options.watch == WatchPolicy::kOn) {
    state_->live = std::make_unique<LiveRepositories>(
        state_->parts, state_->options.live, *state_->options.generations,
        [this](const FileSelection& selection, const RepositorySnapshot& snapshot) { warm_maps(selection, snapshot); });
  }
}

Service::~Service() = default;

CacheManager& Service::caches() { return *state_->cache_manager; }

/// What the files of a selection are, with everything saved before the call. Of a selection that is not kept in memory
/// the tags that had to be extracted go to `tags`.
Result<Sight> Service::look(const FileSelection& selection, const RequestContext& context, const TagsConsumer& tags) {
  if (state_->live && is_whole(selection)) {
    return state_->live->look(selection, context);
  }
  ScanHooks hooks;
  hooks.progress = context.progress;
  hooks.tags = tags;
  hooks.check = [&context] { return context.check(); };
  auto snapshot = std::make_shared<RepositorySnapshot>();
  REPOMAP_ASSIGN(snapshot->state.scan, StateBuilder(state_->parts).scan(selection, hooks));
  REPOMAP_TRY(context.check());
  if (state_->live) {
    snapshot->generation = std::max<std::uint64_t>(1, state_->options.generations->of(selection.root));
  }
  const auto as_of = snapshot->state.scan.report.freshness.as_of;
  return Sight{std::move(snapshot), as_of};
}

Result<FileReport> Service::tags(const TagsRequest& request, const TagsSink& sink, const RequestContext& context) {
  ExtractedTags extracted;
  REPOMAP_ASSIGN(const Sight sight, look(request.selection, context,
                                         [&](std::size_t file, const FileTags& tags) { extracted.add(file, tags); }));
  const RepoScan& scan = sight.snapshot->state.scan;
  SymbolFinder(state_->parts).emit(scan, tagged_files(scan, request.language), extracted, sink);
  return report_of(request.selection, sight);
}

Result<MapAnswer> Service::map(const MapQuery& query, const RequestContext& context) {
  const RefreshMode refresh = query.refresh.value_or(state_->options.refresh);
  if (refresh == RefreshMode::kManual) {
    if (auto last = state_->caches.maps().get(last_map_key(query), [](const auto& /*files*/) { return true; })) {
      MapAnswer answer = answer_of(std::move(last->stored), {}, MapOrigin::kKept);
      answer.report.notices.emplace_back("the latest map, not compared with the files: refresh mode is manual");
      return answer;
    }
  }
  state_->recent_maps.note(query, std::chrono::steady_clock::now());
  MoreLooks more;
  while (true) {
    SymbolsCollector fresh;
    REPOMAP_ASSIGN(const Sight sight, look(query.selection, context, [&fresh](std::size_t file, const FileTags& tags) {
                     fresh.add(file, tags);
                   }));
    REPOMAP_ASSIGN(FoundMap found, find_map(query, *sight.snapshot, fresh, context));
    if (are_current(found.map.read, sight.snapshot->state.scan) || !more.take()) {
      return answer_of(std::move(found.map), report_of(query.selection, sight), found.origin);
    }
  }
}

/// The map of a snapshot: one that was made before, or a new one.
Result<Service::FoundMap> Service::find_map(const MapQuery& query, const RepositorySnapshot& snapshot,
                                            SymbolsCollector& fresh, const RequestContext& context) {
  const RefreshMode refresh = query.refresh.value_or(state_->options.refresh);
  const MapKey key = map_key(query, refresh, snapshot);
  const RepoScan& scan = snapshot.state.scan;
  const auto known = [&] {
    const auto is_current = [&scan](const auto& files) { return are_current(files, scan); };
    return refresh == RefreshMode::kAlways ? std::nullopt : state_->caches.maps().get(key, is_current);
  };
  if (auto kept = known()) {
    return FoundMap{std::move(kept->stored), MapOrigin::kKept};
  }
  // The text that is shown is read while the map is made: who asks about a later state must not be given this one.
  const std::string flight = CacheKey::from_text(scan.root)
                                 .add_integer(static_cast<std::int64_t>(snapshot.generation))
                                 .add_bytes(key.key().encoded())
                                 .encoded();
  if (!snapshot.state.symbols) {
    REPOMAP_ASSIGN(StoredMap map, build_map(query, key, snapshot, fresh));
    return FoundMap{std::move(map), MapOrigin::kMade};
  }
  REPOMAP_ASSIGN(const auto map, state_->map_flights.join(flight, context, [&]() -> Result<StoredMap> {
    // Somebody else may have made it since, and have ended.
    if (auto kept = known()) {
      return std::move(kept->stored);
    }
    return build_map(query, key, snapshot, fresh);
  }));
  return FoundMap{*map, MapOrigin::kMade};
}

/// Ranks and renders, and keeps the map if it is that of the scan.
Result<StoredMap> Service::build_map(const MapQuery& query, const MapKey& key, const RepositorySnapshot& snapshot,
                                     SymbolsCollector& fresh) {
  const auto start = std::chrono::steady_clock::now();
  RepoState put_together;
  bool is_exact = snapshot.is_settled();
  if (!snapshot.state.symbols) {
    auto [symbols, origin] = StateBuilder(state_->parts).symbols(snapshot.state.scan, query.selection, fresh);
    put_together = {snapshot.state.scan, std::make_shared<const SymbolGraph>(std::move(symbols))};
    is_exact = origin.is_exact;
  }
  const MapBuilder builder(*state_->file_system, state_->registry, state_->options.limits, state_->caches.tags(),
                           state_->resources.data);
  REPOMAP_ASSIGN(StoredMap map,
                 builder.build(snapshot.state.symbols ? snapshot.state : put_together, query.request, query.explain));
  const auto cost = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
  if (is_exact) {
    state_->caches.maps().set({key, &map, cost});
  }
  if (state_->options.refresh == RefreshMode::kManual || query.refresh == RefreshMode::kManual) {
    state_->caches.maps().set({last_map_key(query), &map, cost});
  }
  return map;
}

/// Makes the maps that were asked for lately, so that they are there when they are asked for again.
void Service::warm_maps(const FileSelection& selection, const RepositorySnapshot& snapshot) {
  for (const MapQuery& query : state_->recent_maps.of(selection.root, std::chrono::steady_clock::now())) {
    if (is_whole(query.selection) && query.selection.submodules == selection.submodules &&
        state_->live->is_latest(selection, snapshot)) {
      SymbolsCollector nothing;
      static_cast<void>(find_map(query, snapshot, nothing, {}));  // a request for it will meet the failure
    }
  }
}

Result<IndexAnswer> Service::index(const FileSelection& selection, const RequestContext& context) {
  const auto start = std::chrono::steady_clock::now();
  IndexAnswer answer;
  SymbolsCollector fresh;
  const std::size_t parsed_before = state_->live ? state_->live->parsed(selection) : 0;
  REPOMAP_ASSIGN(const Sight sight,
                 look(selection, context, [&fresh](std::size_t file, const FileTags& tags) { fresh.add(file, tags); }));
  const RepositorySnapshot& snapshot = *sight.snapshot;
  answer.report = report_of(selection, sight);
  if (snapshot.state.symbols) {
    answer.symbols.reused = snapshot.state.scan.paths.size();
    const std::size_t parsed = state_->live->parsed(selection);  // less than before if it was loaded anew
    answer.report.index.parsed = std::min(parsed - std::min(parsed, parsed_before), answer.report.freshness.indexed);
    answer.report.index.reused = answer.report.freshness.indexed - answer.report.index.parsed;
  } else {
    answer.symbols = StateBuilder(state_->parts).symbols(snapshot.state.scan, selection, fresh).second;
  }
  answer.elapsed = std::chrono::steady_clock::now() - start;
  return answer;
}

Result<SymbolsAnswer> Service::symbols(const FileSelection& selection, const SymbolQuery& query,
                                       const RequestContext& context) {
  MoreLooks more;
  while (true) {
    ExtractedTags extracted;
    REPOMAP_ASSIGN(const Sight sight, look(selection, context, [&extracted](std::size_t file, const FileTags& tags) {
                     extracted.add(file, tags);
                   }));
    SymbolsAnswer answer;
    answer.report = report_of(selection, sight);
    const Exactness found = SymbolLookup(state_->parts).answer(*sight.snapshot, selection, query, extracted, answer);
    if (found == Exactness::kExact || !more.take()) {
      return answer;
    }
  }
}

/// What a request may say of the files that it was answered from.
FileReport Service::report_of(const FileSelection& selection, const Sight& sight) const {
  FileReport report = sight.snapshot->state.scan.report;
  report.freshness.as_of = sight.as_of;
  report.freshness.generation = sight.snapshot->generation;
  if (state_->live && is_whole(selection)) {
    // The files were read for the repository, not for this request.
    report.index.parsed = 0;
    report.index.bytes = 0;
    report.index.reused = report.freshness.indexed;
    report.freshness.watcher = state_->live->watcher_of(selection);
  }
  return report;
}

Result<RepositoryMoment> Service::sync(const FileSelection& selection, const RequestContext& context) {
  REPOMAP_ASSIGN(const Sight sight, look(selection, context, {}));
  RepositoryMoment moment;
  moment.freshness = report_of(selection, sight).freshness;
  moment.generation = sight.snapshot->generation;
  return moment;
}

Status Service::invalidate(const FileSelection& selection, const std::vector<std::string>& paths,
                           const RequestContext& context) {
  const std::vector<std::string>* files = &paths;
  Sight sight;
  if (paths.empty()) {
    REPOMAP_ASSIGN(sight, look(selection, context, {}));
    files = &sight.snapshot->state.scan.paths;
  }
  // What is told by path and what by content: the former is all that may be wrong, but somebody wants both gone.
  std::vector<CacheBackend*> backends;
  for (const CacheKind kind : {CacheKind::kTags, CacheKind::kMaps, CacheKind::kTrees, CacheKind::kScan}) {
    backends.push_back(&state_->cache_manager->backend(kind));
  }
  Invalidator(std::move(backends)).invalidate(*files);
  for (const std::string& path : *files) {
    state_->caches.manifests().forget(selection.root, path);
  }
  if (state_->live) {
    state_->live->look_again(selection, {paths.empty() ? std::vector<std::string>{""} : paths, ""});
  }
  return {};
}

void Service::warm(const FileSelection& selection) {
  if (state_->live) {
    state_->live->load(selection);
  }
}

void Service::resume() {
  if (state_->live) {
    state_->live->resume();
  }
}

void Service::unload(const std::string& root) {
  if (state_->live) {
    state_->live->unload(root);
  }
}

void Service::unload_all() {
  if (state_->live) {
    state_->live->unload_all();
  }
}

ServiceStatus Service::status() const {
  ServiceStatus status;
  if (state_->live) {
    status.repositories = state_->live->status();
    status.memory_limit_bytes = state_->live->memory_limit_bytes();
  }
  for (const RepositoryStatus& repository : status.repositories) {
    status.memory_bytes += repository.memory_bytes;
  }
  status.caches = state_->cache_manager->stats();
  return status;
}

std::uint64_t Service::subscribe(EventSink sink) { return state_->live ? state_->live->subscribe(std::move(sink)) : 0; }

void Service::unsubscribe(std::uint64_t subscription) {
  if (state_->live) {
    state_->live->unsubscribe(subscription);
  }
}

/// "; did you mean X?", or "".
std::string Service::hint_for(const std::string& root, const std::string& missing) {
  RequestContext at_once;
  at_once.completeness = Completeness::kPartial;
  const auto sight = look({root, {}}, at_once, {});
  const std::string meant = sight ? suggest_path(sight->snapshot->state.scan.paths, missing) : "";
  return meant.empty() ? "" : fmt::format("; did you mean {}?", meant);
}

/// One file's text and tags, the latter from the cache if it has them.
Result<Service::ParsedFile> Service::parse_file(const std::string& root, const std::string& path) {
  ParsedFile file;
  auto text = state_->file_system->read_file(join_path(root, path), state_->options.limits.size_bytes);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    return fail(ErrorCode::kNotFound, fmt::format("{}: no such file in {}{}", path, root, hint_for(root, path)));
  }
  REPOMAP_ASSIGN(file.text, std::move(text));
  const std::string_view name = state_->registry.detector().detect(path, file.text);
  if (name.empty()) {
    return fail(ErrorCode::kUnsupported, fmt::format("{}: no known language; `repomap langs` lists them", path));
  }
  if (const auto refused = refuse_content(path, file.text)) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("{}: {} ({})", path, skip_reason_name(refused->reason), refused->detail));
  }
  const Clock::WallTime as_of = system_clock().now();
  REPOMAP_ASSIGN(file.fingerprint, LanguageFingerprints(state_->registry, *state_->file_system, {}, as_of).get(name));
  const Signature signature = tags_signature(digest_of(file.text), file.fingerprint);
  if (auto known = state_->caches.tags().get(signature)) {
    file.tags = std::move(known->tags);
    return file;
  }
  REPOMAP_ASSIGN(const Language* language, state_->registry.load(name));
  const auto start = std::chrono::steady_clock::now();
  REPOMAP_ASSIGN(file.tags, TagExtractor(state_->registry, state_->options.limits.time).extract(*language, file.text));
  const auto cost = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
  state_->caches.tags().set({signature, path, cost, &file.tags});
  return file;
}

Result<FileTags> Service::file_tags(const std::string& root, const std::string& path) {
  REPOMAP_ASSIGN(ParsedFile file, parse_file(root, path));
  return std::move(file.tags);
}

Result<std::string> Service::tree(const TreeRequest& request) {
  REPOMAP_ASSIGN(const ParsedFile file, parse_file(request.root, request.path));
  for (const std::uint32_t line : request.lines) {
    if (line >= file.tags.line_count) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("{}: line {} is beyond its {} lines", request.path, line + 1, file.tags.line_count));
    }
  }
  const TreeKey key{file.tags.content, tree_code(file.fingerprint), request.lines};
  if (auto known = state_->caches.trees().get(key)) {
    return std::move(*known);
  }
  std::string text = render_tree(file.text, file.tags.scopes, request.lines);
  state_->caches.trees().set({key, request.path, text});
  return text;
}

Result<std::vector<StageExplanation>> Service::explain(const FileSelection& selection, const std::string& path) {
  const CacheExplainer explainer(
      *state_->file_system, state_->registry, state_->options.limits,
      {state_->caches.manifests(), state_->caches.tags(), state_->caches.graphs(), state_->caches.bases()});
  return explainer.explain(selection, path, scan_environment(state_->registry, state_->options.limits),
                           line_of(selection));
}

std::vector<std::string> Service::language_names() const {
  std::vector<std::string> names;
  std::ranges::transform(state_->registry.specs(), std::back_inserter(names), &LanguageSpec::name);
  return names;
}

std::vector<LanguageStatus> Service::languages() {
  std::vector<LanguageStatus> statuses(state_->registry.specs().size());
  state_->pool.run_all_now(statuses.size(), [&](std::size_t item, std::size_t /*worker*/) {
    const LanguageSpec& spec = state_->registry.specs()[item];
    LanguageStatus& status = statuses[item];
    status.name = spec.name;
    status.extensions = spec.extensions;
    status.file_names = spec.file_names;
    status.is_user_language = !spec.grammar_path.empty();
    const auto language = state_->registry.load(spec.name);
    if (language) {
      status.abi_version = (*language)->abi_version();
      if (const Status checked = state_->registry.check(spec.name); !checked) {
        status.error = checked.error().message;
      }
    } else {
      status.error = language.error().message;
    }
  });
  std::ranges::sort(statuses, {}, &LanguageStatus::name);
  return statuses;
}

}  // namespace repomap
