// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_documents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "service/protocol/lsp_uri.hpp"

namespace repomap {
namespace {

std::int64_t version_of(const Json& params) {
  const Json& version = lsp_member(params, "textDocument.version");
  return version.is_number_integer() ? version.get<std::int64_t>() : 0;
}

/// A range whose end is before its start is taken the other way round.
Result<std::shared_ptr<const LspText>> apply_one(const std::shared_ptr<const LspText>& text, const Json& change) {
  const Json& replacement = lsp_member(change, "text");
  if (!replacement.is_string()) {
    return fail(ErrorCode::kInvalidArgument, "a change of a document has no text");
  }
  const Json& range_json = lsp_member(change, "range");
  if (range_json.is_null()) {
    return std::make_shared<const LspText>(replacement.get<std::string>(), text->encoding());
  }
  const auto range = lsp_range_from_json(range_json);
  if (!range) {
    return fail(ErrorCode::kInvalidArgument, range.error().message);
  }
  const auto [begin, end] = std::minmax({text->byte_at(range->start), text->byte_at(range->end)});
  return std::make_shared<const LspText>(text->with(begin, end, replacement.get_ref<const std::string&>()));
}

/// What is left of changes from the last one that gives the whole text on; empty if none does.
Json from_whole_text(const Json& changes) {
  Json rest = Json::array();
  for (const Json& change : changes.is_array() ? changes : Json::array()) {
    if (change.is_object() && lsp_member(change, "range").is_null()) {
      rest.clear();
    } else if (rest.empty()) {
      continue;
    }
    rest.push_back(change);
  }
  return rest;
}

}  // namespace

Result<std::shared_ptr<const LspText>> apply_lsp_changes(std::shared_ptr<const LspText> text, const Json& changes) {
  if (!changes.is_array()) {
    return fail(ErrorCode::kInvalidArgument, "the changes of a document are an array");
  }
  for (const Json& change : changes) {
    REPOMAP_ASSIGN(text, apply_one(text, change));
  }
  return text;
}

void LspDocuments::open(const Json& params, PositionEncoding encoding) {
  std::string uri = lsp_text_of(params, "textDocument.uri");
  auto path = path_from_uri(uri);
  const Json& text = lsp_member(params, "textDocument.text");
  if (path && text.is_string()) {
    put({std::move(uri), std::move(*path), version_of(params),
         std::make_shared<const LspText>(text.get<std::string>(), encoding)});
  }
}

Status LspDocuments::change(const Json& params, PositionEncoding encoding) {
  const std::string uri = lsp_text_of(params, "textDocument.uri");
  const auto path = path_from_uri(uri);
  const auto known = path ? open_->find(*path) : open_->end();
  const bool is_open = known != open_->end();
  const Json& told = lsp_member(params, "contentChanges");
  const Json changes = is_open ? told : from_whole_text(told);
  if (!path || (!is_open && changes.empty())) {
    return {};
  }
  LspDocument next =
      is_open ? known->second : LspDocument{uri, *path, 0, std::make_shared<const LspText>(std::string(), encoding)};
  auto text = apply_lsp_changes(next.text, changes);
  if (!text) {
    close(params);
    return fail(text.error().code, fmt::format("{}: {}", next.path, text.error().message));
  }
  next.text = std::move(*text);
  next.version = version_of(params);
  put(std::move(next));
  return {};
}

void LspDocuments::close(const Json& params) {
  if (const auto path = path_from_uri(lsp_text_of(params, "textDocument.uri"))) {
    auto next = std::make_shared<LspOpenDocuments>(*open_);
    next->erase(*path);
    open_ = std::move(next);
  }
}

bool LspDocuments::close_all() {
  const bool was_open = !open_->empty();
  open_ = std::make_shared<LspOpenDocuments>();
  return was_open;
}

void LspDocuments::put(LspDocument document) {
  auto next = std::make_shared<LspOpenDocuments>(*open_);
  std::string path = document.path;
  next->insert_or_assign(std::move(path), std::move(document));
  open_ = std::move(next);
}

}  // namespace repomap
