// SPDX-License-Identifier: Apache-2.0
#include "parsers/language_fingerprint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/byte_codec.hpp"
#include "parsers/query_source.hpp"

namespace repomap {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// Appends what one language is made of, and gives the text of its query.
Result<std::string> append_language(const LanguageRegistry& registry, std::string_view language,
                                    FileDigestSource& digests, ByteWriter& parts) {
  const auto spec = std::ranges::find(registry.specs(), language, &LanguageSpec::name);
  if (spec == registry.specs().end()) {
    return fail(ErrorCode::kNotFound, fmt::format("no language named \"{}\"", language));
  }
  REPOMAP_ASSIGN(const Digest grammar, digests.digest_of_file(registry.grammar_path_of(*spec)));
  REPOMAP_ASSIGN(const QuerySource query, QuerySource::load(registry.query_path_of(*spec)));
  parts.add_string(spec->name);
  parts.add_string(spec->symbol);
  parts.add_string(spec->scope_separator);
  parts.add_digest(grammar);
  parts.add_string(query.text());
  return query.text();
}

}  // namespace

std::vector<std::string> embedded_languages(std::string_view query_text) {
  constexpr std::string_view kPrefix = "@injection.";
  std::vector<std::string> names;
  for (std::size_t at = query_text.find(kPrefix); at != std::string_view::npos; at = query_text.find(kPrefix, at)) {
    at += kPrefix.size();
    const auto* const begin = query_text.begin() + at;
    names.emplace_back(begin, std::find_if_not(begin, query_text.end(), is_name_character));
  }
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

Result<Digest> language_fingerprint(const LanguageRegistry& registry, std::string_view language,
                                    FileDigestSource& digests) {
  ByteWriter parts;
  parts.add_u32(kExtractorVersion);
  REPOMAP_ASSIGN(const std::string query, append_language(registry, language, digests, parts));
  for (const std::string& name : embedded_languages(query)) {
    // One that is off extracts nothing; its name tells the two cases apart.
    if (auto embedded = append_language(registry, name, digests, parts); !embedded) {
      parts.add_string(name);
      parts.add_string("off");
    }
  }
  return digest_of(parts.bytes());
}

}  // namespace repomap
