// SPDX-License-Identifier: Apache-2.0
#include "service/symbol_lookup.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/model/repo_symbols.hpp"
#include "service/definition_names.hpp"
#include "service/state_builder.hpp"
#include "service/symbol_proximity.hpp"
#include "service/tag_loader.hpp"

namespace repomap {
namespace {

// An answer with more hits is not worth keeping: it is as large as what it was made from.
constexpr std::size_t kMaxKeptHits = 20'000;

std::optional<std::size_t> index_of(const RepoScan& scan, const std::string& path) {
  const auto found = std::ranges::lower_bound(scan.paths, path);
  if (found == scan.paths.end() || *found != path) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - scan.paths.begin());
}

std::vector<std::size_t> files_that_refer(const RepoSymbols& symbols, const NameMatcher& matcher) {
  std::vector<bool> matches(symbols.identifiers.size(), false);
  for (std::size_t i = 0; i < matches.size(); ++i) {
    matches[i] = matcher.may_match(symbols.identifiers.at(static_cast<StringPool::Id>(i)));
  }
  std::vector<std::size_t> files;
  for (std::size_t i = 0; i < symbols.files.size(); ++i) {
    if (std::ranges::any_of(symbols.files[i].references,
                            [&](const ReferenceCount& reference) { return matches[reference.identifier]; })) {
      files.push_back(i);
    }
  }
  return files;
}

}  // namespace

TagLoader SymbolLookup::make_loader() const {
  return {parts_.file_system, parts_.registry, parts_.pool, parts_.limits, parts_.caches.tags()};
}

Exactness SymbolLookup::answer(const RepositorySnapshot& snapshot, const FileSelection& selection,
                               const SymbolQuery& query, ExtractedTags& extracted, SymbolsAnswer& answer) const {
  Exactness exactness = find(snapshot, query, extracted, answer);
  if (!query.from.empty()) {
    rate(snapshot, selection, query.from, answer.hits);
    sort_by_proximity(answer.hits, NameMatcher(query.pattern, query.match));
  }
  if (query.limit != 0 && answer.hits.size() > query.limit) {
    answer.hits.resize(query.limit);
  }
  if (query.role == Role::kReference &&
      SymbolFinder(parts_).read_source_lines(snapshot.state.scan, answer.hits) == Exactness::kChangedSince) {
    exactness = Exactness::kChangedSince;
  }
  return exactness;
}

/// The hits, best match first, then by path and line, those of references without their lines: all of them, or so many
/// that the limit can be kept whoever asks.
Exactness SymbolLookup::find(const RepositorySnapshot& snapshot, const SymbolQuery& query, ExtractedTags& extracted,
                             SymbolsAnswer& answer) const {
  const auto is_left_out = [&](const std::string& path) {
    return std::ranges::find(query.without, path) != query.without.end();
  };
  SymbolQuery everything = query;  // what is kept serves whoever asks, from wherever
  everything.from.clear();
  everything.limit = 0;
  everything.without.clear();
  const Digest contents = snapshot.content_state();
  if (auto known = parts_.caches.queries().get(everything, contents)) {
    answer.hits = std::move(*known);
    std::erase_if(answer.hits, [&](const SymbolHit& hit) { return is_left_out(hit.path); });
    answer.found = answer.hits.size();
    return Exactness::kExact;
  }
  std::vector<std::size_t> files = candidates(snapshot, everything);
  std::erase_if(files, [&](std::size_t file) { return is_left_out(snapshot.state.scan.paths[file]); });
  const bool is_by_nearness = !query.from.empty();
  everything.limit = is_by_nearness || query.limit == 0 ? 0 : std::max(query.limit, kMaxKeptHits);
  const Exactness found = SymbolFinder(parts_).find(snapshot.state.scan, files, everything, extracted, answer);
  const bool is_everything = query.without.empty() && answer.hits.size() == answer.found;
  if (found == Exactness::kExact && snapshot.is_settled() && is_everything && answer.found <= kMaxKeptHits) {
    everything.limit = 0;
    parts_.caches.queries().set(everything, contents, answer.hits);
  }
  return found;
}

/// The files that may hold what is asked for.
std::vector<std::size_t> SymbolLookup::candidates(const RepositorySnapshot& snapshot, const SymbolQuery& query) const {
  const RepoScan& scan = snapshot.state.scan;
  std::vector<std::size_t> files = tagged_files(scan, query.language);
  if (!snapshot.definitions || !snapshot.state.symbols) {
    return files;
  }
  const NameMatcher matcher(query.pattern, query.match);
  std::vector<std::size_t> named;
  if (query.role == Role::kReference) {
    named = files_that_refer(snapshot.state.symbols->symbols(), matcher);
  } else {
    TagLoader loader = make_loader();
    named = snapshot.definitions->files_with(matcher, scan, loader);
  }
  std::vector<std::size_t> both;
  std::ranges::set_intersection(files, named, std::back_inserter(both));
  return both;
}

/// Tells of each hit how near it is to the file that asks, and the rank of its file.
void SymbolLookup::rate(const RepositorySnapshot& snapshot, const FileSelection& selection, const std::string& from,
                        std::vector<SymbolHit>& hits) const {
  const RepoScan& scan = snapshot.state.scan;
  std::shared_ptr<const SymbolGraph> graph = snapshot.state.symbols;
  if (!graph) {
    SymbolsCollector nothing;
    graph = std::make_shared<const SymbolGraph>(StateBuilder(parts_).symbols(scan, selection, nothing).first);
  }
  const std::vector<double>& ranks = graph->file_ranks();
  const auto tags = tags_of(scan, from);
  const SymbolProximity proximity = tags ? SymbolProximity(from, *tags) : SymbolProximity(from);
  for (SymbolHit& hit : hits) {
    hit.nearness = proximity.of(hit.path, hit.name);
    const auto file = index_of(scan, hit.path);
    hit.rank = file && *file < ranks.size() ? ranks[*file] : 0;
  }
}

std::optional<FileTags> SymbolLookup::tags_of(const RepoScan& scan, const std::string& path) const {
  const auto file = index_of(scan, path);
  if (!file || scan.versions[*file].outcome != FileOutcome::kTagged) {
    return std::nullopt;
  }
  std::optional<FileTags> found;
  const std::array files = {*file};
  make_loader().load_many(scan, files,
                          [&](std::size_t /*file*/, const FileTags& tags, TagsBasis /*basis*/) { found = tags; });
  return found;
}

}  // namespace repomap
