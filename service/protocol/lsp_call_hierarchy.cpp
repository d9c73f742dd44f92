// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_call_hierarchy.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
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

bool begins_before(const Tag& a, const Tag& b) { return std::pair(a.line, a.column) < std::pair(b.line, b.column); }

/// The innermost definition around a call that calls are made from, or `item` if that is it; null for none. Of those
/// that begin on one line it is the last before the call: tags do not say at which column they end.
const Tag* caller_of(const LspSubject& subject, const Tag& call, const Tag* item = nullptr) {
  const Tag* innermost = nullptr;
  for (const Tag& tag : subject.document->tags().tags) {
    if (tag.line > call.line) {
      break;
    }
    const bool is_one = tag.role == Role::kDefinition && (holds_calls(tag.kind) || &tag == item);
    if (is_one && tag.end_line >= call.line && !begins_before(call, tag)) {
      innermost = &tag;
    }
  }
  return innermost;
}

/// Whether a definition is one in `item`: it begins behind the item's first line and before its last, or its scope
/// says so.
bool is_part_of(const FileTags& tags, const Tag& tag, const Tag& item) {
  const std::string_view scope = tags.scope(tag);
  const std::string_view around = tags.scope(item);
  return (tag.line > item.line && tag.line < item.end_line) ||
         (tag.line >= item.line && tag.line <= item.end_line && scope.starts_with(around) &&
          scope.substr(around.size()).contains(tags.name(item)));
}

/// Whether a call is made in a definition. On its first and last line others may be, too.
bool is_made_in(const LspSubject& subject, const Tag& call, const Tag& item) {
  if (call.line < item.line || call.line > item.end_line) {
    return false;
  }
  if (call.line > item.line && call.line < item.end_line) {
    return true;
  }
  const Tag* caller = caller_of(subject, call, &item);
  return caller == &item || (caller != nullptr && is_part_of(subject.document->tags(), *caller, item));
}

/// What a call means by the names that functions bind.
struct CallMeaning {
  bool is_local = false;
  const Tag* definition = nullptr;  // of what is local, if that is one: a function in a function
};

CallMeaning meaning_of(const LspSubject& subject, std::size_t begin, std::size_t end) {
  const auto binding = lsp_local_binding(subject, begin, end);
  if (!binding) {
    return {};
  }
  const Tag* tag = subject.document->tag_at(binding->definition.begin);
  return {true, tag != nullptr && tag->role == Role::kDefinition ? tag : nullptr};
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

/// Calls of an item by who makes them, in the order in which they are found. Calls of what a function binds are left
/// out, unless that is the item.
class CallerList {
 public:
  CallerList(LspRequest& request, const GivenItem& item) : request_(request), item_(item) {}

  void add(const LspFile& file, const SymbolHit& call) {
    const auto place = request_.place(file, call.line, call.column, call.name);
    const auto subject = request_.subject_of(file);
    if (!place || !subject || !*subject || !means_item(**subject, *place)) {
      return;
    }
    Tag at;
    at.line = call.line;
    at.column = call.column;
    const Tag* caller = caller_of(**subject, at);
    const Key key(file.path, caller == nullptr ? 0 : std::size_t{1} + caller->line,
                  caller == nullptr ? 0 : caller->column);
    const auto [known, is_new] = index_.emplace(key, calls_.size());
    if (is_new) {
      calls_.push_back(Json{{"from", caller == nullptr ? file_item_json(**subject) : item_json(**subject, *caller)},
                            {"fromRanges", Json::array()}});
    }
    calls_[known->second]["fromRanges"].push_back(to_json(place->range));
  }

  Json take() { return std::move(calls_); }

 private:
  using Key = std::tuple<std::string, std::size_t, std::size_t>;  // path, line from 1 (0: the file), column

  bool means_item(const LspSubject& subject, const LspPlace& place) const {
    const CallMeaning meaning = meaning_of(subject, place.begin, place.end);
    return !meaning.is_local ||
           (meaning.definition != nullptr && subject.file == item_.subject.file &&
            meaning.definition->line == item_.tag->line && meaning.definition->column == item_.tag->column);
  }

  LspRequest& request_;
  const GivenItem& item_;
  Json calls_ = Json::array();
  std::map<Key, std::size_t> index_;
};

/// The calls of one thing.
struct Callee {
  const Tag* local = nullptr;  // a function in a function; null for what is to be found by name
  Json ranges = Json::array();
};

/// The calls of each name in an item, in the order of the first.
std::vector<std::vector<const Tag*>> calls_in(const GivenItem& item) {
  const FileTags& tags = item.subject.document->tags();
  std::vector<std::vector<const Tag*>> calls;
  std::map<std::string_view, std::size_t> index;
  for (const Tag& tag : tags.tags) {
    if (tag.role != Role::kReference || tag.kind != SymbolKind::kCall) {
      continue;
    }
    const bool is_inside =
        item.tag == nullptr ? caller_of(item.subject, tag) == nullptr : is_made_in(item.subject, tag, *item.tag);
    if (!is_inside || (index.size() == kMaxCallees && !index.contains(tags.name(tag)))) {
      continue;
    }
    const auto [known, is_new] = index.emplace(tags.name(tag), calls.size());
    if (is_new) {
      calls.emplace_back();
    }
    calls[known->second].push_back(&tag);
  }
  return calls;
}

/// What calls of one name mean: mostly one thing. Variables, which anything may have been put into, are left out.
std::vector<Callee> callees_of(const LspSubject& subject, const std::vector<const Tag*>& calls) {
  std::vector<Callee> callees;
  for (const Tag* call : calls) {
    const auto begin = subject.text->byte_of_tag(call->line, call->column);
    const std::size_t end = begin.value_or(0) + subject.document->tags().name(*call).size();
    const CallMeaning meaning = begin ? meaning_of(subject, *begin, end) : CallMeaning{true, nullptr};
    if (meaning.is_local && meaning.definition == nullptr) {
      continue;
    }
    auto known = std::ranges::find(callees, meaning.definition, &Callee::local);
    if (known == callees.end()) {
      known = callees.insert(callees.end(), Callee{meaning.definition, Json::array()});
    }
    known->ranges.push_back(to_json(subject.text->range_of(*begin, end)));
  }
  return callees;
}

/// The callee as an item; null if the repository has no definition of it.
Result<Json> callee_json(LspRequest& request, const LspSubject& subject, const Callee& callee,
                         const std::string& name) {
  if (callee.local != nullptr) {
    return item_json(subject, *callee.local);
  }
  REPOMAP_ASSIGN(const auto hits, lsp_definitions(request, subject.file, name, 1));
  Json items = items_of(request, subject.file.root, hits);
  return items.empty() ? Json(nullptr) : std::move(items.front());
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
  CallerList callers(request, item);
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
  for (const auto& of_name : calls_in(item)) {
    const std::string name(item.subject.document->tags().name(*of_name.front()));
    for (Callee& callee : callees_of(item.subject, of_name)) {
      auto to = callee_json(request, item.subject, callee, name);
      if (!to) {
        return std::unexpected(lsp_error(to.error()));
      }
      if (!to->is_null()) {
        calls.push_back(Json{{"to", std::move(*to)}, {"fromRanges", std::move(callee.ranges)}});
      }
    }
  }
  return calls;
}

}  // namespace repomap
