// SPDX-License-Identifier: Apache-2.0
#include "watcher/repository_root.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>

#include "core/base/file_system.hpp"
#include "watcher/git_tree.hpp"

namespace repomap {
namespace {

struct FreeMemory {
  void operator()(char* memory) const { std::free(memory); }
};

}  // namespace

Result<std::string> find_root(const std::string& start) {
  const std::unique_ptr<char, FreeMemory> resolved(::realpath(start.empty() ? "." : start.c_str(), nullptr));
  if (!resolved) {
    return std::unexpected(errno_error(errno, start));
  }
  std::string directory = resolved.get();
  REPOMAP_ASSIGN(const FileStat info, make_posix_file_system()->stat(directory));
  if (info.type != FileType::kDirectory) {
    directory.resize(std::max<std::size_t>(directory.rfind('/'), 1));
  }
  const auto tree = find_git_tree(directory, GitSearch::kUpwards);
  // A repository that cannot be opened does not keep its files from being read: listing them says what is wrong.
  return tree && tree->has_value() ? (*tree)->work_tree : directory;
}

std::string repository_identity(const std::string& root) {
  const auto tree = find_git_tree(root, GitSearch::kUpwards);
  if (!tree || !tree->has_value()) {
    return root;
  }
  const std::string& work_tree = (*tree)->work_tree;
  return (*tree)->common_directory + '\0' + root.substr(std::min(work_tree.size(), root.size()));
}

}  // namespace repomap
