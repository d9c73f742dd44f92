// SPDX-License-Identifier: Apache-2.0
#include "watcher/rule_files.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/file_system.hpp"

namespace repomap {
namespace {

constexpr std::string_view kGitName = ".git";
constexpr std::string_view kLinkStart = "gitdir: ";
constexpr std::uint64_t kLinkLimitBytes = 64 << 10;

/// The value of an environment variable that names a directory; nothing if it is unset or empty.
std::optional<std::string> directory_variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

/// Where a file ".git" of a work tree or submodule leads; nothing if it does not say.
std::optional<std::string> git_link_target(const FileSystem& file_system, const std::string& directory) {
  const auto text = file_system.read_file(join_path(directory, kGitName), kLinkLimitBytes);
  if (!text || !text->starts_with(kLinkStart)) {
    return std::nullopt;
  }
  std::string target = text->substr(kLinkStart.size(), text->find('\n') - kLinkStart.size());
  return target.starts_with('/') ? target : join_path(directory, target);
}

std::string parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(path.substr(0, std::max<std::size_t>(slash, 1)));
}

}  // namespace

std::vector<std::string> rule_files_of(const GitTree& tree) {
  std::vector<std::string> result{
      join_path(tree.git_directory, "index"),           join_path(tree.git_directory, "HEAD"),
      join_path(tree.git_directory, "config.worktree"), join_path(tree.common_directory, "config"),
      join_path(tree.common_directory, "info/exclude"), "/etc/gitconfig"};
  if (!tree.excludes_file.empty()) {
    result.push_back(tree.excludes_file);
  }
  const auto home = directory_variable("HOME");
  const auto config = directory_variable("XDG_CONFIG_HOME");
  if (home) {
    result.push_back(join_path(*home, ".gitconfig"));
  }
  if (config || home) {
    result.push_back(join_path(config ? *config : join_path(*home, ".config"), "git/config"));
  }
  return result;
}

std::vector<std::string> git_birth_files(const std::string& directory) {
  const auto file_system = make_posix_file_system();
  const auto target = git_link_target(*file_system, directory);
  const std::string git_directory = target.value_or(join_path(directory, kGitName));
  std::vector<std::string> result;
  for (const std::string_view name : {"HEAD", "config", "commondir", "objects", "refs"}) {
    result.push_back(join_path(git_directory, name));
  }
  return result;
}

std::vector<std::string> git_search_files(const std::string& directory, const GitTree* tree) {
  const auto file_system = make_posix_file_system();
  std::vector<std::string> result;
  std::string at = directory;
  while (tree == nullptr || at.size() > tree->work_tree.size()) {
    std::string entry = join_path(at, kGitName);
    const auto info = file_system->stat(entry);
    if (info) {
      std::ranges::move(git_birth_files(at), std::back_inserter(result));
    }
    // Not the time of a directory: each `git status` changes it.
    if (at != directory && (!info || info->type != FileType::kDirectory)) {
      result.push_back(std::move(entry));
    }
    if (at.size() <= 1) {
      break;
    }
    at = parent_of(at);
  }
  return result;
}

}  // namespace repomap
