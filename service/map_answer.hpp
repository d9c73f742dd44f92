// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/map_request.hpp"
#include "service/repo_state.hpp"

namespace repomap {

enum class ExplainPolicy : std::uint8_t { kNone, kShownSymbols };

struct MapQuery {
  FileSelection selection;
  MapRequest request;
  ExplainPolicy explain = ExplainPolicy::kNone;
};

/// Why a symbol is in a map.
struct SymbolExplanation {
  struct Reference {
    std::string path;
    double share = 0;  ///< of the symbol's rank in the graph
  };
  struct Pull {
    std::string kind;    ///< "mentioned_identifier", "chat_reference", …
    std::string detail;  ///< the word or path that did it
  };

  std::string path;
  std::string name;  ///< "" for a file shown by its name alone
  double rank = 0;
  double graph_rank = 0;
  double file_rank = 0;
  std::size_t referencing_files = 0;
  std::vector<Reference> strongest_references;
  std::vector<Pull> pulls;
};

struct MapAnswer {
  RepoMap map;
  std::uint64_t generation = 1;                 ///< of the repository's state, rising while a process lives
  std::vector<SymbolExplanation> explanations;  ///< by rank
  FileReport report;
};

}  // namespace repomap
