// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <iostream>
#include <random>

namespace repomap {

/// The seed of a randomised test: REPOMAP_SEED, or a random one. Printed, so that a failure can be repeated.
inline unsigned chosen_seed() {
  const char* const fixed = std::getenv("REPOMAP_SEED");
  const unsigned seed =
      fixed != nullptr ? static_cast<unsigned>(std::strtoul(fixed, nullptr, 10)) : std::random_device{}();
  std::cout << "REPOMAP_SEED=" << seed << '\n';
  return seed;
}

}  // namespace repomap
