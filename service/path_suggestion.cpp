// SPDX-License-Identifier: Apache-2.0
#include "service/path_suggestion.hpp"

#include <algorithm>
#include <cstddef>
#include <tuple>

namespace repomap {
namespace {

std::string_view last_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_same_but_for_case(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, folded, folded);
}

/// How many names both paths end in alike, in any case.
std::size_t common_names(std::string_view left, std::string_view right) {
  std::size_t count = 0;
  while (!left.empty() && !right.empty() && is_same_but_for_case(last_name(left), last_name(right))) {
    ++count;
    left.remove_suffix(std::min(last_name(left).size() + 1, left.size()));
    right.remove_suffix(std::min(last_name(right).size() + 1, right.size()));
  }
  return count;
}

}  // namespace

std::string suggest_path(std::span<const std::string> paths, std::string_view missing) {
  const std::string_view name = last_name(missing);
  const std::string* best = nullptr;
  auto best_rank = std::tuple(false, std::size_t{0}, std::size_t{0});
  for (const std::string& path : paths) {
    if (!is_same_but_for_case(last_name(path), name)) {
      continue;
    }
    const auto rank = std::tuple(last_name(path) == name, common_names(path, missing), ~path.size());
    if (best == nullptr || rank > best_rank) {
      best = &path;
      best_rank = rank;
    }
  }
  return best == nullptr ? "" : *best;
}

}  // namespace repomap
