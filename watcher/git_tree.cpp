// SPDX-License-Identifier: Apache-2.0
#include "watcher/git_tree.hpp"

#include <fmt/format.h>
#include <git2.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

#include "core/base/file_system.hpp"

namespace repomap {
namespace {

struct GitCloser {
  void operator()(git_repository* repository) const { git_repository_free(repository); }
  void operator()(git_config* config) const { git_config_free(config); }
};
using GitRepository = std::unique_ptr<git_repository, GitCloser>;
using GitConfig = std::unique_ptr<git_config, GitCloser>;

/// libgit2 counts its users; it stays loaded from the first call to the end of the process.
void ensure_libgit2() {
  [[maybe_unused]] static const bool kReady = [] {
    git_libgit2_init();
    // Nothing here runs what a repository's configuration names, so whose the repository is does not matter.
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    // Extensions of the repository format that do not change which files are listed (objectformat is read below).
    std::array<const char*, 7> extensions{"compatobjectformat", "objectformat",      "partialclone",  "preciousobjects",
                                          "refstorage",         "relativeworktrees", "worktreeconfig"};
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions.data(), extensions.size());
    return true;
  }();
}

std::string without_trailing_slash(const char* path) {
  std::string result = path == nullptr ? "" : path;
  while (result.size() > 1 && result.back() == '/') {
    result.pop_back();
  }
  return result;
}

/// gitignore(5): $XDG_CONFIG_HOME/git/ignore, or $HOME/.config/git/ignore if that variable is unset or empty.
std::string default_excludes_file() {
  const char* const config = std::getenv("XDG_CONFIG_HOME");
  if (config != nullptr && *config != '\0') {
    return join_path(config, "git/ignore");
  }
  const char* const home = std::getenv("HOME");
  return home == nullptr ? "" : join_path(home, ".config/git/ignore");
}

void read_config(git_repository& repository, GitTree& tree) {
  tree.excludes_file = default_excludes_file();
  git_config* opened = nullptr;
  if (git_repository_config_snapshot(&opened, &repository) != 0) {
    return;
  }
  const GitConfig config(opened);
  git_buf path = GIT_BUF_INIT;
  if (git_config_get_path(&path, opened, "core.excludesfile") == 0) {
    const std::string_view value = path.ptr;
    // git reads a relative path from the top of the work tree, where it always runs.
    tree.excludes_file = value.empty() || value.front() == '/' ? std::string(value) : join_path(tree.work_tree, value);
  }
  git_buf_dispose(&path);
  int ignore_case = 0;
  if (git_config_get_bool(&ignore_case, opened, "core.ignorecase") == 0 && ignore_case != 0) {
    tree.case_rule = CaseRule::kInsensitive;
  }
  const char* format = nullptr;
  if (git_config_get_string(&format, opened, "extensions.objectformat") == 0 && std::string_view(format) == "sha256") {
    tree.hash_bytes = 32;
  }
}

bool is_at_or_below(std::string_view path, std::string_view directory) {
  return path == directory || directory == "/" ||
         (path.starts_with(directory) && path.substr(directory.size()).starts_with('/'));
}

/// Whether there is a ".git" where a search starts or leads. A work tree has one; asking costs a microsecond for each
/// directory, libgit2 milliseconds to get ready.
bool has_git_entry(const std::string& directory, GitSearch search) {
  std::string path = directory;
  while (true) {
    std::error_code error;
    const auto status = std::filesystem::symlink_status(join_path(path, ".git"), error);
    if (status.type() != std::filesystem::file_type::not_found) {
      return true;
    }
    if (search == GitSearch::kHere || path.size() <= 1) {
      return false;
    }
    path.resize(std::max<std::size_t>(path.rfind('/'), 1));
  }
}

}  // namespace

Result<std::optional<GitTree>> find_git_tree(const std::string& directory, GitSearch search) {
  if (directory.starts_with('/') && !has_git_entry(directory, search)) {
    return std::nullopt;
  }
  ensure_libgit2();
  git_repository* opened = nullptr;
  const unsigned flags = search == GitSearch::kHere ? unsigned{GIT_REPOSITORY_OPEN_NO_SEARCH} : 0U;
  const int status = git_repository_open_ext(&opened, directory.c_str(), flags, nullptr);
  const GitRepository repository(opened);
  if (status == GIT_ENOTFOUND) {
    return std::nullopt;
  }
  if (status != 0) {
    const git_error* const error = git_error_last();
    return fail(ErrorCode::kCorrupt, fmt::format("{}: the git repository cannot be opened: {}", directory,
                                                 error == nullptr ? "unknown reason" : error->message));
  }
  GitTree tree;
  tree.work_tree = without_trailing_slash(git_repository_workdir(opened));
  tree.git_directory = without_trailing_slash(git_repository_path(opened));
  tree.common_directory = without_trailing_slash(git_repository_commondir(opened));
  if (tree.work_tree.empty() || !is_at_or_below(directory, tree.work_tree) ||
      is_at_or_below(directory, tree.git_directory)) {
    return std::nullopt;
  }
  read_config(*repository, tree);
  return tree;
}

}  // namespace repomap
