// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/model/map_request.hpp"
#include "ranking/pagerank.hpp"
#include "ranking/reference_graph.hpp"

namespace repomap {

/// What a request points at, resolved against the files of a repository. The views point into the request.
struct Anchors {
  std::vector<bool> in_chat;                         ///< for each path
  std::vector<bool> mentioned;                       ///< for each path: named by the request or in its query
  std::unordered_set<std::string_view> identifiers;  ///< named by the request or words of its query
  std::vector<double> personalization;               ///< for each path: its weight in the restart, mostly 0
  bool any_personalization = false;
};

/// The anchors of `request`: its chat files, and its mentions joined with those of its query (ranking/mentions.hpp). A
/// chat file and a mentioned file weigh one share each, and no file both; a file with a path part that is a mentioned
/// identifier weighs one share more. Paths that are not in `paths` are ignored. REQUIRES: `paths` is sorted.
Anchors resolve_anchors(const std::vector<std::string>& paths, const MapRequest& request);

/// The weights of a graph under the anchors: 10 times for a mentioned identifier, 50 times for references from a chat
/// file. Before that, RankMode::kAider takes the graph's identifier weights; RankMode::kAnchored divides them by the
/// square of the number of files that define the name. REQUIRES: `graph` was built from `symbols`.
RequestWeights weigh(const RepoSymbols& symbols, const ReferenceGraph& graph, const Anchors& anchors, RankMode mode);

}  // namespace repomap
