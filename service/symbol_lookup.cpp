// SPDX-License-Identifier: Apache-2.0
#include "service/symbol_lookup.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>

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

}  // namespace

Exactness SymbolLookup::answer(const RepositorySnapshot& snapshot, const FileSelection& selection,
                               const SymbolQuery& query, ExtractedTags& extracted, SymbolsAnswer& answer) const {
  Exactness exactness = find(snapshot, query, extracted, answer.hits);
  std::erase_if(answer.hits, [&](const SymbolHit& hit) {
    return std::ranges::find(query.without, hit.path) != query.without.end();
  });
  answer.found = answer.hits.size();
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

/// All hits, best match first, then by path and line; those of references without their lines.
Exactness SymbolLookup::find(const RepositorySnapshot& snapshot, const SymbolQuery& query, ExtractedTags& extracted,
                             std::vector<SymbolHit>& hits) const {
  SymbolQuery everything = query;  // what is kept serves whoever asks, from wherever
  everything.from.clear();
  everything.limit = 0;
  everything.without.clear();
  const Digest contents = snapshot.content_state();
  if (auto known = parts_.caches.queries().get(everything, contents)) {
    hits = std::move(*known);
    return Exactness::kExact;
  }
  const Exactness found = SymbolFinder(parts_).find(snapshot.state.scan, everything, extracted, hits);
  if (found == Exactness::kExact && snapshot.is_whole() && hits.size() <= kMaxKeptHits) {
    parts_.caches.queries().set(everything, contents, hits);
  }
  return found;
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
  TagLoader(parts_.file_system, parts_.registry, parts_.pool, parts_.limits, parts_.caches.tags())
      .load_many(scan, files, [&](std::size_t /*file*/, const FileTags& tags, TagsBasis /*basis*/) { found = tags; });
  return found;
}

}  // namespace repomap
