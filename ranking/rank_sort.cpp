// SPDX-License-Identifier: Apache-2.0
#include "ranking/rank_sort.hpp"

#include <array>
#include <bit>
#include <cstddef>

namespace repomap {
namespace {

constexpr unsigned kDigitBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
constexpr unsigned kKeyBits = 64;

struct Keyed {
  std::uint64_t key = 0;
  std::uint32_t position = 0;
};

/// The bits of a number that is not negative rise with it; turned around, they fall. -0 counts as 0.
std::uint64_t falling_key(double rank) { return ~std::bit_cast<std::uint64_t>(rank + 0.0); }

std::size_t digit(std::uint64_t key, unsigned shift) { return (key >> shift) & (kDigits - 1); }

/// One stable pass by the digit at `shift`. Does nothing where all keys have the same digit.
void pass(std::vector<Keyed>& items, std::vector<Keyed>& scratch, unsigned shift) {
  std::array<std::uint32_t, kDigits> next{};
  for (const Keyed& item : items) {
    ++next[digit(item.key, shift)];
  }
  if (next[digit(items.front().key, shift)] == items.size()) {
    return;
  }
  std::uint32_t begin = 0;
  for (std::uint32_t& slot : next) {
    const std::uint32_t count = slot;
    slot = begin;
    begin += count;
  }
  for (const Keyed& item : items) {
    scratch[next[digit(item.key, shift)]++] = item;
  }
  items.swap(scratch);
}

}  // namespace

std::vector<std::uint32_t> order_by_falling_rank(std::span<const double> ranks) {
  std::vector<Keyed> items;
  items.reserve(ranks.size());
  for (std::uint32_t position = 0; position < ranks.size(); ++position) {
    items.push_back({falling_key(ranks[position]), position});
  }
  std::vector<Keyed> scratch(items.size());
  for (unsigned shift = 0; shift < kKeyBits && !items.empty(); shift += kDigitBits) {
    pass(items, scratch, shift);
  }
  std::vector<std::uint32_t> order;
  order.reserve(items.size());
  for (const Keyed& item : items) {
    order.push_back(item.position);
  }
  return order;
}

}  // namespace repomap
