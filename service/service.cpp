// SPDX-License-Identifier: Apache-2.0
#include "service/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <iterator>
#include <map>
#include <utility>

#include "core/base/byte_codec.hpp"
#include "core/base/mutex.hpp"
#include "core/base/utf8.hpp"
#include "core/cache/graph_cache.hpp"
#include "core/cache/map_cache.hpp"
#include "core/cache/memory_pressure.hpp"
#include "core/cache/scan_cache.hpp"
#include "core/cache/sharded_store.hpp"
#include "core/cache/tag_cache.hpp"
#include "core/cache/tree_cache.hpp"
#include "parsers/tree_renderer.hpp"
#include "service/file_admission.hpp"
#include "service/file_signatures.hpp"
#include "service/language_fingerprints.hpp"
#include "service/manifest_cache.hpp"
#include "service/map_builder.hpp"
#include "service/query_cache.hpp"
#include "service/symbols_base.hpp"
#include "service/tag_loader.hpp"
#include "service/user_languages.hpp"
#include "service/versions.hpp"
#include "watcher/repository_root.hpp"

namespace repomap {
namespace {

SymbolHit hit_of(const std::string& path, const FileTags& tags, const Tag& tag) {
  SymbolHit hit;
  hit.path = path;
  hit.name = tags.name(tag);
  hit.scope = tags.scope(tag);
  hit.signature = tags.signature(tag);
  hit.language = tags.language;
  hit.role = tag.role;
  hit.kind = tag.kind;
  hit.line = tag.line;
  hit.column = tag.column;
  hit.end_line = tag.end_line;
  return hit;
}

/// What the states of a selection follow each other in; all work trees of a repository share it.
std::string line_of(const FileSelection& selection) {
  ByteWriter line;
  line.add_string(repository_identity(selection.root));
  line.add_u8(selection.submodules == SubmodulePolicy::kEnter ? 1 : 0);
  for (const std::string& subtree : selection.subtrees) {
    line.add_string(subtree);
  }
  return line.take();
}

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
MapKey map_key(const MapQuery& query, RefreshMode refresh, const RepoScan& scan) {
  MapKey key{query.request, {}, {}, map_code(), query.explain == ExplainPolicy::kShownSymbols};
  if (refresh == RefreshMode::kFiles) {
    key.request.query.clear();
    key.request.mentioned_files.clear();
    key.request.mentioned_identifiers.clear();
    key.other_files = scan.paths_state();
  } else {
    key.state = scan.symbols_state();
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

bool are_current(std::span<const ReadFile> files, const RepoScan& scan) {
  return std::ranges::all_of(files, [&scan](const ReadFile& file) {
    const auto found = std::ranges::lower_bound(scan.paths, file.path);
    return found != scan.paths.end() && *found == file.path &&
           scan.versions[static_cast<std::size_t>(found - scan.paths.begin())].content == file.content;
  });
}

MapAnswer answer_of(StoredMap stored, FileReport report, MapOrigin origin) {
  MapAnswer answer;
  answer.origin = origin;
  answer.map = std::move(stored.map);
  answer.explanations = std::move(stored.explanations);
  answer.report = std::move(report);
  std::ranges::move(stored.notices, std::back_inserter(answer.report.notices));
  return answer;
}

/// The lines of a text, each without the white space around it.
std::vector<std::string_view> trimmed_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto newline = std::min(text.find('\n'), text.size() - 1);
    std::string_view line = text.substr(0, newline + 1);
    text.remove_prefix(newline + 1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r\n"), line.size()));
    lines.push_back(line.substr(0, line.find_last_not_of(" \t\r\n") + 1));
  }
  return lines;
}

}  // namespace

/// The typed caches over the backends of a manager, each made when it is first needed. Used by one thread.
class Service::Caches {
 public:
  explicit Caches(CacheManager& manager) : manager_(manager) {}

  ManifestCache& manifests() { return ensure(manifests_, CacheKind::kRepoScan); }
  ScanCache& scans() { return ensure(scans_, CacheKind::kScan); }
  TagCache& tags() { return ensure(tags_, CacheKind::kTags); }
  GraphCache& graphs() { return ensure(graphs_, CacheKind::kGraph); }
  SymbolsBaseCache& bases() { return ensure(bases_, CacheKind::kGraph); }
  MapCache& maps() { return ensure(maps_, CacheKind::kMaps); }
  TreeCache& trees() { return ensure(trees_, CacheKind::kTrees); }
  QueryCache& queries() { return ensure(queries_, CacheKind::kQuery); }

  /// Null where there is no store for them.
  LeaseTable* leases() {
    ShardedStore* const store = leases_ ? nullptr : manager_.store(CacheKind::kRuntime);
    if (store != nullptr) {
      leases_.emplace(store->shard(0));
    }
    return leases_ ? &*leases_ : nullptr;
  }

 private:
  template <typename Cache>
  Cache& ensure(std::optional<Cache>& cache, CacheKind kind) {
    return cache ? *cache : cache.emplace(manager_.backend(kind));
  }

  CacheManager& manager_;
  std::optional<ManifestCache> manifests_;
  std::optional<ScanCache> scans_;
  std::optional<TagCache> tags_;
  std::optional<GraphCache> graphs_;
  std::optional<SymbolsBaseCache> bases_;
  std::optional<MapCache> maps_;
  std::optional<TreeCache> trees_;
  std::optional<QueryCache> queries_;
  std::optional<LeaseTable> leases_;
};

Result<std::unique_ptr<Service>> Service::open(Options options, ResourcePaths resources) {
  REPOMAP_ASSIGN(std::unique_ptr<CacheManager> caches, CacheManager::open(options.cache));
  return std::unique_ptr<Service>(new Service(std::move(options), std::move(resources), std::move(caches)));
}

Service::Service(Options options, ResourcePaths resources, std::unique_ptr<CacheManager> caches)
    : options_(std::move(options)),
      resources_(std::move(resources)),
      file_system_(make_posix_file_system()),
      registry_(resources_.languages, find_user_languages(resources_.user_languages)),
      pool_(options_.jobs == 0 ? TaskPool::available_processors() : options_.jobs),
      cache_manager_(std::move(caches)),
      caches_(std::make_unique<Caches>(*cache_manager_)) {
  cache_manager_->monitor_memory({}, make_linux_memory_source(*file_system_));
}

Service::~Service() = default;

Result<RepoScan> Service::scan(const FileSelection& selection, const Indexer::Progress& progress,
                               const RepoScanner::TagsConsumer& consumer) {
  Indexer indexer(*file_system_, registry_, pool_, options_.limits);
  const RepoScanner::Caches caches{caches_->manifests(), [this]() -> ScanCache& { return caches_->scans(); },
                                   [this]() -> TagCache& { return caches_->tags(); },
                                   [this] { return caches_->leases(); }};
  RepoScanner scanner(*file_system_, registry_, indexer, caches, system_clock());
  return scanner.scan(selection, progress, consumer);
}

std::pair<RepoSymbols, SymbolsOrigin> Service::symbols_of(const RepoScan& scan, const FileSelection& selection,
                                                          SymbolsCollector& fresh) {
  TagLoader loader(*file_system_, registry_, pool_, options_.limits, caches_->tags());
  return SymbolsBuilder(caches_->graphs(), caches_->bases(), loader).build(scan, line_of(selection), fresh);
}

/// Tags that a scan had to extract, until they are asked for. Thread-safe.
class Service::Extracted {
 public:
  RepoScanner::TagsConsumer consumer() {
    return [this](std::size_t file, const FileTags& tags) { add(file, tags); };
  }

  void add(std::size_t file, const FileTags& tags) {
    MutexLock lock(mutex_);
    tags_.emplace(file, tags);
  }

  bool contains(std::size_t file) {
    MutexLock lock(mutex_);
    return tags_.contains(file);
  }

  std::optional<FileTags> take(std::size_t file) {
    MutexLock lock(mutex_);
    auto node = tags_.extract(file);
    return node.empty() ? std::nullopt : std::optional(std::move(node.mapped()));
  }

 private:
  Mutex mutex_;
  std::map<std::size_t, FileTags> tags_ GUARDED_BY(mutex_);
};

/// Gives the sink the tags of all scanned files of the language, in order of paths. False if a file had changed since.
bool Service::emit_tags(const RepoScan& scan, const std::string& language, Extracted& extracted, const TagsSink& sink) {
  std::vector<std::size_t> files;
  for (std::size_t i = 0; i < scan.paths.size(); ++i) {
    const FileVersion& version = scan.versions[i];
    if (version.outcome == FileOutcome::kTagged && (language.empty() || version.language == language)) {
      files.push_back(i);
    }
  }
  TagLoader loader(*file_system_, registry_, pool_, options_.limits, caches_->tags());
  std::atomic<bool> is_exact = true;
  // In parts, so that the tags of a large repository need not all be in memory at once.
  constexpr std::size_t kPartFiles = 4096;
  for (std::size_t begin = 0; begin < files.size(); begin += kPartFiles) {
    const auto part = std::span(files).subspan(begin, std::min(kPartFiles, files.size() - begin));
    std::vector<std::size_t> missing;
    std::ranges::copy_if(part, std::back_inserter(missing),
                         [&](std::size_t file) { return !extracted.contains(file); });
    loader.load_many(scan, missing, [&](std::size_t file, const FileTags& tags, TagsBasis basis) {
      extracted.add(file, tags);
      if (basis == TagsBasis::kChangedContent) {
        is_exact = false;
      }
    });
    for (const std::size_t file : part) {
      if (const auto tags = extracted.take(file)) {
        sink(scan.paths[file], *tags);
      } else {
        is_exact = false;
      }
    }
  }
  return is_exact;
}

Result<FileReport> Service::tags(const TagsRequest& request, const TagsSink& sink, const Indexer::Progress& progress) {
  Extracted extracted;
  REPOMAP_ASSIGN(RepoScan scan, this->scan(request.selection, progress, extracted.consumer()));
  emit_tags(scan, request.language, extracted, sink);
  return std::move(scan.report);
}

Result<MapAnswer> Service::map(const MapQuery& query, const Indexer::Progress& progress) {
  const RefreshMode refresh = query.refresh.value_or(options_.refresh);
  if (refresh == RefreshMode::kManual) {
    if (auto last = caches_->maps().get(last_map_key(query), [](const auto& /*files*/) { return true; })) {
      MapAnswer answer = answer_of(std::move(last->stored), {}, MapOrigin::kKept);
      answer.report.notices.emplace_back("the latest map, not compared with the files: refresh mode is manual");
      return answer;
    }
  }
  SymbolsCollector fresh;
  REPOMAP_ASSIGN(RepoScan scan, this->scan(query.selection, progress, [&fresh](std::size_t file, const FileTags& tags) {
    fresh.add(file, tags);
  }));
  FileReport report = std::move(scan.report);
  const MapKey key = map_key(query, refresh, scan);
  if (refresh != RefreshMode::kAlways) {
    if (auto known = caches_->maps().get(key, [&scan](const auto& files) { return are_current(files, scan); })) {
      return answer_of(std::move(known->stored), std::move(report), MapOrigin::kKept);
    }
  }
  REPOMAP_ASSIGN(StoredMap map, build_map(query, key, std::move(scan), fresh));
  return answer_of(std::move(map), std::move(report), MapOrigin::kMade);
}

/// Ranks and renders, and keeps the map if it is that of the scan.
Result<StoredMap> Service::build_map(const MapQuery& query, const MapKey& key, RepoScan scan, SymbolsCollector& fresh) {
  const auto start = std::chrono::steady_clock::now();
  RepoState state{std::move(scan), {}};
  auto [symbols, origin] = symbols_of(state.scan, query.selection, fresh);
  state.symbols = std::move(symbols);
  const MapBuilder builder(*file_system_, registry_, options_.limits, caches_->tags(), resources_.data);
  REPOMAP_ASSIGN(StoredMap map, builder.build(state, query.request, query.explain));
  const auto cost = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
  if (origin.is_exact) {
    caches_->maps().set({key, &map, cost});
  }
  if (options_.refresh == RefreshMode::kManual || query.refresh == RefreshMode::kManual) {
    caches_->maps().set({last_map_key(query), &map, cost});
  }
  return map;
}

Result<IndexAnswer> Service::index(const FileSelection& selection, const Indexer::Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  IndexAnswer answer;
  SymbolsCollector fresh;
  REPOMAP_ASSIGN(RepoScan scan, this->scan(selection, progress, [&fresh](std::size_t file, const FileTags& tags) {
    fresh.add(file, tags);
  }));
  answer.symbols = symbols_of(scan, selection, fresh).second;
  answer.report = std::move(scan.report);
  answer.elapsed = std::chrono::steady_clock::now() - start;
  return answer;
}

Result<SymbolsAnswer> Service::symbols(const FileSelection& selection, const SymbolQuery& query,
                                       const Indexer::Progress& progress) {
  Extracted extracted;
  REPOMAP_ASSIGN(RepoScan scan, this->scan(selection, progress, extracted.consumer()));
  SymbolsAnswer answer;
  answer.report = std::move(scan.report);
  const Digest contents = scan.content_state();
  if (auto known = caches_->queries().get(query, contents)) {
    answer.hits = std::move(*known);
    return answer;
  }
  if (find_symbols(scan, query, extracted, answer.hits)) {
    caches_->queries().set(query, contents, answer.hits);
  }
  return answer;
}

/// False if a file had changed since the scan, so that the hits are no answer for its contents.
bool Service::find_symbols(const RepoScan& scan, const SymbolQuery& query, Extracted& extracted,
                           std::vector<SymbolHit>& hits) {
  const NameMatcher matcher(query.pattern, query.match);
  std::vector<std::pair<int, SymbolHit>> found;
  const auto collect = [&](const std::string& path, const FileTags& tags) {
    for (const Tag& tag : tags.tags) {
      if (tag.role != query.role || (query.kind && tag.kind != *query.kind)) {
        continue;
      }
      if (const auto quality = matcher.match(tags.name(tag), tags.scope(tag))) {
        found.emplace_back(*quality, hit_of(path, tags, tag));
      }
    }
  };
  const bool is_exact = emit_tags(scan, query.language, extracted, collect);
  std::ranges::stable_sort(found, {}, [](const auto& entry) { return entry.first; });
  std::ranges::transform(found, std::back_inserter(hits), [](auto& entry) { return std::move(entry.second); });
  return (query.role != Role::kReference || read_source_lines(scan, hits)) && is_exact;
}

// A reference's tag does not hold its source line; it is read for those that are shown. Hits of one file stand
// together. False if a file had changed since the scan.
bool Service::read_source_lines(const RepoScan& scan, std::span<SymbolHit> hits) const {
  constexpr std::size_t kMaxLineBytes = 240;
  bool is_exact = true;
  std::string text;
  std::string path;
  std::vector<std::string_view> lines;
  for (SymbolHit& hit : hits) {
    if (hit.path != path) {
      path = hit.path;
      text = file_system_->read_file(join_path(scan.root, path), options_.limits.size_bytes).value_or(std::string());
      lines = trimmed_lines(text);
      const std::array read = {ReadFile{path, digest_of(text)}};
      is_exact = is_exact && are_current(read, scan);
    }
    if (hit.line < lines.size()) {
      hit.signature = to_valid_utf8(lines[hit.line].substr(0, kMaxLineBytes));
    }
  }
  return is_exact;
}

/// One file's text and tags, the latter from the cache if it has them.
Result<Service::ParsedFile> Service::parse_file(const std::string& root, const std::string& path) {
  ParsedFile file;
  REPOMAP_ASSIGN(file.text, file_system_->read_file(join_path(root, path), options_.limits.size_bytes));
  const std::string_view name = registry_.detector().detect(path, file.text);
  if (name.empty()) {
    return fail(ErrorCode::kUnsupported, fmt::format("{}: no known language; `repomap langs` lists them", path));
  }
  if (const auto refused = refuse_content(path, file.text)) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("{}: {} ({})", path, skip_reason_name(refused->reason), refused->detail));
  }
  const Clock::WallTime as_of = system_clock().now();
  REPOMAP_ASSIGN(file.fingerprint, LanguageFingerprints(registry_, *file_system_, {}, as_of).get(name));
  const Signature signature = tags_signature(digest_of(file.text), file.fingerprint);
  if (auto known = caches_->tags().get(signature)) {
    file.tags = std::move(known->tags);
    return file;
  }
  REPOMAP_ASSIGN(const Language* language, registry_.load(name));
  const auto start = std::chrono::steady_clock::now();
  REPOMAP_ASSIGN(file.tags, TagExtractor(registry_, options_.limits.time).extract(*language, file.text));
  const auto cost = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
  caches_->tags().set({signature, path, cost, &file.tags});
  return file;
}

Result<FileTags> Service::file_tags(const std::string& root, const std::string& path) {
  REPOMAP_ASSIGN(ParsedFile file, parse_file(root, path));
  return std::move(file.tags);
}

Result<std::string> Service::tree(const std::string& root, const std::string& path, std::vector<std::uint32_t> lines) {
  REPOMAP_ASSIGN(const ParsedFile file, parse_file(root, path));
  for (const std::uint32_t line : lines) {
    if (line >= file.tags.line_count) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("{}: line {} is beyond its {} lines", path, line + 1, file.tags.line_count));
    }
  }
  const TreeKey key{file.tags.content, tree_code(file.fingerprint), lines};
  if (auto known = caches_->trees().get(key)) {
    return std::move(*known);
  }
  std::string text = render_tree(file.text, file.tags.scopes, lines);
  caches_->trees().set({key, path, text});
  return text;
}

Result<std::vector<StageExplanation>> Service::explain(const FileSelection& selection, const std::string& path) {
  const CacheExplainer explainer(*file_system_, registry_, options_.limits,
                                 {caches_->manifests(), caches_->tags(), caches_->graphs(), caches_->bases()});
  return explainer.explain(selection, path, scan_environment(registry_, options_.limits), line_of(selection));
}

std::vector<std::string> Service::language_names() const {
  std::vector<std::string> names;
  std::ranges::transform(registry_.specs(), std::back_inserter(names), &LanguageSpec::name);
  return names;
}

std::vector<LanguageStatus> Service::languages() {
  std::vector<LanguageStatus> statuses(registry_.specs().size());
  pool_.run_all(statuses.size(), [&](std::size_t item, std::size_t /*worker*/) {
    const LanguageSpec& spec = registry_.specs()[item];
    LanguageStatus& status = statuses[item];
    status.name = spec.name;
    status.extensions = spec.extensions;
    status.file_names = spec.file_names;
    status.is_user_language = !spec.grammar_path.empty();
    const auto language = registry_.load(spec.name);
    if (language) {
      status.abi_version = (*language)->abi_version();
      if (const Status checked = registry_.check(spec.name); !checked) {
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
