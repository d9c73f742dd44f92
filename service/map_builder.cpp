// SPDX-License-Identifier: Apache-2.0
#include "service/map_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "ranking/explanation.hpp"
#include "ranking/map_renderer.hpp"
#include "ranking/tag_ranker.hpp"
#include "ranking/token_counter.hpp"
#include "service/outline_tree_source.hpp"

namespace repomap {
namespace {

/// The entries of the ranking that the map shows, best first.
std::vector<RankedEntry> shown_entries(const RepoMap& map, const RankedTags& ranked, const RepoSymbols& symbols) {
  std::set<std::pair<std::string_view, std::string_view>> shown;
  for (const MapFile& file : map.files) {
    if (file.symbols.empty()) {
      shown.emplace(file.path, std::string_view{});
    }
    for (const MapSymbol& symbol : file.symbols) {
      shown.emplace(file.path, symbol.name);
    }
  }
  std::vector<RankedEntry> entries;
  std::ranges::copy_if(ranked.entries, std::back_inserter(entries), [&](const RankedEntry& entry) {
    return shown.contains({symbols.paths[entry.file], symbols.identifiers.at(entry.identifier)});
  });
  return entries;
}

SymbolExplanation in_words(const Explanation& explanation, const RepoSymbols& symbols) {
  SymbolExplanation words;
  words.path = symbols.paths[explanation.entry.file];
  words.name = symbols.identifiers.at(explanation.entry.identifier);
  words.rank = explanation.entry.rank;
  words.graph_rank = explanation.graph_rank;
  words.file_rank = explanation.file_rank;
  words.referencing_files = explanation.referencing_files;
  for (const ReferenceShare& reference : explanation.strongest_references) {
    words.strongest_references.push_back({symbols.paths[reference.file], reference.share});
  }
  for (const Pull& pull : explanation.pulls) {
    words.pulls.push_back({std::string(pull_kind_name(pull.kind)), pull.detail});
  }
  return words;
}

void note_unknown_files(const std::vector<std::string>& files, const RepoSymbols& symbols,
                        std::vector<std::string>& notices) {
  for (const std::string& file : files) {
    if (!std::ranges::binary_search(symbols.paths, file)) {
      notices.push_back(fmt::format("{}: not in the repository's file list, so it has no influence", file));
    }
  }
}

/// What is asked for in turn until a map is not empty. Aider's way: where the chat holds all that there is to show, its
/// files are shown after all; then the mentions, which shape the ranking, are left out too.
std::vector<MapRequest> attempts(const MapRequest& request) {
  std::vector<MapRequest> requests{request};
  if (request.rank_mode != RankMode::kAider || request.token_budget == 0) {
    return requests;
  }
  if (!request.chat_files.empty()) {
    requests.push_back(requests.back());
    requests.back().chat_files.clear();
  }
  if (!request.mentioned_files.empty() || !request.mentioned_identifiers.empty()) {
    requests.push_back(requests.back());
    requests.back().mentioned_files.clear();
    requests.back().mentioned_identifiers.clear();
  }
  return requests;
}

/// More entries than a map of that size has, as a rule: each takes some tokens, and most of them several lines.
std::size_t likely_entries(std::size_t token_budget) { return 2048 + token_budget; }

}  // namespace

MapBuilder::MapBuilder(const FileSystem& file_system, const LanguageRegistry& registry, FileLimits limits,
                       TagCache& tags, std::string data)
    : file_system_(file_system), registry_(registry), limits_(limits), tags_(tags), data_(std::move(data)) {}

Result<StoredMap> MapBuilder::build(const RepoState& state, const MapRequest& request, ExplainPolicy explain) const {
  REPOMAP_ASSIGN(const std::unique_ptr<TokenCounter> counter, open_token_counter(request.tokenizer, data_));
  const RepoSymbols& symbols = state.symbols->symbols();
  const bool has_terms = !request.query.empty() || !request.mentioned_identifiers.empty();
  const auto names = has_terms ? state.symbols->names() : nullptr;
  const TagRanker ranker(symbols, state.symbols->graph(), names.get());
  OutlineTreeSource source(state, file_system_, registry_, limits_, tags_);
  StoredMap answer;
  note_unknown_files(request.chat_files, symbols, answer.notices);
  note_unknown_files(request.mentioned_files, symbols, answer.notices);
  for (const MapRequest& attempt : attempts(request)) {
    RankedTags ranked = ranker.rank(attempt, likely_entries(attempt.token_budget));
    auto map = render_map_from_first(ranked, symbols, source, *counter, attempt.token_budget);
    if (!map) {
      ranked = ranker.rank(attempt);
      map = render_map(ranked, symbols, source, *counter, attempt.token_budget);
    }
    answer.map = *std::move(map);
    if (answer.map.files.empty()) {
      continue;
    }
    if (explain == ExplainPolicy::kShownSymbols) {
      const auto entries = shown_entries(answer.map, ranked, symbols);
      for (const Explanation& explanation : ranker.explain(attempt, ranked, entries)) {
        answer.explanations.push_back(in_words(explanation, symbols));
      }
    }
    break;
  }
  answer.read = source.read_files();
  return answer;
}

}  // namespace repomap
