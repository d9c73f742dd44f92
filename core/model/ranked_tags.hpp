// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/model/file_tags.hpp"

namespace repomap {

/// One step of the order in which a map is filled: a definition, or (identifier 0) a file by its name alone.
struct RankedEntry {
  std::uint32_t file = 0;         ///< index in RepoSymbols::paths
  StringPool::Id identifier = 0;  ///< in RepoSymbols::identifiers; 0: the file's name without content
  double rank = 0;

  friend bool operator==(const RankedEntry&, const RankedEntry&) = default;
};

/// The result of ranking: what to show first. Immutable.
struct RankedTags {
  std::vector<RankedEntry> entries;  ///< best first; files of the chat are left out
  bool is_whole = true;              ///< else there are more entries, worse than these
  std::vector<double> file_ranks;    ///< for each path; 0 for a file that is not in the graph
};

}  // namespace repomap
