// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "ranking/bpe_image.hpp"

namespace repomap {

/// The number of tokens of one word that is no token itself: starting from single bytes, the adjacent pair whose joint
/// bytes are the token of lowest rank is joined, the leftmost of equals first, until no pair is a token (byte pair
/// encoding: Gage 1994; Sennrich, Haddow, Birch 2016). A byte that is no token counts as one.
/// Words of at most 128 bytes cost n², which is faster for them; longer ones n log n.
/// REQUIRES: `word` is not empty and has less than 2^31 bytes.
std::size_t count_merged_tokens(const BpeImage& image, std::string_view word);

}  // namespace repomap
