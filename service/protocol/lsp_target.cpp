// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_target.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "service/protocol/lsp_values.hpp"

namespace repomap {
namespace {

constexpr std::size_t kMaxDefinitions = 100;

bool is_word_byte(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_' || byte == '$' ||
         static_cast<unsigned char>(byte) >= 0x80;
}

/// The last name of a scope, whatever its language puts between names.
std::string_view last_name(std::string_view scope) {
  const std::size_t separator = scope.find_last_of(".:/#");
  return separator == std::string_view::npos ? scope : scope.substr(separator + 1);
}

bool is_at(const SymbolHit& hit, const LspTarget& target) {
  const auto begin = target.subject.text->byte_of_tag(hit.line, hit.column);
  return hit.path == target.subject.file.path && begin && *begin >= target.identifier.begin &&
         *begin < std::max(target.identifier.end, target.identifier.begin + 1);
}

std::expected<LspTarget, RpcError> target_of(LspSubject subject, ByteRange identifier) {
  LspTarget target;
  target.identifier = identifier;
  target.local = subject.document->local_binding(identifier);
  const std::string_view text = subject.text->bytes();
  target.name = text.substr(identifier.begin, identifier.end - identifier.begin);
  target.qualifier = lsp_qualifier(text, identifier.begin);
  target.subject = std::move(subject);
  return target;
}

}  // namespace

std::string_view lsp_qualifier(std::string_view text, std::size_t begin) {
  constexpr std::array<std::string_view, 6> kSeparators{"::", "->", "?.", ".", "#", ":"};
  std::string_view before = text.substr(0, begin);
  const auto separator = std::ranges::find_if(kSeparators, [&](std::string_view s) { return before.ends_with(s); });
  if (separator == kSeparators.end()) {
    return {};
  }
  before.remove_suffix(separator->size());
  std::size_t start = before.size();
  while (start > 0 && is_word_byte(before[start - 1])) {
    --start;
  }
  return before.substr(start);
}

bool lsp_is_member(std::string_view text, std::size_t begin) {
  const std::string_view before = text.substr(0, begin);
  const bool is_range = before.ends_with("..");
  return !is_range && (before.ends_with('.') || before.ends_with("->") || before.ends_with("::"));
}

std::expected<std::optional<LspTarget>, RpcError> lsp_target(LspRequest& request) {
  REPOMAP_ASSIGN(const LspPosition position, lsp_position_from_json(lsp_member(request.params(), "position")));
  auto subject = request.subject();
  if (!subject) {
    return std::unexpected(lsp_error(subject.error()));
  }
  if (!*subject) {
    return std::optional<LspTarget>();
  }
  const auto byte = static_cast<std::uint32_t>((*subject)->text->byte_at(position));
  const auto identifier = (*subject)->document->identifier_at(byte);
  if (!identifier) {
    return std::optional<LspTarget>();
  }
  return target_of(std::move(**subject), *identifier);
}

Result<std::vector<SymbolHit>> lsp_definitions(LspRequest& request, const LspFile& from, const std::string& name,
                                               std::size_t limit) {
  SymbolQuery query;
  query.pattern = name;
  query.match = NameMatch::kExact;
  query.from = from.path;
  query.limit = limit;
  REPOMAP_ASSIGN(SymbolsAnswer answer,
                 request.symbols(request.workspace().repository(from.root), query, Completeness::kPartial));
  return std::move(answer.hits);
}

Result<std::vector<SymbolHit>> lsp_definitions(LspRequest& request, const LspTarget& target) {
  REPOMAP_ASSIGN(std::vector<SymbolHit> hits,
                 lsp_definitions(request, target.subject.file, target.name, kMaxDefinitions));
  if (!target.qualifier.empty()) {
    std::ranges::stable_partition(hits, [&](const SymbolHit& hit) { return last_name(hit.scope) == target.qualifier; });
  }
  std::ranges::stable_partition(hits, [&](const SymbolHit& hit) { return is_at(hit, target); });
  return hits;
}

std::optional<LocalBinding> lsp_local_binding(const LspSubject& subject, std::size_t begin, std::size_t end) {
  if (begin == end || lsp_is_member(subject.text->bytes(), begin)) {
    return std::nullopt;
  }
  return subject.document->local_binding({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
}

bool lsp_is_local(LspRequest& request, const LspPlace& place, const LspFile& file) {
  const auto subject = request.subject_of(file);
  return subject && *subject && lsp_local_binding(**subject, place.begin, place.end);
}

}  // namespace repomap
