// SPDX-License-Identifier: Apache-2.0
#include "tests/parsers/custom_language.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "parsers/tag_extractor.hpp"

namespace repomap {

LanguageDirectories built_in_directories() { return {REPOMAP_GRAMMARS_DIR, REPOMAP_SOURCE_DIR "/parsers/queries"}; }

std::string one_line(const FileTags& tags, const Tag& tag) {
  const std::string_view scope = tags.scope(tag);
  return fmt::format("{} {} {}{}{}", role_name(tag.role), kind_name(tag.kind), scope, scope.empty() ? "" : ".",
                     tags.name(tag));
}

std::vector<std::string> one_line_each(const FileTags& tags) {
  std::vector<std::string> lines;
  std::ranges::transform(tags.tags, std::back_inserter(lines), [&](const Tag& tag) { return one_line(tags, tag); });
  return lines;
}

CustomLanguage::CustomLanguage(const std::string& grammar, std::string_view query)
    : registry_(built_in_directories(), specs(grammar, query)) {}

std::vector<LanguageSpec> CustomLanguage::specs(const std::string& grammar, std::string_view query) const {
  tree_.write("custom/tags.scm", query);
  LanguageSpec spec;
  spec.name = "custom";
  spec.grammar = grammar;
  spec.extensions = {".custom"};
  spec.grammar_path = fmt::format("{}/{}.so", REPOMAP_GRAMMARS_DIR, grammar);
  spec.query_path = query_path();
  return {spec};
}

std::string CustomLanguage::error() const {
  const auto language = registry_.load("custom");
  return language ? std::string() : language.error().message;
}

std::vector<std::string> CustomLanguage::tags(std::string_view text) const {
  const auto language = registry_.load("custom");
  if (!language) {
    return {language.error().message};
  }
  const auto tags = TagExtractor(registry_, kAmpleTime).extract(**language, text);
  return tags ? one_line_each(*tags) : std::vector<std::string>{tags.error().message};
}

}  // namespace repomap
