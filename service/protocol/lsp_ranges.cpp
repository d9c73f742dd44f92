// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_ranges.hpp"

#include <algorithm>
#include <cstdint>
#include <ranges>
#include <utility>
#include <vector>

#include "service/protocol/lsp_values.hpp"

namespace repomap {
namespace {

constexpr std::size_t kMaxPositions = 1000;
constexpr std::size_t kMaxNesting = 48;  // below kMaxJsonDepth: each range is in the one inside of it

std::uint32_t length_of(const Fold& fold) { return fold.last_line - fold.first_line; }

/// At most `limit` of them, the longest, in their order.
std::vector<Fold> longest(std::vector<Fold> folds, std::size_t limit) {
  if (folds.size() > limit) {
    std::ranges::stable_sort(folds, std::greater(), length_of);
    folds.resize(limit);
    std::ranges::sort(folds, {}, &Fold::first_line);
  }
  return folds;
}

Json fold_json(const LspText& text, const Fold& fold) {
  Json json;
  json["startLine"] = text.position_of(text.tag_line_begin(fold.first_line)).line;
  json["endLine"] = text.position_of(text.tag_line_begin(fold.last_line)).line;
  if (fold.kind != FoldKind::kRegion) {
    json["kind"] = fold.kind == FoldKind::kComment ? "comment" : "imports";
  }
  return json;
}

/// Innermost first; of very many those nearest to the position, and the outermost.
std::vector<ByteRange> ranges_at(const LspSubject& subject, std::uint32_t byte) {
  std::vector<ByteRange> ranges = subject.document->enclosing(byte);
  if (ranges.empty()) {
    ranges.push_back({byte, byte});
  }
  if (ranges.size() > kMaxNesting) {
    ranges.erase(ranges.begin() + kMaxNesting - 1, ranges.end() - 1);
  }
  return ranges;
}

Json selection_json(const LspSubject& subject, LspPosition position) {
  const auto byte = static_cast<std::uint32_t>(subject.text->byte_at(position));
  Json selection;
  for (const ByteRange range : ranges_at(subject, byte) | std::views::reverse) {
    Json inner;
    inner["range"] = to_json(subject.text->range_of(range.begin, range.end));
    if (!selection.is_null()) {
      inner["parent"] = std::move(selection);
    }
    selection = std::move(inner);
  }
  return selection;
}

}  // namespace

RpcResult answer_folding_range(LspRequest& request) {
  const auto subject = request.subject();
  if (!subject) {
    return std::unexpected(lsp_error(subject.error()));
  }
  if (!*subject) {
    return Json(nullptr);
  }
  Json folds = Json::array();
  for (const Fold& fold : longest((*subject)->document->folds(), request.client().folding_limit)) {
    folds.push_back(fold_json(*(*subject)->text, fold));
  }
  return folds;
}

RpcResult answer_selection_range(LspRequest& request) {
  const auto subject = request.subject();
  if (!subject) {
    return std::unexpected(lsp_error(subject.error()));
  }
  if (!*subject) {
    return Json(nullptr);
  }
  const Json& positions = lsp_member(request.params(), "positions");
  if (!positions.is_array() || positions.size() > kMaxPositions) {
    return std::unexpected(RpcError(rpc_code::kInvalidParams, "positions is an array of at most 1000 positions"));
  }
  Json selections = Json::array();
  for (const Json& json : positions) {
    REPOMAP_ASSIGN(const LspPosition position, lsp_position_from_json(json));
    selections.push_back(selection_json(**subject, position));
  }
  return selections;
}

}  // namespace repomap
