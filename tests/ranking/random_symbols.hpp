// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace repomap {

/// A random repository and request in the form of symbols_text.hpp. Equal seeds give equal text.
std::string random_ranking_case(unsigned seed);

}  // namespace repomap
