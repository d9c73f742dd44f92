// SPDX-License-Identifier: Apache-2.0
#include "watcher/file_lister.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

#include "watcher/path_cover.hpp"
#include "watcher/rule_files.hpp"
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

/// The path without empty and "." components; "" for the root itself. `what` names it in the message.
Result<std::string> normalize(std::string_view what, std::string_view path) {
  if (path.starts_with('/')) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{} {}: must be relative to the root", what, path));
  }
  std::string result;
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::string_view name = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    if (name == "..") {
      return fail(ErrorCode::kInvalidArgument, fmt::format("{} {}: '..' is not allowed", what, path));
    }
    if (!name.empty() && name != ".") {
      result = join_path(result, name);
    }
  }
  return result;
}

/// Sorted, distinct, none below another; {""} if there are none.
Result<std::vector<std::string>> prepare_subtrees(const std::vector<std::string>& subtrees, const OpenDirectory& root) {
  PathCover cover(PathCover::kUnlimited);
  for (const std::string& subtree : subtrees) {
    REPOMAP_ASSIGN(std::string path, normalize("subtree", subtree));
    const auto directory = root.open_below(path);
    if (!directory) {
      const bool is_denied = directory.error().code == ErrorCode::kPermissionDenied;
      return fail(is_denied ? ErrorCode::kPermissionDenied : ErrorCode::kNotFound,
                  fmt::format("subtree {}: no such directory in the tree ({})", subtree, directory.error().message));
    }
    cover.add(std::move(path));
  }
  if (subtrees.empty()) {
    cover.add("");
  }
  return cover.take();
}

/// What is at or below a path of both lists. Each is sorted, distinct, and none below another.
std::vector<std::string> intersection(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  std::vector<std::string> result;
  const auto add_covered = [&result](const std::vector<std::string>& paths, const std::vector<std::string>& others) {
    PathCover cover(PathCover::kUnlimited);
    for (const std::string& other : others) {
      cover.add(other);
    }
    std::ranges::copy_if(paths, std::back_inserter(result),
                         [&](const std::string& path) { return cover.covers(path); });
  };
  add_covered(left, right);
  add_covered(right, left);
  std::ranges::sort(result);
  result.erase(std::ranges::unique(result).begin(), result.end());
  return result;
}

/// Everything that list_files() needs before it walks.
class Preparation {
 public:
  Preparation(const FileSystem& file_system, IgnoreRules& rules, WalkStart& start)
      : file_system_(file_system), rules_(rules), start_(start) {}

  /// Fills what is left of the start. The notices and rule files found belong to the list.
  void run(FileList& list) {
    find_rules();
    list.notices = std::move(notices_);
    list.rule_files = std::move(rule_files_);
  }

 private:
  void find_rules() {
    const auto tree = find_git_tree(start_.root, GitSearch::kUpwards);
    add_rule_files(git_search_files(start_.root, tree && tree->has_value() ? &**tree : nullptr));
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

  void add_rule_files(std::vector<std::string> paths) { std::ranges::move(paths, std::back_inserter(rule_files_)); }

  /// False if the root is ignored there and nothing in it is tracked.
  bool prepare_git(const GitTree& tree) {
    add_rule_files(rule_files_of(tree));
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
    rule_files_.push_back(path);
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
  std::vector<std::string> notices_;
  std::vector<std::string> rule_files_;
};

/// All, or what of it `part` covers.
Result<FileList> list(const std::string& root, const ListOptions& options, const std::vector<std::string>* part) {
  WalkStart start;
  REPOMAP_ASSIGN(start.root, resolve(root));
  REPOMAP_ASSIGN(start.directory, open_root(start.root));
  REPOMAP_ASSIGN(start.targets, prepare_subtrees(options.subtrees, start.directory));
  if (part != nullptr) {
    start.targets = intersection(start.targets, *part);
    start.unmet_targets = UnmetTargets::kIgnore;
  }
  FileList result;
  if (start.targets.empty()) {
    return result;
  }
  const std::unique_ptr<FileSystem> file_system = make_posix_file_system();
  IgnoreRules rules;
  Preparation(*file_system, rules, start).run(result);
  TreeWalk(*file_system, rules, options).run(std::move(start), result);
  REPOMAP_TRY(ask(options.check));
  return result;
}

}  // namespace

Result<FileList> list_files(const std::string& root, const ListOptions& options) {
  return list(root, options, nullptr);
}

Result<FileList> list_paths(const std::string& root, std::span<const std::string> paths, const ListOptions& options) {
  PathCover cover(PathCover::kUnlimited);
  for (const std::string& path : paths) {
    REPOMAP_ASSIGN(std::string normal, normalize("path", path));
    cover.add(std::move(normal));
  }
  const PathCover asked = cover;
  const std::vector<std::string> part = cover.take();
  ListOptions narrowed = options;
  if (options.on_directory) {
    narrowed.on_directory = [&](const std::string& path, const OpenDirectory& directory) {
      if (asked.covers(path)) {
        options.on_directory(path, directory);
      }
    };
  }
  REPOMAP_ASSIGN(FileList result, list(root, narrowed, &part));
  // A directory on the way that cannot be read belongs to the list only if it was asked for.
  std::erase_if(result.skipped,
                [&](const SkippedFile& file) { return !asked.covers(file.path == "." ? "" : file.path); });
  return result;
}

}  // namespace repomap
