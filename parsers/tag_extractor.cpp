// SPDX-License-Identifier: Apache-2.0
#include "parsers/tag_extractor.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "parsers/scope_collector.hpp"

namespace repomap {
namespace {

std::uint32_t count_lines(std::string_view text) {
  const auto newlines = std::ranges::count(text, '\n');
  return static_cast<std::uint32_t>(newlines) + (text.empty() || text.ends_with('\n') ? 0 : 1);
}

/// Loads a language while a file is parsed. What is loaded outlives the file, so it must not be in its arena.
Result<const Language*> load_for_all_files(const LanguageRegistry& registry, std::string_view name) {
  const ParseArena::Pause pause;
  return registry.load(name);
}

/// Runs the language's query over the tree and takes in its matches. Errors: kLimitExceeded at the deadline.
Status collect(const Language& language, std::string_view text, const TSTree& tree, TagCandidates& candidates,
               const Deadline& deadline) {
  const TagQuery& query = language.query();
  REPOMAP_TRY(query.matcher().for_each_match(ts_tree_root_node(&tree), deadline, [&](const TSQueryMatch& match) {
    if (query.accepts(match, text)) {
      candidates.add(query, match);
    }
  }));
  candidates.end_query(query);
  return {};
}

}  // namespace

TagExtractor::TagExtractor(const LanguageRegistry& registry, std::chrono::milliseconds time_limit,
                           Deadline::IsUnwanted is_unwanted)
    : registry_(registry), time_limit_(time_limit), is_unwanted_(std::move(is_unwanted)) {}

Result<FileTags> TagExtractor::extract(const Language& language, std::string_view text) {
  const Deadline deadline(time_limit_, is_unwanted_);
  const auto visible = language.hidden() == nullptr ? std::nullopt : language.hidden()->blank_out(text);
  const std::string_view parsed = visible ? std::string_view(*visible) : text;
  const ParseArena::Scope scope(arena_);
  SyntaxParser parser;
  // Not deleted: the arena drops the tree with everything else.
  REPOMAP_ASSIGN(TreeHandle handle, parser.parse(language.grammar(), parsed, {}, deadline));
  const TSTree& tree = *handle.release();
  FileTags tags;
  tags.content = digest_of(text);
  tags.language = language.spec().name;
  tags.has_syntax_errors = ts_node_has_error(ts_tree_root_node(&tree));
  tags.line_count = count_lines(text);
  tags.scopes = collect_scopes(ts_tree_root_node(&tree));
  TagCandidates candidates(text, language.spec().scope_separator);
  REPOMAP_TRY(collect(language, text, tree, candidates, deadline));
  REPOMAP_TRY(collect_injections(text, parser, candidates, deadline));
  candidates.resolve(tags);
  return tags;
}

Status TagExtractor::collect_injections(std::string_view text, SyntaxParser& parser, TagCandidates& candidates,
                                        const Deadline& deadline) const {
  // A copy: what an embedded text embeds in its turn is not followed.
  const auto injections = candidates.injections();
  for (const auto& [name, ranges] : injections) {
    const auto language = load_for_all_files(registry_, name);
    if (!language) {
      continue;  // that language is off, and reported as such; the rest of the file still counts
    }
    auto sorted = ranges;
    std::ranges::sort(sorted, {}, &TSRange::start_byte);
    const auto overlaps = [](const TSRange& a, const TSRange& b) { return b.start_byte < a.end_byte; };
    sorted.erase(std::unique(sorted.begin(), sorted.end(), overlaps), sorted.end());
    // One by one: what is left open in one text, a bracket or a quote, does not reach into the next.
    for (const TSRange& range : sorted) {
      REPOMAP_ASSIGN(const TreeHandle tree, parser.parse((*language)->grammar(), text, {range}, deadline));
      if (Status collected = collect(**language, text, *tree, candidates, deadline); !collected) {
        return collected;
      }
    }
  }
  return {};
}

}  // namespace repomap
