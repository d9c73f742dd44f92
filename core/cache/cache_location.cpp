// SPDX-License-Identifier: Apache-2.0
#include "core/cache/cache_location.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "core/base/file_system.hpp"

namespace repomap {
namespace {

/// The path without links, dots and doubled or trailing slashes, as far as it exists.
std::string resolved(const std::string& path) {
  std::error_code error;
  std::filesystem::path result = std::filesystem::weakly_canonical(path, error);
  if (error) {
    result = std::filesystem::path(path).lexically_normal();
  }
  std::string text = result.string();
  while (text.size() > 1 && text.ends_with('/')) {
    text.pop_back();
  }
  return text;
}

bool is_layout_name(std::string_view name) {
  return name.size() > 1 && name.front() == 'v' &&
         std::ranges::all_of(name.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_inside(const std::string& path, const std::string& directory) {
  const std::string inner = resolved(path);
  const std::string outer = resolved(directory);
  return inner == outer || outer == "/" || inner.starts_with(outer + '/');
}

Status check_outside(const std::string& root, const std::string& repository) {
  if (root.empty() || repository.empty() || !is_inside(root, repository)) {
    return {};
  }
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("the cache at {} would lie inside the repository {}: choose a directory outside of it", root,
                          repository));
}

std::vector<std::string> other_layouts(const std::string& root) {
  std::vector<std::string> names;
  const auto entries = make_posix_file_system()->list_directory(root);
  for (const DirectoryEntry& entry : entries.value_or(std::vector<DirectoryEntry>())) {
    if (entry.type == FileType::kDirectory && entry.name != kCacheLayout && is_layout_name(entry.name)) {
      names.push_back(entry.name);
    }
  }
  return names;
}

}  // namespace repomap
