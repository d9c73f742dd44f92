// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_navigation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "core/base/log.hpp"
#include "service/protocol/lsp_target.hpp"
#include "service/protocol/lsp_values.hpp"

namespace repomap {
namespace {

constexpr std::size_t kMaxReferences = 20'000;
constexpr std::size_t kMaxFilesForLocals = 50;  // that references are looked at in for names that functions bind

/// DocumentHighlightKind.
enum HighlightKind : int { kText = 1, kWrite = 3 };

enum class LinkPolicy : std::uint8_t { kLocations, kLinks };

Json location_json(const std::string& uri, const LspRange& range) {
  return Json{{"uri", uri}, {"range", to_json(range)}};
}

Json link_json(const LspTarget& origin, const std::string& uri, const LspRange& whole, const LspRange& name) {
  return Json{{"originSelectionRange", to_json(origin.range())},
              {"targetUri", uri},
              {"targetRange", to_json(whole)},
              {"targetSelectionRange", to_json(name)}};
}

/// From the beginning of the line with the name to the end of the definition.
LspRange whole_range(const SymbolHit& hit, const LspPlace& place) {
  const LspText& text = *place.text;
  LspRange whole{text.position_of(text.tag_line_begin(hit.line)), text.position_of(text.tag_line_end(hit.end_line))};
  return place.end <= text.tag_line_end(hit.end_line) ? whole : place.range;
}

Json local_definition(const LspTarget& target, LinkPolicy links) {
  const ByteRange at = target.local->definition;
  const LspRange range = target.subject.text->range_of(at.begin, at.end);
  const std::string& uri = target.subject.uri;
  return Json::array({links == LinkPolicy::kLinks ? link_json(target, uri, range, range) : location_json(uri, range)});
}

RpcResult answer_definitions(LspRequest& request, LinkPolicy links) {
  REPOMAP_ASSIGN(const auto target, lsp_target(request));
  if (!target) {
    return Json(nullptr);
  }
  if (target->local) {
    return local_definition(*target, links);
  }
  const auto hits = lsp_definitions(request, *target);
  if (!hits) {
    return std::unexpected(lsp_error(hits.error()));
  }
  Json places = Json::array();
  for (const SymbolHit& hit : *hits) {
    const auto place = request.place({target->subject.file.root, hit.path}, hit.line, hit.column, hit.name);
    if (!place) {
      continue;
    }
    places.push_back(links == LinkPolicy::kLinks
                         ? link_json(*target, place->uri, whole_range(hit, *place), place->range)
                         : location_json(place->uri, place->range));
  }
  return places;
}

Json local_references(const LspTarget& target, bool with_definition) {
  Json places = Json::array();
  for (const ByteRange at : target.local->occurrences) {
    if (with_definition || at != target.local->definition) {
      places.push_back(location_json(target.subject.uri, target.subject.text->range_of(at.begin, at.end)));
    }
  }
  return places;
}

Result<std::vector<SymbolHit>> find_references(LspRequest& request, const LspTarget& target) {
  SymbolQuery query;
  query.pattern = target.name;
  query.match = NameMatch::kExact;
  query.role = Role::kReference;
  query.from = target.subject.file.path;
  query.limit = kMaxReferences;
  const FileSelection selection = request.workspace().repository(target.subject.file.root);
  REPOMAP_ASSIGN(SymbolsAnswer answer, request.symbols(selection, query, Completeness::kWhole));
  if (answer.found > answer.hits.size()) {
    log_warning(fmt::format("references of {}: {} of {} given", target.name, answer.hits.size(), answer.found));
  }
  return std::move(answer.hits);
}

bool is_definition(const LspTarget& target, ByteRange at) {
  const Tag* tag = target.subject.document->tag_at(at.begin);
  return tag != nullptr && tag->role == Role::kDefinition && target.subject.document->tags().name(*tag) == target.name;
}

/// Puts together the places of references, and leaves out those that mean a local variable of another function.
class ReferenceList {
 public:
  ReferenceList(LspRequest& request, const LspTarget& target) : request_(request), target_(target) {}

  void add(const SymbolHit& hit) {
    const LspFile file{target_.subject.file.root, hit.path};
    const auto place = request_.place(file, hit.line, hit.column, hit.name);
    if (!place || (!lsp_is_member(place->text->bytes(), place->begin) && looks_closer_at(hit.path) &&
                   lsp_is_local(request_, *place, file))) {
      return;
    }
    put(hit.path, place->uri, place->begin, place->range);
  }

  /// What the file itself holds of the name, also where it is no reference to our rules.
  void add_own(const LspSubject& subject) {
    for (const ByteRange at : subject.document->occurrences(target_.name)) {
      if (!is_definition(target_, at) && !subject.document->local_binding(at)) {
        put(subject.file.path, subject.uri, at.begin, subject.text->range_of(at.begin, at.end));
      }
    }
  }

  Json take() { return std::move(places_); }

 private:
  bool looks_closer_at(const std::string& path) {
    return files_.contains(path) || (files_.size() < kMaxFilesForLocals && files_.insert(path).second);
  }

  void put(const std::string& path, const std::string& uri, std::size_t begin, const LspRange& range) {
    if (seen_.emplace(path, begin).second) {
      places_.push_back(location_json(uri, range));
    }
  }

  LspRequest& request_;
  const LspTarget& target_;
  Json places_ = Json::array();
  std::set<std::string> files_;
  std::set<std::pair<std::string, std::size_t>> seen_;
};

Json highlight_json(const LspTarget& target, ByteRange at, HighlightKind kind) {
  return Json{{"range", to_json(target.subject.text->range_of(at.begin, at.end))}, {"kind", kind}};
}

}  // namespace

RpcResult answer_definition(LspRequest& request) {
  return answer_definitions(request, request.client().definition_links ? LinkPolicy::kLinks : LinkPolicy::kLocations);
}

// Declarations without a body are no tags: what is declared is where it is defined.
RpcResult answer_declaration(LspRequest& request) {
  return answer_definitions(request, request.client().declaration_links ? LinkPolicy::kLinks : LinkPolicy::kLocations);
}

RpcResult answer_references(LspRequest& request) {
  REPOMAP_ASSIGN(const auto target, lsp_target(request));
  if (!target) {
    return Json(nullptr);
  }
  const bool with_definition = lsp_flag(request.params(), "context.includeDeclaration");
  if (target->local) {
    return local_references(*target, with_definition);
  }
  const auto definitions = with_definition ? lsp_definitions(request, *target) : std::vector<SymbolHit>();
  const auto references = find_references(request, *target);
  if (!definitions || !references) {
    return std::unexpected(lsp_error(definitions ? references.error() : definitions.error()));
  }
  ReferenceList list(request, *target);
  for (const SymbolHit& hit : *definitions) {
    list.add(hit);
  }
  list.add_own(target->subject);
  for (const SymbolHit& hit : *references) {
    if (const auto wanted = request.check(); !wanted) {
      return std::unexpected(lsp_error(wanted.error()));
    }
    list.add(hit);
  }
  return list.take();
}

RpcResult answer_document_highlight(LspRequest& request) {
  REPOMAP_ASSIGN(const auto target, lsp_target(request));
  if (!target) {
    return Json(nullptr);
  }
  Json highlights = Json::array();
  if (target->local) {
    for (const ByteRange at : target->local->occurrences) {
      highlights.push_back(highlight_json(*target, at, at == target->local->definition ? kWrite : kText));
    }
    return highlights;
  }
  const Document& document = *target->subject.document;
  for (const ByteRange at : document.occurrences(target->name)) {
    if (!document.local_binding(at)) {
      highlights.push_back(highlight_json(*target, at, is_definition(*target, at) ? kWrite : kText));
    }
  }
  return highlights;
}

}  // namespace repomap
