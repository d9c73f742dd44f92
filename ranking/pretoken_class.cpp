// SPDX-License-Identifier: Apache-2.0
#include "ranking/pretoken_class.hpp"

#include <algorithm>
#include <array>

#include "ranking/pretoken_class_ranges.hpp"

namespace repomap {
namespace {

constexpr std::uint32_t kClassBits = 3;
constexpr std::uint32_t kBlockBits = 7;
constexpr std::uint32_t kBlocks = 0x110000 >> kBlockBits;

/// For each block of 128 code points the number of ranges that start at or before its first code point.
constexpr auto kRangesBefore = [] {
  std::array<std::uint16_t, kBlocks + 1> counts{};
  std::uint16_t range = 0;
  for (std::uint32_t block = 0; block <= kBlocks; ++block) {
    while (range < detail::kPretokenClassRanges.size() &&
           (detail::kPretokenClassRanges[range] >> kClassBits) <= (block << kBlockBits)) {
      ++range;
    }
    counts[block] = range;
  }
  return counts;
}();

}  // namespace

PretokenClass pretoken_class(std::uint32_t code_point) {
  const std::uint32_t block = code_point >> kBlockBits;
  const auto* const first = detail::kPretokenClassRanges.data() + kRangesBefore[block];
  const auto* const last = detail::kPretokenClassRanges.data() + kRangesBefore[block + 1];
  const auto* const next = std::upper_bound(
      first, last, code_point, [](std::uint32_t value, std::uint32_t range) { return value < (range >> kClassBits); });
  return static_cast<PretokenClass>(*(next - 1) & ((1U << kClassBits) - 1));
}

}  // namespace repomap
