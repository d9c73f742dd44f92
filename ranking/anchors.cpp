// SPDX-License-Identifier: Apache-2.0
#include "ranking/anchors.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "ranking/mentions.hpp"

namespace repomap {
namespace {

constexpr double kMentionedFactor = 10;
constexpr double kChatFactor = 50;
constexpr double kSharesOfAllFiles = 100;

void mark(const std::vector<std::string>& paths, const std::vector<std::string>& wanted, std::vector<bool>& marks) {
  for (const std::string& path : wanted) {
    const auto found = std::lower_bound(paths.begin(), paths.end(), path);
    if (found != paths.end() && *found == path) {
      marks[static_cast<std::size_t>(found - paths.begin())] = true;
    }
  }
}

bool names_part_of(const std::unordered_set<std::string_view>& identifiers, std::string_view path) {
  if (identifiers.empty()) {
    return false;
  }
  const std::vector<std::string_view> parts = path_parts(path);
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return identifiers.contains(part); });
}

/// A set of names that is asked about far more names than it holds.
class NameFilter {
 public:
  explicit NameFilter(const std::unordered_set<std::string_view>& names) : names_(names) {
    for (const std::string_view name : names) {
      if (!name.empty()) {
        first_byte_[static_cast<unsigned char>(name.front())] = true;
      }
    }
  }
  bool contains(std::string_view name) const {
    return !name.empty() && first_byte_[static_cast<unsigned char>(name.front())] && names_.contains(name);
  }

 private:
  const std::unordered_set<std::string_view>& names_;
  std::array<bool, 256> first_byte_{};
};

/// The graph's identifier weights, each divided by the square of the number of definers: a reference to a name that
/// many files define says little of any one of them, and they share it.
std::vector<double> shared_votes(const ReferenceGraph& graph) {
  std::vector<double> votes(graph.identifier_weights().begin(), graph.identifier_weights().end());
  for (std::uint32_t shared = 0; shared < votes.size(); ++shared) {
    const auto vertex = static_cast<ReferenceGraph::Vertex>(graph.file_count() + shared);
    const auto definers = static_cast<double>(out_degree(vertex, graph.structure()));
    votes[shared] /= definers * definers;
  }
  return votes;
}

}  // namespace

Anchors resolve_anchors(const std::vector<std::string>& paths, const MapRequest& request) {
  Anchors anchors;
  anchors.in_chat.assign(paths.size(), false);
  anchors.mentioned.assign(paths.size(), false);
  anchors.personalization.assign(paths.size(), 0);
  mark(paths, request.chat_files, anchors.in_chat);
  mark(paths, request.mentioned_files, anchors.mentioned);
  if (!request.query.empty()) {
    anchors.identifiers = mentioned_identifiers(request.query);
    for (const std::uint32_t file : mentioned_files(request.query, paths, anchors.in_chat)) {
      anchors.mentioned[file] = true;
    }
  }
  anchors.identifiers.insert(request.mentioned_identifiers.begin(), request.mentioned_identifiers.end());
  const double share = kSharesOfAllFiles / static_cast<double>(std::max<std::size_t>(paths.size(), 1));
  for (std::size_t file = 0; file < paths.size(); ++file) {
    double& weight = anchors.personalization[file];
    weight += anchors.in_chat[file] || anchors.mentioned[file] ? share : 0;
    weight += names_part_of(anchors.identifiers, paths[file]) ? share : 0;
    anchors.any_personalization = anchors.any_personalization || weight > 0;
  }
  return anchors;
}

RequestWeights weigh(const RepoSymbols& symbols, const ReferenceGraph& graph, const Anchors& anchors, RankMode mode) {
  RequestWeights weights;
  if (mode == RankMode::kAider) {
    weights.identifiers.assign(graph.identifier_weights().begin(), graph.identifier_weights().end());
  } else {
    weights.identifiers = shared_votes(graph);
  }
  if (!anchors.identifiers.empty()) {
    const NameFilter mentioned(anchors.identifiers);
    for (std::size_t shared = 0; shared < weights.identifiers.size(); ++shared) {
      if (mentioned.contains(symbols.identifiers.at(graph.identifiers()[shared]))) {
        weights.identifiers[shared] *= kMentionedFactor;
      }
    }
  }
  weights.referencers.assign(graph.file_count(), 1);
  for (std::size_t file = 0; file < anchors.in_chat.size(); ++file) {
    weights.referencers[file] = anchors.in_chat[file] ? kChatFactor : 1;
  }
  return weights;
}

}  // namespace repomap
