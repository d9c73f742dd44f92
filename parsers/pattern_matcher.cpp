// SPDX-License-Identifier: Apache-2.0
#include "parsers/pattern_matcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>

#include "parsers/pattern_walk.hpp"

namespace repomap {
namespace {

// In-progress matches of the library's query on one file. The patterns are small, so real code stays far below; a
// hostile file that exceeds it loses its oldest unfinished matches instead of taking quadratic time.
constexpr std::uint32_t kMaxMatchesInProgress = 16384;

bool is_overdue(TSQueryCursorState* state) { return static_cast<const Deadline*>(state->payload)->has_passed(); }

std::string_view query_error_name(TSQueryError error) {
  switch (error) {
    case TSQueryErrorSyntax: return "syntax error";
    case TSQueryErrorNodeType: return "the grammar has no such node";
    case TSQueryErrorField: return "the grammar has no such field";
    case TSQueryErrorCapture: return "no such capture";
    case TSQueryErrorStructure: return "the grammar allows no such structure";
    case TSQueryErrorLanguage: return "the grammar's version is not supported";
    case TSQueryErrorNone: break;
  }
  return "unknown error";
}

/// Runs a library query and gives its matches with the ids of the query that it is a part of.
class LibraryCursor {
 public:
  LibraryCursor(const PatternMatcher::LibraryQuery& query, const Deadline& deadline, const PatternMatcher::Sink& sink)
      : query_(query), sink_(sink), cursor_(ts_query_cursor_new()) {
    ts_query_cursor_set_match_limit(cursor_.get(), kMaxMatchesInProgress);
    // The callback only reads the deadline.
    options_.payload = const_cast<Deadline*>(&deadline);
    options_.progress_callback = is_overdue;
  }

  void start_at_root_only() { ts_query_cursor_set_max_start_depth(cursor_.get(), 0); }

  void run(TSNode node) {
    ts_query_cursor_exec_with_options(cursor_.get(), query_.query.get(), node, &options_);
    TSQueryMatch match;
    while (ts_query_cursor_next_match(cursor_.get(), &match)) {
      if (match.capture_count == 0) {
        continue;
      }
      captures_.assign(match.captures, match.captures + match.capture_count);
      for (TSQueryCapture& capture : captures_) {
        capture.index = query_.captures[capture.index];
      }
      match.captures = captures_.data();
      match.pattern_index = query_.patterns[match.pattern_index];
      sink_(match);
    }
  }

 private:
  const PatternMatcher::LibraryQuery& query_;
  const PatternMatcher::Sink& sink_;
  QueryCursorHandle cursor_;
  TSQueryCursorOptions options_{};
  std::vector<TSQueryCapture> captures_;
};

}  // namespace

Result<QueryHandle> compile_library_query(const TSLanguage* language, const QuerySource& source,
                                          std::string_view text) {
  std::uint32_t offset = 0;
  TSQueryError error = TSQueryErrorNone;
  QueryHandle query(ts_query_new(language, text.data(), static_cast<std::uint32_t>(text.size()), &offset, &error));
  if (!query) {
    const std::string_view line = text.substr(offset, text.find('\n', offset) - offset).substr(0, 60);
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}: {}: {}", source.place_of(offset), query_error_name(error), line));
  }
  return query;
}

Result<PatternMatcher::LibraryQuery> PatternMatcher::compile_some(const TSLanguage* language, const ParsedQuery& query,
                                                                  const QuerySource& source,
                                                                  const std::vector<std::uint16_t>& patterns) {
  LibraryQuery some;
  some.patterns = patterns;
  if (patterns.empty()) {
    return some;
  }
  // The other patterns are blanked out, so that places in messages stay right.
  const std::string_view whole = source.text();
  std::string text(whole.size(), ' ');
  for (const std::uint16_t index : patterns) {
    const QueryPattern& pattern = query.patterns[index];
    whole.substr(pattern.begin, pattern.end - pattern.begin).copy(text.data() + pattern.begin, std::string::npos);
  }
  REPOMAP_ASSIGN(some.query, compile_library_query(language, source, text));
  const std::uint32_t count = ts_query_capture_count(some.query.get());
  for (std::uint32_t id = 0; id < count; ++id) {
    std::uint32_t length = 0;
    const char* characters = ts_query_capture_name_for_id(some.query.get(), id, &length);
    const std::string_view name(characters, length);
    const auto found = std::ranges::find(query.captures, name, &ParsedQuery::CaptureName::name);
    some.captures.push_back(static_cast<std::uint16_t>(found - query.captures.begin()));
  }
  return some;
}

Result<std::unique_ptr<PatternMatcher>> PatternMatcher::compile(const TSLanguage* language, const ParsedQuery& query,
                                                                const QuerySource& source) {
  std::unique_ptr<PatternMatcher> matcher(new PatternMatcher);
  CompiledPatterns compiled = compile_patterns(language, query);
  matcher->table_ = std::move(compiled.table);
  matcher->fallback_count_ = compiled.fallbacks.size();
  std::vector<std::uint16_t> local;
  std::vector<std::uint16_t> whole;
  for (const FallbackPattern& fallback : compiled.fallbacks) {
    if (fallback.mode == Fallback::kWhole) {
      whole.push_back(fallback.pattern);
      continue;
    }
    local.push_back(fallback.pattern);
    matcher->is_local_root_.resize(matcher->table_.rows.size());
    for (const TSSymbol symbol : fallback.roots) {
      matcher->is_local_root_[matcher->table_.slot_of(symbol)] = true;
    }
  }
  auto local_query = compile_some(language, query, source, local);
  auto whole_query = compile_some(language, query, source, whole);
  if (local_query && whole_query) {
    matcher->local_ = std::move(*local_query);
    matcher->whole_ = std::move(*whole_query);
    return matcher;
  }
  // A pattern may lean on another one, for a capture that only a predicate of the first names.
  std::vector<std::uint16_t> all(query.patterns.size());
  std::iota(all.begin(), all.end(), std::uint16_t{0});
  REPOMAP_ASSIGN(matcher->whole_, compile_some(language, query, source, all));
  matcher->table_ = compile_patterns(language, {}).table;
  matcher->is_local_root_.clear();
  matcher->fallback_count_ = all.size();
  return matcher;
}

Status PatternMatcher::for_each_match(TSNode root, const Deadline& deadline, const Sink& sink) const {
  bool is_done = true;
  if (!table_.paths.empty() || local_.query) {
    PatternWalk walk(table_, deadline, sink);
    if (local_.query) {
      LibraryCursor cursor(local_, deadline, sink);
      cursor.start_at_root_only();
      is_done = walk.run(root, is_local_root_, [&cursor](TSNode node) { cursor.run(node); });
    } else {
      is_done = walk.run(root, {}, {});
    }
  }
  if (is_done && whole_.query) {
    LibraryCursor(whole_, deadline, sink).run(root);
    is_done = !deadline.has_passed();
  }
  return is_done ? Status() : fail(ErrorCode::kLimitExceeded, "the tag query exceeded the time limit");
}

}  // namespace repomap
