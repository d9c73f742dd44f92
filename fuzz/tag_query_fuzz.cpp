// SPDX-License-Identifier: Apache-2.0
//
// Any text as a tag query of the C grammar. What compiles is run over a small program; what does not says where.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "parsers/language_registry.hpp"
#include "parsers/query_source.hpp"
#include "parsers/tag_candidates.hpp"
#include "parsers/tag_query.hpp"
#include "parsers/tree_sitter_handles.hpp"

namespace repomap {
namespace {

constexpr std::string_view kProgram =
    "#define A 1\nstruct s { int x; };\nint f(struct s *p) { return g(p->x, \"text\"); }\n";

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

TreeHandle parse(const TSLanguage* grammar) {
  const ParserHandle parser(ts_parser_new());
  ts_parser_set_language(parser.get(), grammar);
  return TreeHandle(
      ts_parser_parse_string(parser.get(), nullptr, kProgram.data(), static_cast<std::uint32_t>(kProgram.size())));
}

void run(const TagQuery& query, const TSTree* tree) {
  TagCandidates candidates(kProgram, ".");
  const Deadline deadline(std::chrono::seconds(5));
  const auto take = [&](const TSQueryMatch& match) {
    if (query.accepts(match, kProgram)) {
      candidates.add(query, match);
    }
  };
  require(query.matcher().for_each_match(ts_tree_root_node(tree), deadline, take).has_value());
  FileTags tags;
  candidates.resolve(tags);
}

void compile(std::string text) {
  static const LanguageRegistry kRegistry({REPOMAP_GRAMMARS_DIR, REPOMAP_QUERIES_DIR}, {});
  static const TSLanguage* const kGrammar = (*kRegistry.load("c"))->grammar();
  static const TreeHandle kTree = parse(kGrammar);
  const QuerySource source = QuerySource::of_text("query", std::move(text));
  require(!source.hidden_pattern().empty() || source.text().find("; hide: ") != 0);
  const auto query = TagQuery::compile(kGrammar, source);
  if (query) {
    run(**query, kTree.get());
  } else {
    require(query.error().message.starts_with("query:"));
  }
}

}  // namespace
}  // namespace repomap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  repomap::compile({reinterpret_cast<const char*>(data), size});
  return 0;
}
