// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/repo_symbols.hpp"
#include "service/repo_scan.hpp"

namespace repomap {

/// All that a map of a repository is made from. Immutable once built, so any thread may read it.
struct RepoState {
  RepoScan scan;
  RepoSymbols symbols;  ///< of scan.paths
};

}  // namespace repomap
