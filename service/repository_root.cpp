// SPDX-License-Identifier: Apache-2.0
#include "service/repository_root.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "watcher/repository_root.hpp"

namespace repomap {

Result<std::string> find_repository_root(const std::string& start, RootSearch search) {
  if (search == RootSearch::kAround) {
    return find_root(start);
  }
  std::error_code error;
  const auto path = std::filesystem::canonical(start, error);
  if (error) {
    return std::unexpected(errno_error(error.value(), start));
  }
  if (!std::filesystem::is_directory(path, error)) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{}: not a directory", start));
  }
  return path.string();
}

}  // namespace repomap
