// SPDX-License-Identifier: Apache-2.0
#include "watcher/tracked_files.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace repomap {
namespace {

constexpr std::uint64_t kIndexLimitBytes = std::uint64_t{4} << 30;

Result<GitIndex> load_index(const FileSystem& file_system, const GitTree& tree) {
  const auto bytes = file_system.read_file(join_path(tree.git_directory, "index"), kIndexLimitBytes);
  if (bytes) {
    return GitIndex::decode(*bytes, tree.hash_bytes);
  }
  if (bytes.error().code == ErrorCode::kNotFound) {
    return GitIndex();
  }
  return std::unexpected(bytes.error());
}

}  // namespace

std::string_view TrackedFiles::advance_to(std::string_view path) {
  while (next_ < index_.size() && index_.path(next_) < path) {
    ++next_;
  }
  return next_ < index_.size() ? index_.path(next_) : std::string_view();
}

bool TrackedFiles::contains(std::string_view path) {
  path.remove_prefix(base_bytes_);
  return advance_to(path) == path;
}

bool TrackedFiles::any_below(std::string_view directory) {
  directory.remove_prefix(base_bytes_);
  return advance_to(directory).starts_with(directory) && next_ < index_.size();
}

OpenedRepository open_repository(const FileSystem& file_system, const GitTree& tree, std::size_t base_bytes,
                                 IgnoreRules& rules, std::vector<std::string>& notices) {
  auto index = load_index(file_system, tree);
  if (!index) {
    notices.push_back(
        fmt::format("{}: the git index cannot be used ({}); files that are tracked though an ignore "
                    "pattern matches them are not listed",
                    tree.work_tree, index.error().message));
    index = GitIndex();
  }
  const IgnoreRules::Layer* layer = nullptr;
  for (const std::string& path : {tree.excludes_file, join_path(tree.common_directory, "info/exclude")}) {
    const auto text = file_system.read_file(path, kIgnoreFileLimitBytes);
    if (text) {
      layer = rules.add(layer, *text, base_bytes, tree.case_rule);
    } else if (text.error().code != ErrorCode::kNotFound) {
      notices.push_back(fmt::format("the ignore file cannot be read: {}", text.error().message));
    }
  }
  return {TrackedFiles(std::move(*index), tree.case_rule, base_bytes), layer};
}

}  // namespace repomap
