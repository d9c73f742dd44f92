// SPDX-License-Identifier: Apache-2.0
#include "parsers/tag_extractor.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "parsers/scope_collector.hpp"

namespace repomap {
namespace {

// In-progress matches of a query on one file. The patterns are small, so real code stays far below; a hostile file
// that exceeds it loses its oldest unfinished matches instead of taking quadratic time.
constexpr std::uint32_t kMaxMatchesInProgress = 16384;

bool is_overdue(TSQueryCursorState* state) { return static_cast<const Deadline*>(state->payload)->has_passed(); }

std::uint32_t count_lines(std::string_view text) {
  const auto newlines = std::ranges::count(text, '\n');
  return static_cast<std::uint32_t>(newlines) + (text.empty() || text.ends_with('\n') ? 0 : 1);
}

}  // namespace

TagExtractor::TagExtractor(const LanguageRegistry& registry, std::chrono::milliseconds time_limit)
    : registry_(registry), time_limit_(time_limit), cursor_(ts_query_cursor_new()) {
  ts_query_cursor_set_match_limit(cursor_.get(), kMaxMatchesInProgress);
}

Result<FileTags> TagExtractor::extract(const Language& language, std::string_view text) {
  const Deadline deadline(time_limit_);
  const auto visible = language.hidden() == nullptr ? std::nullopt : language.hidden()->blank_out(text);
  const std::string_view parsed = visible ? std::string_view(*visible) : text;
  REPOMAP_ASSIGN(const TreeHandle tree, parser_.parse(language.grammar(), parsed, {}, deadline));
  const TSNode root = ts_tree_root_node(tree.get());
  FileTags tags;
  tags.content = digest_of(text);
  tags.language = language.spec().name;
  tags.has_syntax_errors = ts_node_has_error(root);
  tags.line_count = count_lines(text);
  tags.scopes = collect_scopes(root);
  TagCandidates candidates(text, language.spec().scope_separator);
  REPOMAP_TRY(collect(language, text, root, candidates, deadline));
  REPOMAP_TRY(collect_injections(text, candidates, deadline));
  candidates.resolve(tags);
  return tags;
}

Status TagExtractor::collect(const Language& language, std::string_view text, const TSNode& root,
                             TagCandidates& candidates, const Deadline& deadline) {
  TSQueryCursorOptions options{};
  // The callback only reads the deadline.
  options.payload = const_cast<Deadline*>(&deadline);
  options.progress_callback = is_overdue;
  const TagQuery& query = language.query();
  ts_query_cursor_exec_with_options(cursor_.get(), query.get(), root, &options);
  TSQueryMatch match;
  while (ts_query_cursor_next_match(cursor_.get(), &match)) {
    if (query.accepts(match, text)) {
      candidates.add(query, match);
    }
  }
  if (deadline.has_passed()) {
    return fail(ErrorCode::kLimitExceeded, "the tag query exceeded the time limit");
  }
  candidates.end_query(query);
  return {};
}

Status TagExtractor::collect_injections(std::string_view text, TagCandidates& candidates, const Deadline& deadline) {
  // A copy: what an embedded text embeds in its turn is not followed.
  const auto injections = candidates.injections();
  for (const auto& [name, ranges] : injections) {
    const auto language = registry_.load(name);
    if (!language) {
      continue;  // that language is off, and reported as such; the rest of the file still counts
    }
    auto sorted = ranges;
    std::ranges::sort(sorted, {}, &TSRange::start_byte);
    const auto overlaps = [](const TSRange& a, const TSRange& b) { return b.start_byte < a.end_byte; };
    sorted.erase(std::unique(sorted.begin(), sorted.end(), overlaps), sorted.end());
    REPOMAP_ASSIGN(const TreeHandle tree, parser_.parse((*language)->grammar(), text, sorted, deadline));
    REPOMAP_TRY(collect(**language, text, ts_tree_root_node(tree.get()), candidates, deadline));
  }
  return {};
}

}  // namespace repomap
