// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_symbols.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/log.hpp"
#include "core/base/utf8.hpp"
#include "service/protocol/lsp_uri.hpp"
#include "service/protocol/lsp_values.hpp"

namespace repomap {
namespace {

constexpr std::size_t kMaxDetailBytes = 200;
constexpr std::size_t kMaxQueryBytes = 1000;
constexpr std::size_t kMaxDepth = 30;  // each level is three of JSON

std::string detail_of(std::string_view signature) {
  const std::string valid = to_valid_utf8(signature.substr(0, 2 * kMaxDetailBytes));
  return valid.substr(0, utf8_floor(valid, kMaxDetailBytes));
}

std::string shown_name(std::string_view name) {
  std::string valid = to_valid_utf8(name);
  return valid.empty() ? "?" : valid;  // clients refuse an empty one
}

/// Whether the language says that `child` is in `parent`, or the lines do.
bool is_inside(const FileTags& tags, const Tag& child, const Tag& parent) {
  const bool lines_are_inside = child.line >= parent.line && child.end_line <= parent.end_line;
  const bool is_several_lines = parent.end_line > parent.line && child.line > parent.line;
  return lines_are_inside && (is_several_lines || (tags.scope(child).size() > tags.scope(parent).size() &&
                                                   tags.scope(child).ends_with(tags.name(parent))));
}

LspRange name_range(const LspSubject& subject, const Tag& tag) {
  const std::size_t begin = subject.text->byte_of_tag(tag.line, tag.column).value_or(0);
  const std::string_view name = subject.document->tags().name(tag);
  const bool is_spelled = std::string_view(subject.text->bytes()).substr(begin).starts_with(name);
  return subject.text->range_of(begin, begin + (is_spelled ? name.size() : 0));
}

/// The smallest range around both.
LspRange around(const LspRange& a, const LspRange& b) {
  const auto key = [](LspPosition position) { return std::pair(position.line, position.character); };
  return {key(a.start) < key(b.start) ? a.start : b.start, key(a.end) < key(b.end) ? b.end : a.end};
}

Json symbol_json(const LspSubject& subject, const Tag& tag) {
  const FileTags& tags = subject.document->tags();
  const LspRange name = name_range(subject, tag);
  Json json;
  json["name"] = shown_name(tags.name(tag));
  if (const std::string detail = detail_of(tags.signature(tag)); !detail.empty()) {
    json["detail"] = detail;
  }
  json["kind"] = lsp_symbol_kind(tag.kind);
  json["range"] = to_json(around(lsp_definition_range(subject, tag), name));
  json["selectionRange"] = to_json(name);
  return json;
}

/// What is open on the way down to the latest definition.
class SymbolTree {
 public:
  explicit SymbolTree(const LspSubject& subject) : subject_(subject) {}

  void add(const Tag& tag) {
    while (!open_.empty() && (open_.size() >= kMaxDepth || !is_inside(tags(), tag, *open_.back().tag))) {
      close();
    }
    open_.push_back({&tag, symbol_json(subject_, tag)});
  }

  Json take() {
    while (!open_.empty()) {
      close();
    }
    return std::move(roots_);
  }

 private:
  struct Node {
    const Tag* tag;
    Json json;
  };

  const FileTags& tags() const { return subject_.document->tags(); }

  void close() {
    Json json = std::move(open_.back().json);
    open_.pop_back();
    Json& siblings = open_.empty() ? roots_ : open_.back().json["children"];
    siblings.push_back(std::move(json));
  }

  const LspSubject& subject_;
  std::vector<Node> open_;
  Json roots_ = Json::array();
};

/// A definition that is tagged in two ways is shown once.
std::vector<const Tag*> definitions_of(const FileTags& tags) {
  std::vector<const Tag*> definitions;
  for (const Tag& tag : tags.tags) {
    const bool is_again = !definitions.empty() && definitions.back()->line == tag.line &&
                          definitions.back()->column == tag.column && definitions.back()->name == tag.name;
    if (tag.role == Role::kDefinition && !is_again) {
      definitions.push_back(&tag);
    }
  }
  return definitions;
}

Json flat_symbols(const LspSubject& subject) {
  const FileTags& tags = subject.document->tags();
  Json list = Json::array();
  for (const Tag* tag : definitions_of(tags)) {
    Json json;
    json["name"] = shown_name(tags.name(*tag));
    json["kind"] = lsp_symbol_kind(tag->kind);
    json["location"] = Json{{"uri", subject.uri}, {"range", to_json(lsp_definition_range(subject, *tag))}};
    if (!tags.scope(*tag).empty()) {
      json["containerName"] = to_valid_utf8(tags.scope(*tag));
    }
    list.push_back(std::move(json));
  }
  return list;
}

std::optional<Json> workspace_symbol_json(LspRequest& request, const LspFile& file, const SymbolHit& hit) {
  Json json;
  json["name"] = shown_name(hit.name);
  json["kind"] = lsp_symbol_kind(hit.kind);
  if (!hit.scope.empty()) {
    json["containerName"] = to_valid_utf8(hit.scope);
  }
  if (request.client().resolves_symbol_location) {
    json["location"]["uri"] = request.uri_of(file);
    json["data"] = Json{{"line", hit.line}, {"column", hit.column}, {"name", to_valid_utf8(hit.name)}};
    return json;
  }
  const auto place = request.place(file, hit.line, hit.column, hit.name);
  if (!place) {
    return std::nullopt;
  }
  json["location"] = Json{{"uri", place->uri}, {"range", to_json(place->range)}};
  return json;
}

/// Those of the folders, else the repositories of open files.
std::vector<FileSelection> searched_files(const LspRequest& request) {
  std::vector<FileSelection> selections = request.workspace().folder_selections();
  std::set<std::string> roots;
  for (auto opened = request.open().begin(); selections.empty() && opened != request.open().end(); ++opened) {
    if (const auto file = request.workspace().locate(opened->first)) {
      roots.insert(file->root);
    }
  }
  std::ranges::transform(roots, std::back_inserter(selections),
                         [&](const std::string& root) { return request.workspace().repository(root); });
  return selections;
}

}  // namespace

LspRange lsp_definition_range(const LspSubject& subject, const Tag& tag) {
  const LspText& text = *subject.text;
  const std::size_t name = text.byte_of_tag(tag.line, tag.column).value_or(0);
  std::size_t begin = text.tag_line_begin(tag.line);
  begin = std::min(std::min(text.bytes().find_first_not_of(" \t", begin), name), text.bytes().size());
  const std::size_t end = std::max(text.tag_line_end(tag.end_line), begin);
  for (const ByteRange range : subject.document->enclosing(static_cast<std::uint32_t>(name))) {
    if (range.end > text.tag_line_begin(tag.end_line)) {
      begin = std::min<std::size_t>(begin, range.begin);
      break;
    }
  }
  return text.range_of(begin, end);
}

RpcResult answer_document_symbol(LspRequest& request) {
  const auto subject = request.subject();
  if (!subject) {
    return std::unexpected(lsp_error(subject.error()));
  }
  if (!*subject) {
    return Json(nullptr);
  }
  if (!request.client().hierarchical_symbols) {
    return flat_symbols(**subject);
  }
  SymbolTree tree(**subject);
  for (const Tag* tag : definitions_of((*subject)->document->tags())) {
    tree.add(*tag);
  }
  return tree.take();
}

RpcResult answer_workspace_symbol(LspRequest& request) {
  SymbolQuery query;
  query.pattern = lsp_text_of(request.params(), "query");
  query.match = NameMatch::kFuzzy;
  query.limit = kMaxWorkspaceSymbols;
  if (query.pattern.size() > kMaxQueryBytes) {
    return Json::array();
  }
  Json symbols = Json::array();
  std::optional<Error> failure;
  bool is_answered = false;
  for (const FileSelection& selection : searched_files(request)) {
    const auto answer = request.symbols(selection, query, Completeness::kPartial);
    if (!answer) {
      if (answer.error().code == ErrorCode::kCancelled) {
        return std::unexpected(lsp_error(answer.error()));
      }
      log_warning(fmt::format("{} is left out: {}", selection.root, answer.error().message));
      failure = answer.error();
      continue;
    }
    is_answered = true;
    for (const SymbolHit& hit : answer->hits) {
      if (auto json = workspace_symbol_json(request, {selection.root, hit.path}, hit)) {
        symbols.push_back(std::move(*json));
      }
    }
  }
  if (failure && !is_answered) {
    return std::unexpected(lsp_error(*failure));
  }
  return symbols;
}

RpcResult answer_workspace_symbol_resolve(LspRequest& request) {
  Json symbol = request.params();
  const auto path = path_from_uri(lsp_text_of(symbol, "location.uri"));
  const auto file = path ? request.workspace().locate(*path) : std::nullopt;
  const auto line = lsp_number(lsp_member(symbol, "data.line"));
  const auto column = lsp_number(lsp_member(symbol, "data.column"));
  if (!file || !line || !column) {
    return std::unexpected(RpcError(rpc_code::kInvalidParams, "the symbol is none that workspace/symbol has given"));
  }
  const auto place = request.place(*file, static_cast<std::uint32_t>(*line), static_cast<std::uint32_t>(*column),
                                   lsp_text_of(symbol, "data.name"));
  if (!place) {
    return std::unexpected(RpcError(lsp_code::kContentModified, "the symbol is no longer where it was found"));
  }
  symbol["location"]["range"] = to_json(place->range);
  return symbol;
}

}  // namespace repomap
