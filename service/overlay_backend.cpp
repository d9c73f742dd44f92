// SPDX-License-Identifier: Apache-2.0
#include "service/overlay_backend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "service/symbol_finder.hpp"
#include "service/symbol_proximity.hpp"

namespace repomap {
namespace {

/// Whether a file is below one of the places, or there are none to keep to.
bool is_below(const std::string& path, const std::vector<std::string>& places) {
  return places.empty() || std::ranges::any_of(places, [&](const std::string& place) {
           return path == place || place.empty() || path.starts_with(place + "/");
         });
}

// A file that is being edited matters more than any other that is as near.
constexpr double kEditedRank = 1;

void add_hits(const std::string& path, const Document& document, const SymbolQuery& query, const NameMatcher& matcher,
              std::vector<SymbolHit>& hits) {
  if (!query.language.empty() && document.language() != query.language) {
    return;
  }
  const FileTags& tags = document.tags();
  for (const Tag& tag : tags.tags) {
    if (match_of(tags, tag, query, matcher)) {
      SymbolHit& hit = hits.emplace_back(hit_of(path, tags, tag));
      hit.signature = tag.role == Role::kReference ? reference_line(document.line(tag.line)) : hit.signature;
    }
  }
}

void rate(std::span<SymbolHit> hits, const SymbolProximity& proximity) {
  for (SymbolHit& hit : hits) {
    hit.nearness = proximity.of(hit.path, hit.name);
  }
}

}  // namespace

void OverlayBackend::put(const std::string& root, const std::string& path, std::shared_ptr<const Document> document) {
  MutexLock lock(mutex_);
  if (document) {
    documents_[root][path] = std::move(document);
  } else if (const auto found = documents_.find(root); found != documents_.end()) {
    found->second.erase(path);
  }
}

void OverlayBackend::hide(const std::string& root, const std::string& path) {
  MutexLock lock(mutex_);
  documents_[root][path] = nullptr;
}

OverlayBackend::Documents OverlayBackend::documents_of(const std::string& root) const {
  MutexLock lock(mutex_);
  const auto found = documents_.find(root);
  return found == documents_.end() ? Documents() : found->second;
}

Result<SymbolsAnswer> OverlayBackend::symbols(const FileSelection& selection, const SymbolQuery& query,
                                              const RequestContext& context) {
  const Documents documents = documents_of(selection.root);
  if (documents.empty()) {
    return saved_.symbols(selection, query, context);
  }
  SymbolQuery rest = query;
  std::ranges::transform(documents, std::back_inserter(rest.without), [](const auto& entry) { return entry.first; });
  REPOMAP_ASSIGN(SymbolsAnswer answer, saved_.symbols(selection, rest, context));
  const NameMatcher matcher(query.pattern, query.match);
  const std::size_t before = answer.hits.size();
  for (const auto& [path, document] : documents) {
    if (document != nullptr && is_below(path, selection.subtrees) && is_below(path, selection.paths)) {
      add_hits(path, *document, query, matcher, answer.hits);
    }
  }
  answer.found += answer.hits.size() - before;
  if (!query.from.empty()) {
    const auto found = documents.find(query.from);
    const Document* asking = found == documents.end() ? nullptr : found->second.get();
    const SymbolProximity known =
        asking == nullptr ? SymbolProximity(query.from) : SymbolProximity(query.from, asking->tags());
    rate(asking == nullptr ? std::span(answer.hits).subspan(before) : std::span(answer.hits), known);
    for (SymbolHit& hit : std::span(answer.hits).subspan(before)) {
      hit.rank = kEditedRank;
    }
  }
  sort_by_proximity(answer.hits, matcher);
  if (query.limit != 0 && answer.hits.size() > query.limit) {
    answer.hits.resize(query.limit);
  }
  return answer;
}

Result<FileTags> OverlayBackend::file_tags(const std::string& root, const std::string& path) {
  const Documents documents = documents_of(root);
  const auto found = documents.find(path);
  if (found == documents.end()) {
    return saved_.file_tags(root, path);
  }
  if (found->second == nullptr) {
    return fail(ErrorCode::kUnsupported, fmt::format("{}: what is edited cannot be parsed", path));
  }
  return found->second->tags();
}

Result<MapAnswer> OverlayBackend::map(const MapQuery& query, const RequestContext& context) {
  return saved_.map(query, context);
}

Result<IndexAnswer> OverlayBackend::index(const FileSelection& selection, const RequestContext& context) {
  return saved_.index(selection, context);
}

Result<std::string> OverlayBackend::tree(const TreeRequest& request) { return saved_.tree(request); }

Result<RepositoryMoment> OverlayBackend::sync(const FileSelection& selection, const RequestContext& context) {
  return saved_.sync(selection, context);
}

}  // namespace repomap
