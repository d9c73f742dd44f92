// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_call_hierarchy.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/utf8.hpp"
#include "service/protocol/lsp_symbols.hpp"
#include "service/protocol/lsp_target.hpp"
#include "service/protocol/lsp_values.hpp"

namespace repomap {
namespace {

constexpr std::size_t kMaxItems = 20;
constexpr std::size_t kMaxCalls = 5'000;
constexpr std::size_t kMaxCallees = 200;
constexpr int kFileKind = 1;  // SymbolKind of LSP

/// Whether calls are made from within such a definition.
bool holds_calls(SymbolKind kind) {
  switch (kind) {
    case SymbolKind::kFunction:
    case SymbolKind::kMethod:
    case SymbolKind::kConstructor:
    case SymbolKind::kOperator:
    case SymbolKind::kMacro:
    case SymbolKind::kTest:
    case SymbolKind::kTarget:
    case SymbolKind::kRule: return true;
    default: return false;
  }
}

Json item_json(const LspSubject& subject, const Tag& tag) {
  const FileTags& tags = subject.document->tags();
  const std::string_view name = tags.name(tag);
  const std::size_t begin = subject.text->byte_of_tag(tag.line, tag.column).value_or(0);
  Json item;
  item["name"] = to_valid_utf8(name);
  item["kind"] = lsp_symbol_kind(tag.kind);
  item["detail"] = to_valid_utf8(tags.scope(tag).empty() ? subject.file.path : tags.scope(tag));
  item["uri"] = subject.uri;
  item["range"] = to_json(lsp_definition_range(subject, tag));
  item["selectionRange"] = to_json(subject.text->range_of(begin, begin + name.size()));
  return item;
}

Json file_item_json(const LspSubject& subject) {
  Json item;
  item["name"] = to_valid_utf8(subject.file.path);
  item["kind"] = kFileKind;
  item["uri"] = subject.uri;
  item["range"] = to_json(subject.text->range_of(0, subject.text->bytes().size()));
  item["selectionRange"] = to_json(subject.text->range_of(0, 0));
  return item;
}

/// The definition at a place; null if the file has another text by now.
const Tag* definition_at(const LspSubject& subject, std::uint32_t line, std::uint32_t column) {
  const auto byte = subject.document->byte_at({line, column});
  const Tag* tag = byte ? subject.document->tag_at(*byte) : nullptr;
  return tag != nullptr && tag->role == Role::kDefinition ? tag : nullptr;
}

/// The innermost definition around a line that calls are made from; null for none.
const Tag* caller_at(const LspSubject& subject, std::uint32_t line) {
  const Tag* innermost = nullptr;
  for (const Tag& tag : subject.document->tags().tags) {
    if (tag.role == Role::kDefinition && holds_calls(tag.kind) && tag.line <= line && tag.end_line >= line) {
      innermost = &tag;
    }
  }
  return innermost;
}

Json items_of(LspRequest& request, const std::string& root, const std::vector<SymbolHit>& hits) {
  Json items = Json::array();
  for (const SymbolHit& hit : hits) {
    const auto subject = request.subject_of({root, hit.path});
    const Tag* tag = subject && *subject ? definition_at(**subject, hit.line, hit.column) : nullptr;
    if (tag != nullptr && items.size() < kMaxItems) {
      items.push_back(item_json(**subject, *tag));
    }
  }
  return items;
}

/// An item that a client gives back: its file and its name's place.
struct GivenItem {
  LspSubject subject;
  const Tag* tag = nullptr;  // null for a whole file
};

std::expected<GivenItem, RpcError> given_item(LspRequest& request) {
  const Json& item = lsp_member(request.params(), "item");
  REPOMAP_ASSIGN(const LspRange range, lsp_range_from_json(lsp_member(item, "selectionRange")));
  auto subject = request.subject_at(lsp_text_of(item, "uri"));
  if (!subject) {
    return std::unexpected(lsp_error(subject.error()));
  }
  if (!*subject) {
    return std::unexpected(RpcError(lsp_code::kContentModified, "the file of the item cannot be read any more"));
  }
  GivenItem given{std::move(**subject), nullptr};
  if (lsp_member(item, "kind") != kFileKind) {
    given.tag = given.subject.document->tag_at(static_cast<std::uint32_t>(given.subject.text->byte_at(range.start)));
    if (given.tag == nullptr || given.subject.document->tags().name(*given.tag) != lsp_text_of(item, "name")) {
      return std::unexpected(RpcError(lsp_code::kContentModified, "the item is no longer where it was"));
    }
  }
  return given;
}

/// Calls by who makes them, in the order in which they are found.
class CallerList {
 public:
  explicit CallerList(LspRequest& request) : request_(request) {}

  void add(const LspFile& file, const SymbolHit& call) {
    const auto place = request_.place(file, call.line, call.column, call.name);
    const auto subject = request_.subject_of(file);
    if (!place || !subject || !*subject) {
      return;
    }
    const Tag* caller = caller_at(**subject, call.line);
    const auto key = std::pair(file.path, caller == nullptr ? std::size_t{0} : 1 + std::size_t{caller->line});
    const auto [known, is_new] = index_.emplace(key, calls_.size());
    if (is_new) {
      calls_.push_back(Json{{"from", caller == nullptr ? file_item_json(**subject) : item_json(**subject, *caller)},
                            {"fromRanges", Json::array()}});
    }
    calls_[known->second]["fromRanges"].push_back(to_json(place->range));
  }

  Json take() { return std::move(calls_); }

 private:
  LspRequest& request_;
  Json calls_ = Json::array();
  std::map<std::pair<std::string, std::size_t>, std::size_t> index_;
};

/// The places in an item at which each name is called, in the order of the first.
std::vector<std::pair<std::string, Json>> calls_in(const GivenItem& item) {
  const FileTags& tags = item.subject.document->tags();
  std::vector<std::pair<std::string, Json>> calls;
  for (const Tag& tag : tags.tags) {
    const bool is_inside = item.tag == nullptr ? caller_at(item.subject, tag.line) == nullptr
                                               : tag.line >= item.tag->line && tag.line <= item.tag->end_line;
    const auto begin = item.subject.text->byte_of_tag(tag.line, tag.column);
    if (tag.role != Role::kReference || tag.kind != SymbolKind::kCall || !is_inside || !begin) {
      continue;
    }
    const std::string name(tags.name(tag));
    auto known = std::ranges::find(calls, name, &std::pair<std::string, Json>::first);
    if (known == calls.end()) {
      if (calls.size() == kMaxCallees) {
        continue;
      }
      known = calls.insert(calls.end(), {name, Json::array()});
    }
    known->second.push_back(to_json(item.subject.text->range_of(*begin, *begin + name.size())));
  }
  return calls;
}

}  // namespace

RpcResult answer_prepare_call_hierarchy(LspRequest& request) {
  REPOMAP_ASSIGN(const auto target, lsp_target(request));
  if (!target || target->local) {
    return Json(nullptr);
  }
  const auto hits = lsp_definitions(request, *target);
  if (!hits) {
    return std::unexpected(lsp_error(hits.error()));
  }
  Json items = items_of(request, target->subject.file.root, *hits);
  return items.empty() ? Json(nullptr) : items;
}

RpcResult answer_incoming_calls(LspRequest& request) {
  REPOMAP_ASSIGN(const GivenItem item, given_item(request));
  if (item.tag == nullptr) {
    return Json::array();
  }
  const LspFile& file = item.subject.file;
  SymbolQuery query;
  query.pattern = item.subject.document->tags().name(*item.tag);
  query.match = NameMatch::kExact;
  query.role = Role::kReference;
  query.kind = SymbolKind::kCall;
  query.from = file.path;
  query.limit = kMaxCalls;
  const auto answer = request.symbols(request.workspace().repository(file.root), query, Completeness::kWhole);
  if (!answer) {
    return std::unexpected(lsp_error(answer.error()));
  }
  CallerList callers(request);
  for (const SymbolHit& call : answer->hits) {
    if (const auto wanted = request.check(); !wanted) {
      return std::unexpected(lsp_error(wanted.error()));
    }
    callers.add({file.root, call.path}, call);
  }
  return callers.take();
}

RpcResult answer_outgoing_calls(LspRequest& request) {
  REPOMAP_ASSIGN(const GivenItem item, given_item(request));
  Json calls = Json::array();
  for (auto& [name, ranges] : calls_in(item)) {
    const auto hits = lsp_definitions(request, item.subject.file, name, 1);
    if (!hits) {
      return std::unexpected(lsp_error(hits.error()));
    }
    Json items = items_of(request, item.subject.file.root, *hits);
    if (!items.empty()) {
      calls.push_back(Json{{"to", std::move(items.front())}, {"fromRanges", std::move(ranges)}});
    }
  }
  return calls;
}

}  // namespace repomap
