// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/map_request.hpp"
#include "core/model/symbol_explanation.hpp"
#include "service/file_report.hpp"
#include "service/file_selection.hpp"
#include "service/refresh_mode.hpp"

namespace repomap {

enum class ExplainPolicy : std::uint8_t { kNone, kShownSymbols };

struct MapQuery {
  FileSelection selection;
  MapRequest request;
  ExplainPolicy explain = ExplainPolicy::kNone;
  std::optional<RefreshMode> refresh = {};  ///< nothing: that of the settings
};

/// Whether a map was ranked and rendered for this answer.
enum class MapOrigin : std::uint8_t { kMade, kKept };

struct MapAnswer {
  RepoMap map;
  MapOrigin origin = MapOrigin::kMade;
  std::uint64_t generation = 1;                 ///< of the repository's state, rising while a process lives
  std::vector<SymbolExplanation> explanations;  ///< by rank
  FileReport report;
};

}  // namespace repomap
