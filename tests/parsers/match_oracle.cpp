// SPDX-License-Identifier: Apache-2.0
#include "match_oracle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <utility>

#include "parsers/query_source.hpp"
#include "parsers/syntax_parser.hpp"

namespace repomap {
namespace {

std::string describe(const TSQueryMatch& match, const std::vector<std::string>& names) {
  std::string line = fmt::format("pattern {}:", match.pattern_index);
  for (const TSQueryCapture& capture : std::span(match.captures, match.capture_count)) {
    line += fmt::format(" @{} {}-{}", names[capture.index], ts_node_start_byte(capture.node),
                        ts_node_end_byte(capture.node));
  }
  return line;
}

}  // namespace

Result<MatchOracle> MatchOracle::open(const LanguageRegistry& registry, const std::string& language,
                                      const QuerySource& source) {
  MatchOracle oracle;
  REPOMAP_ASSIGN(oracle.language_, registry.load(language));
  const TSLanguage* grammar = oracle.language_->grammar();
  REPOMAP_ASSIGN(oracle.parsed_, parse_query(grammar, source));
  REPOMAP_ASSIGN(oracle.query_, compile_library_query(grammar, source, source.text()));
  REPOMAP_ASSIGN(oracle.matcher_, PatternMatcher::compile(grammar, oracle.parsed_, source));
  return oracle;
}

Result<std::vector<std::string>> MatchOracle::differences(std::string_view text) const {
  const Deadline deadline(std::chrono::minutes(2));
  SyntaxParser parser;
  REPOMAP_ASSIGN(const TreeHandle tree, parser.parse(language_->grammar(), text, {}, deadline));
  std::vector<std::string> names;
  for (std::uint32_t id = 0; id < ts_query_capture_count(query_.get()); ++id) {
    std::uint32_t length = 0;
    const char* characters = ts_query_capture_name_for_id(query_.get(), id, &length);
    names.emplace_back(characters, length);
  }
  std::set<std::string> expected;
  const QueryCursorHandle cursor(ts_query_cursor_new());
  ts_query_cursor_exec(cursor.get(), query_.get(), ts_tree_root_node(tree.get()));
  TSQueryMatch match;
  while (ts_query_cursor_next_match(cursor.get(), &match)) {
    if (match.capture_count != 0) {
      expected.insert(describe(match, names));
    }
  }
  names.clear();
  std::ranges::transform(parsed_.captures, std::back_inserter(names), &ParsedQuery::CaptureName::name);
  std::set<std::string> actual;
  REPOMAP_TRY(matcher_->for_each_match(ts_tree_root_node(tree.get()), deadline,
                                       [&](const TSQueryMatch& found) { actual.insert(describe(found, names)); }));
  match_count_ += expected.size();
  std::vector<std::string> lines;
  std::vector<std::string> only;
  std::ranges::set_difference(expected, actual, std::back_inserter(only));
  std::ranges::transform(only, std::back_inserter(lines), [](const std::string& line) { return "< " + line; });
  only.clear();
  std::ranges::set_difference(actual, expected, std::back_inserter(only));
  std::ranges::transform(only, std::back_inserter(lines), [](const std::string& line) { return "> " + line; });
  return lines;
}

}  // namespace repomap
