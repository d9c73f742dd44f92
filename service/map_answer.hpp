// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/map_request.hpp"
#include "core/model/symbol_explanation.hpp"
#include "service/repo_state.hpp"

namespace repomap {

enum class ExplainPolicy : std::uint8_t { kNone, kShownSymbols };

struct MapQuery {
  FileSelection selection;
  MapRequest request;
  ExplainPolicy explain = ExplainPolicy::kNone;
};

struct MapAnswer {
  RepoMap map;
  std::uint64_t generation = 1;                 ///< of the repository's state, rising while a process lives
  std::vector<SymbolExplanation> explanations;  ///< by rank
  FileReport report;
};

}  // namespace repomap
