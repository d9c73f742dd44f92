// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/closest_word.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace repomap {
namespace {

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

}  // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
  // Rows of the table of distances between beginnings: the one before the last, the last, and the current one.
  std::array<std::vector<std::size_t>, 3> rows;
  rows.fill(std::vector<std::size_t>(right.size() + 1));
  std::iota(rows[1].begin(), rows[1].end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    rows[2][0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t substitution = rows[1][j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      std::size_t best = std::min({rows[1][j] + 1, rows[2][j - 1] + 1, substitution});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        best = std::min(best, rows[0][j - 2] + 1);
      }
      rows[2][j] = best;
    }
    std::ranges::rotate(rows, rows.begin() + 1);
  }
  return rows[1][right.size()];
}

std::string closest_word(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t kMaxWordBytes = 256;
  const std::string wanted = lower_case(word);
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::string best;
  for (const std::string& candidate : candidates) {
    if (wanted.size() > kMaxWordBytes || candidate.size() > kMaxWordBytes) {
      continue;
    }
    const std::size_t distance = edit_distance(wanted, lower_case(candidate));
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace repomap
