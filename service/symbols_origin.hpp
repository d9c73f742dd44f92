// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace repomap {

/// How the symbols of a repository came about.
struct SymbolsOrigin {
  std::size_t reused = 0;                 ///< rows taken over as they were
  std::size_t renewed = 0;                ///< rows made from tags
  bool is_exact = true;                   ///< false: a file changed after it was scanned, so the symbols are no state's
  std::vector<std::size_t> changed = {};  ///< the files of which that holds, as indices of the scan
};

}  // namespace repomap
