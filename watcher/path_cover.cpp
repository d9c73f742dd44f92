// SPDX-License-Identifier: Apache-2.0
#include "watcher/path_cover.hpp"

#include <algorithm>
#include <utility>

namespace repomap {
namespace {

std::string_view directory_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return path.substr(0, slash == std::string_view::npos ? 0 : slash);
}

/// The number of components; 0 for the whole tree.
std::size_t depth_of(std::string_view path) {
  return path.empty() ? 0 : static_cast<std::size_t>(std::ranges::count(path, '/')) + 1;
}

}  // namespace

void PathCover::add(std::string path) {
  paths_.insert(std::move(path));
  if (paths_.size() > limit_) {
    drop_covered();
    fold();
  }
}

bool PathCover::covers(std::string_view path) const { return paths_.contains(path) || is_below_another(path); }

std::vector<std::string> PathCover::take() {
  drop_covered();
  std::vector<std::string> result;
  result.reserve(paths_.size());
  while (!paths_.empty()) {
    result.push_back(std::move(paths_.extract(paths_.begin()).value()));
  }
  std::ranges::sort(result);
  return result;
}

bool PathCover::is_below_another(std::string_view path) const {
  while (!path.empty()) {
    path = directory_of(path);
    if (paths_.contains(path)) {
      return true;
    }
  }
  return false;
}

void PathCover::drop_covered() {
  // A path that goes is below one that stays, or below one that goes for the same reason: the order does not matter.
  std::erase_if(paths_, [this](const std::string& path) { return is_below_another(path); });
}

void PathCover::fold() {
  if (paths_.size() <= limit_) {
    return;
  }
  std::size_t depth = 0;
  for (const std::string& path : paths_) {
    depth = std::max(depth, depth_of(path));
  }
  while (paths_.size() > limit_ / 2 && depth > 0) {
    std::unordered_set<std::string, Hash, std::equal_to<>> folded;
    for (const std::string& path : paths_) {
      folded.emplace(depth_of(path) == depth ? directory_of(path) : std::string_view(path));
    }
    paths_ = std::move(folded);
    drop_covered();
    --depth;
  }
}

}  // namespace repomap
