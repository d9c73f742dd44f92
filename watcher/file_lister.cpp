// SPDX-License-Identifier: Apache-2.0
#include "watcher/file_lister.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

#include "watcher/tree_walk.hpp"

namespace repomap {
namespace {

struct FreeMemory {
  void operator()(char* memory) const { std::free(memory); }
};

Result<std::string> resolve(const std::string& path) {
  const std::unique_ptr<char, FreeMemory> resolved(::realpath(path.empty() ? "." : path.c_str(), nullptr));
  if (!resolved) {
    return std::unexpected(errno_error(errno, path));
  }
  return std::string(resolved.get());
}

Result<OpenDirectory> open_root(const std::string& root) {
  auto directory = OpenDirectory::open(root);
  if (!directory && directory.error().code == ErrorCode::kNotFound) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{}: not a directory", root));  // it exists: it was resolved
  }
  return directory;
}

/// The subtree without empty and "." components; "" for the root itself.
Result<std::string> normalize_subtree(std::string_view subtree) {
  if (subtree.starts_with('/')) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("subtree {}: must be relative to the root", subtree));
  }
  std::string result;
  std::string_view rest = subtree;
  while (!rest.empty()) {
    const std::string_view name = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    if (name == "..") {
      return fail(ErrorCode::kInvalidArgument, fmt::format("subtree {}: '..' is not allowed", subtree));
    }
    if (!name.empty() && name != ".") {
      result = join_path(result, name);
    }
  }
  return result;
}

/// Sorted, distinct, none below another; empty if the root itself is among them.
Result<std::vector<std::string>> prepare_subtrees(const std::vector<std::string>& subtrees, const OpenDirectory& root) {
  std::vector<std::string> sorted;
  for (const std::string& subtree : subtrees) {
    REPOMAP_ASSIGN(std::string path, normalize_subtree(subtree));
    const auto directory = root.open_below(path);
    if (!directory) {
      const bool is_denied = directory.error().code == ErrorCode::kPermissionDenied;
      return fail(is_denied ? ErrorCode::kPermissionDenied : ErrorCode::kNotFound,
                  fmt::format("subtree {}: no such directory in the tree ({})", subtree, directory.error().message));
    }
    sorted.push_back(std::move(path));
  }
  // With a slash behind each, what is below a subtree follows it directly.
  std::ranges::sort(sorted, {}, [](const std::string& path) { return path + '/'; });
  std::vector<std::string> result;
  for (std::string& path : sorted) {
    if (path.empty()) {
      return std::vector<std::string>();
    }
    if (result.empty() || !(path + '/').starts_with(result.back() + '/')) {
      result.push_back(std::move(path));
    }
  }
  std::ranges::sort(result);
  return result;
}

/// Everything that list_files() needs before it walks.
class Preparation {
 public:
  Preparation(const FileSystem& file_system, IgnoreRules& rules, WalkStart& start, std::vector<std::string>& notices)
      : file_system_(file_system), rules_(rules), start_(start), notices_(notices) {}

  void run() {
    const auto tree = find_git_tree(start_.root, GitSearch::kUpwards);
    if (!tree) {
      notices_.push_back(tree.error().message + "; listed as a tree without git");
    } else if (tree->has_value()) {
      if (prepare_git(**tree)) {
        return;
      }
      notices_.push_back(fmt::format("{} is ignored by the git repository at {}; listed as a tree without git",
                                     start_.root, (*tree)->work_tree));
    }
    start_.tracked.reset();
    start_.prefix.clear();
    start_.tracked_only = false;
    start_.scope = {rules_.add(nullptr, default_ignore_patterns(), 0, CaseRule::kSensitive), nullptr};
  }

 private:
  /// False if the root is ignored there and nothing in it is tracked.
  bool prepare_git(const GitTree& tree) {
    OpenedRepository opened = open_repository(file_system_, tree, 0, rules_, notices_);
    start_.tracked = std::make_unique<TrackedFiles>(std::move(opened.files));
    start_.scope = {opened.rules, nullptr};
    std::string_view rest = std::string_view(start_.root).substr(std::min(tree.work_tree.size(), start_.root.size()));
    rest.remove_prefix(rest.starts_with('/') ? 1 : 0);
    while (!rest.empty()) {
      load_ignore_files(tree.work_tree);
      const std::string_view name = rest.substr(0, rest.find('/'));
      rest.remove_prefix(std::min(name.size() + 1, rest.size()));
      start_.prefix += name;
      start_.tracked_only |= IgnoreRules::is_ignored(start_.scope.git, start_.prefix, FileType::kDirectory);
      start_.prefix += '/';
    }
    return !start_.tracked_only || start_.tracked->any_below(start_.prefix);
  }

  void load_ignore_files(const std::string& work_tree) {
    const std::string directory = join_path(work_tree, start_.prefix);
    if (!start_.tracked_only) {
      load(join_path(directory, kGitIgnoreName), start_.scope.git);
    }
    load(join_path(directory, kRepomapIgnoreName), start_.scope.repomap);
  }

  void load(const std::string& path, const IgnoreRules::Layer*& layer) {
    const auto info = file_system_.stat(path);
    if (!info || info->type != FileType::kRegular) {
      return;
    }
    const auto text = file_system_.read_file(path, kIgnoreFileLimitBytes);
    if (text) {
      layer = rules_.add(layer, *text, start_.prefix.size(), start_.tracked->case_rule());
    } else {
      notices_.push_back(fmt::format("{} cannot be used: {}", path, text.error().message));
    }
  }

  const FileSystem& file_system_;
  IgnoreRules& rules_;
  WalkStart& start_;
  std::vector<std::string>& notices_;
};

}  // namespace

Result<FileList> list_files(const std::string& root, const ListOptions& options) {
  WalkStart start;
  REPOMAP_ASSIGN(start.root, resolve(root));
  REPOMAP_ASSIGN(start.directory, open_root(start.root));
  REPOMAP_ASSIGN(std::vector<std::string> subtrees, prepare_subtrees(options.subtrees, start.directory));
  const std::unique_ptr<FileSystem> file_system = make_posix_file_system();
  IgnoreRules rules;
  std::vector<std::string> notices;
  Preparation(*file_system, rules, start, notices).run();
  FileList list = TreeWalk(*file_system, rules, options, std::move(subtrees)).run(std::move(start));
  list.notices.insert(list.notices.begin(), std::make_move_iterator(notices.begin()),
                      std::make_move_iterator(notices.end()));
  return list;
}

}  // namespace repomap
