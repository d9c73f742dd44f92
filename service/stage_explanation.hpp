// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace repomap {

/// Whether a stage would find its product in the cache.
struct StageExplanation {
  std::string stage;  ///< "scan", "tags", "graph"
  bool is_hit = false;
  std::vector<std::string> changed;  ///< of a miss: the parts of the signature that differ: "inputs", "code", "env", …
  std::string detail;                ///< one clause for people
  std::chrono::microseconds cost{};  ///< what the product took to compute when it was last computed; 0: not known
};

}  // namespace repomap
