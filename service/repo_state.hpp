// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "service/repo_scan.hpp"
#include "service/symbol_graph.hpp"

namespace repomap {

/// All that a map of a repository is made from. Immutable once built, so any thread may read it.
struct RepoState {
  RepoScan scan;
  std::shared_ptr<const SymbolGraph> symbols;  ///< of scan.paths
};

}  // namespace repomap
