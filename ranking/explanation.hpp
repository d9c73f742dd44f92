// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/map_request.hpp"
#include "core/model/ranked_tags.hpp"
#include "core/model/repo_symbols.hpp"
#include "ranking/reference_graph.hpp"

namespace repomap {

/// A file whose references give an entry its rank.
struct ReferenceShare {
  std::uint32_t file = 0;  ///< index in RepoSymbols::paths
  double share = 0;        ///< of the entry's rank in the graph, in (0, 1]
};

/// What of a request pulled an entry up.
enum class PullKind : std::uint8_t {
  kMentionedIdentifier,  ///< the definition's name is mentioned; detail: the name
  kMentionedFile,        ///< the file is mentioned; detail: the path
  kMentionedPathPart,    ///< a part of the path is a mentioned identifier; detail: that part
  kChatReference,        ///< a chat file refers to the definition; detail: the chat file's path
  kQueryTerm,            ///< the name or path has a word of the query; detail: the word in lower case
  kImportantFile,        ///< the file is one that tells what a repository is; detail: the path
};

/// "mentioned_identifier", "mentioned_file", …
std::string_view pull_kind_name(PullKind kind);

struct Pull {
  PullKind kind = PullKind::kMentionedIdentifier;
  std::string detail;
};

/// Why an entry is where it is.
struct Explanation {
  RankedEntry entry;
  double graph_rank = 0;  ///< what the definition receives in the graph; for a file by name, the file's rank
  double file_rank = 0;   ///< of the defining file
  std::size_t referencing_files = 0;
  std::vector<ReferenceShare> strongest_references;  ///< at most 5, by falling share, then path
  std::vector<Pull> pulls;                           ///< in the order of PullKind
};

/// Why each of `entries` is where it is. REQUIRES: `graph` was built from `symbols`, `ranked` is the result of ranking
/// both for `request`, and `entries` are some of its entries.
std::vector<Explanation> explain_entries(const RepoSymbols& symbols, const ReferenceGraph& graph,
                                         const MapRequest& request, const RankedTags& ranked,
                                         std::span<const RankedEntry> entries);

}  // namespace repomap
