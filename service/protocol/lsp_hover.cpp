// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_hover.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/utf8.hpp"
#include "service/protocol/lsp_target.hpp"
#include "service/protocol/lsp_values.hpp"

namespace repomap {
namespace {

constexpr std::size_t kMaxLineBytes = 1000;
constexpr std::string_view kSpaces = " \t\r\n";

/// The parts of a hover; those that are empty are left out.
struct HoverText {
  std::string language;
  std::string signature;
  std::string documentation;
  std::string origin;  // where it is defined
  std::string caution;
};

/// Longer than any row of backticks in the text.
std::string fence_for(std::string_view text) {
  std::size_t longest = 2;
  std::size_t row = 0;
  for (const char byte : text) {
    row = byte == '`' ? row + 1 : 0;
    longest = std::max(longest, row);
  }
  return std::string(longest + 1, '`');
}

std::string in_markdown(const HoverText& hover) {
  const std::string fence = fence_for(hover.signature);
  std::string text = fmt::format("{}{}\n{}\n{}", fence, hover.language, hover.signature, fence);
  if (!hover.documentation.empty()) {
    text += "\n\n" + hover.documentation;
  }
  return text + fmt::format("\n\n---\n{}  \n*{}*", hover.origin, hover.caution);
}

std::string in_plain_text(const HoverText& hover) {
  std::string text = hover.signature;
  if (!hover.documentation.empty()) {
    text += "\n\n" + hover.documentation;
  }
  return text + fmt::format("\n\n{}\n{}", hover.origin, hover.caution);
}

std::string trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kSpaces), text.size());
  const std::string valid = to_valid_utf8(text.substr(begin, 2 * kMaxLineBytes));
  const std::size_t end = valid.find_last_not_of(kSpaces);
  return valid.substr(0, utf8_floor(valid, std::min(end == std::string::npos ? 0 : end + 1, kMaxLineBytes)));
}

/// A line of a definition as a signature: what opens its body is left out.
std::string signature_of(std::string_view line) {
  std::string text = trimmed(line);
  if (text.size() > 1 && text.ends_with('{')) {
    text = trimmed(std::string_view(text).substr(0, text.size() - 1));
  }
  return text;
}

HoverText local_hover(const LspTarget& target) {
  const Document& document = *target.subject.document;
  const std::uint32_t line = document.position_of(target.local->definition.begin).line;
  const std::size_t uses = target.local->occurrences.size();
  return {document.language(), signature_of(document.line(line)), "",
          fmt::format("Bound at line {} of this file, used {} {} in its function.", line + 1, uses,
                      uses == 1 ? "time" : "times"),
          "Syntactic: found by the rules of scopes, not by types."};
}

/// The definition's own comment; "" if its file has changed since, or cannot be parsed.
std::string documentation_of(LspRequest& request, const LspFile& file, const SymbolHit& hit) {
  const auto subject = request.subject_of(file);
  if (!subject || !*subject) {
    return {};
  }
  const Document& document = *(*subject)->document;
  const auto byte = document.byte_at({hit.line, hit.column});
  const Tag* tag = byte ? document.tag_at(*byte) : nullptr;
  if (tag == nullptr || tag->role != Role::kDefinition || document.tags().name(*tag) != hit.name) {
    return {};
  }
  return to_valid_utf8(document.doc_comment(*tag));
}

HoverText definition_hover(LspRequest& request, const LspTarget& target, const std::vector<SymbolHit>& hits) {
  const SymbolHit& best = hits.front();
  std::string kind(kind_name(best.kind));
  std::ranges::replace(kind, '_', ' ');
  HoverText hover;
  hover.language = best.language;
  hover.signature = signature_of(best.signature.empty() ? best.name : best.signature);
  hover.documentation = documentation_of(request, {target.subject.file.root, best.path}, best);
  hover.origin =
      fmt::format("{}{}, defined in `{}:{}`{}.", kind, best.scope.empty() ? "" : " of " + to_valid_utf8(best.scope),
                  to_valid_utf8(best.path), best.line + 1,
                  hits.size() == 1 ? std::string() : fmt::format(", and {} more of this name", hits.size() - 1));
  hover.caution = "Syntactic: found by name, not by types.";
  return hover;
}

Json hover_json(const LspRequest& request, const LspTarget& target, const HoverText& hover) {
  const bool markdown = request.client().markdown;
  Json json;
  json["contents"] = Json{{"kind", markdown ? "markdown" : "plaintext"},
                          {"value", markdown ? in_markdown(hover) : in_plain_text(hover)}};
  json["range"] = to_json(target.range());
  return json;
}

}  // namespace

RpcResult answer_hover(LspRequest& request) {
  REPOMAP_ASSIGN(const auto target, lsp_target(request));
  if (!target) {
    return Json(nullptr);
  }
  if (target->local) {
    return hover_json(request, *target, local_hover(*target));
  }
  const auto hits = lsp_definitions(request, *target);
  if (!hits) {
    return std::unexpected(lsp_error(hits.error()));
  }
  if (hits->empty()) {
    return Json(nullptr);
  }
  return hover_json(request, *target, definition_hover(request, *target, *hits));
}

}  // namespace repomap
