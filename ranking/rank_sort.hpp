// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace repomap {

/// The positions of `ranks` by falling rank; equal ranks keep their order. A radix sort over the bits of the numbers
/// (Knuth, The Art of Computer Programming, 5.2.5): several times faster than sorting by comparison.
/// REQUIRES: the ranks are not negative and not NaN, and there are less than 2^32 of them.
std::vector<std::uint32_t> order_by_falling_rank(std::span<const double> ranks);

}  // namespace repomap
