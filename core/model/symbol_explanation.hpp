// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace repomap {

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

}  // namespace repomap
