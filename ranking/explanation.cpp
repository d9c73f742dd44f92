// SPDX-License-Identifier: Apache-2.0
//
// The ranks of a request are not kept, but they follow from the ranks of the files, which are: one step of the walk
// from those gives what each file hands on to each identifier. One pass over the references serves all entries asked
// for.
#include "ranking/explanation.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "ranking/anchors.hpp"
#include "ranking/bm25.hpp"
#include "ranking/important_files.hpp"
#include "ranking/mentions.hpp"
#include "ranking/pagerank.hpp"
#include "ranking/sub_tokens.hpp"

namespace repomap {
namespace {

constexpr std::size_t kStrongest = 5;
constexpr std::uint32_t kNotAsked = 0xffffffff;

/// Who refers to an identifier, and how much that is worth.
struct Referencers {
  std::vector<ReferenceShare> shares;  // of the whole; not normalised until trimmed
  std::vector<std::uint32_t> chat_files;
  std::size_t count = 0;
  double rank = 0;
};

class Explainer {
 public:
  Explainer(const RepoSymbols& symbols, const ReferenceGraph& graph, const MapRequest& request,
            const RankedTags& ranked)
      : symbols_(symbols),
        graph_(graph),
        ranked_(ranked),
        anchors_(resolve_anchors(symbols.paths, request)),
        pagerank_(graph, weigh(symbols, graph, anchors_, request.rank_mode)),
        terms_(search_terms(request)) {}

  std::vector<Explanation> explain(std::span<const RankedEntry> entries) {
    ask_for(entries);
    collect_referencers();
    std::vector<Explanation> explanations;
    explanations.reserve(entries.size());
    for (const RankedEntry& entry : entries) {
      explanations.push_back(explain_one(entry));
    }
    return explanations;
  }

 private:
  void ask_for(std::span<const RankedEntry> entries) {
    slot_.assign(graph_.shared_count(), kNotAsked);
    for (const RankedEntry& entry : entries) {
      const std::uint32_t shared = entry.identifier == 0 ? kNotAsked : graph_.shared_index(entry.identifier);
      if (shared != kNotAsked && slot_[shared] == kNotAsked) {
        slot_[shared] = static_cast<std::uint32_t>(referencers_.size());
        referencers_.emplace_back();
      }
    }
  }

  void collect_referencers() {
    const ReferenceGraph::Structure& structure = graph_.structure();
    const auto first = static_cast<ReferenceGraph::Vertex>(graph_.file_count());
    for (ReferenceGraph::Vertex file = 0; file < first; ++file) {
      for (auto [edge, end] = out_edges(file, structure); edge != end; ++edge) {
        const std::uint32_t shared = target(*edge, structure) - first;
        if (slot_[shared] != kNotAsked) {
          const double root_count = graph_.root_counts()[get(boost::edge_index, structure, *edge)];
          add(referencers_[slot_[shared]], file,
              pagerank_.contribution(file, ranked_.file_ranks[file], shared, root_count));
        }
      }
    }
    for (Referencers& referencers : referencers_) {
      keep_strongest(referencers);
    }
  }

  void add(Referencers& referencers, std::uint32_t file, double contribution) const {
    ++referencers.count;
    referencers.rank += contribution;
    if (anchors_.in_chat[file]) {
      referencers.chat_files.push_back(file);
    }
    if (contribution > 0) {
      referencers.shares.push_back({file, contribution});
    }
  }

  static void keep_strongest(Referencers& referencers) {
    auto& shares = referencers.shares;
    const auto kept = static_cast<std::ptrdiff_t>(std::min(shares.size(), kStrongest));
    std::partial_sort(shares.begin(), shares.begin() + kept, shares.end(),
                      [](const ReferenceShare& a, const ReferenceShare& b) {
                        return a.share != b.share ? a.share > b.share : a.file < b.file;
                      });
    shares.resize(static_cast<std::size_t>(kept));
    for (ReferenceShare& reference : shares) {
      reference.share /= referencers.rank;
    }
  }

  Explanation explain_one(const RankedEntry& entry) {
    Explanation explanation;
    explanation.entry = entry;
    explanation.file_rank = ranked_.file_ranks[entry.file];
    explanation.graph_rank = explanation.file_rank;
    const Referencers* referencers = nullptr;
    if (entry.identifier != 0) {
      const std::uint32_t shared = graph_.shared_index(entry.identifier);
      if (shared == ReferenceGraph::kNotShared) {
        explanation.graph_rank = pagerank_.lone_rank(entry.file, explanation.file_rank);
      } else {
        referencers = &referencers_[slot_[shared]];
        explanation.graph_rank = referencers->rank;
        explanation.referencing_files = referencers->count;
        explanation.strongest_references = referencers->shares;
      }
    }
    explanation.pulls = pulls(entry, referencers);
    return explanation;
  }

  std::vector<Pull> pulls(const RankedEntry& entry, const Referencers* referencers) {
    const std::string_view name = symbols_.identifiers.at(entry.identifier);
    const std::string& path = symbols_.paths[entry.file];
    std::vector<Pull> result;
    if (anchors_.identifiers.contains(name)) {
      result.push_back({PullKind::kMentionedIdentifier, std::string(name)});
    }
    if (anchors_.mentioned[entry.file]) {
      result.push_back({PullKind::kMentionedFile, path});
    }
    for (const std::string_view part : path_parts(path)) {
      if (anchors_.identifiers.contains(part)) {
        result.push_back({PullKind::kMentionedPathPart, std::string(part)});
      }
    }
    if (referencers != nullptr) {
      for (const std::uint32_t file : referencers->chat_files) {
        result.push_back({PullKind::kChatReference, symbols_.paths[file]});
      }
    }
    append_query_terms(name, path, result);
    if (entry.identifier == 0 && is_important_file(path)) {
      result.push_back({PullKind::kImportantFile, path});
    }
    return result;
  }

  void append_query_terms(std::string_view name, const std::string& path, std::vector<Pull>& result) {
    std::vector<std::uint32_t> found;
    terms_.find_in(name, found);
    terms_.find_in(path, found);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    for (const std::uint32_t term : found) {
      result.push_back({PullKind::kQueryTerm, terms_.all()[term]});
    }
  }

  const RepoSymbols& symbols_;
  const ReferenceGraph& graph_;
  const RankedTags& ranked_;
  const Anchors anchors_;
  const PageRank pagerank_;
  QueryTerms terms_;
  std::vector<std::uint32_t> slot_;  // for each shared identifier: index in referencers_, or kNotAsked
  std::vector<Referencers> referencers_;
};

}  // namespace

std::string_view pull_kind_name(PullKind kind) {
  static constexpr std::array<std::string_view, 6> kNames = {"mentioned_identifier", "mentioned_file",
                                                             "mentioned_path_part",  "chat_reference",
                                                             "query_term",           "important_file"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<Explanation> explain_entries(const RepoSymbols& symbols, const ReferenceGraph& graph,
                                         const MapRequest& request, const RankedTags& ranked,
                                         std::span<const RankedEntry> entries) {
  return Explainer(symbols, graph, request, ranked).explain(entries);
}

}  // namespace repomap
