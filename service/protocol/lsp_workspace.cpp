// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_workspace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "core/base/file_system.hpp"
#include "core/base/log.hpp"
#include "service/repository_root.hpp"

namespace repomap {
namespace {

/// What follows `directory` in `path`: "" for itself; nothing for what is not in it.
std::optional<std::string> relative_to(std::string_view directory, std::string_view path) {
  if (directory == "/") {
    return std::string(path.substr(1));
  }
  if (path == directory) {
    return std::string();
  }
  if (!path.starts_with(directory) || path[directory.size()] != '/') {
    return std::nullopt;
  }
  return std::string(path.substr(directory.size() + 1));
}

Result<LspFolder> open_folder(const std::string& path) {
  REPOMAP_ASSIGN(const std::string real, find_repository_root(path, RootSearch::kExact));
  REPOMAP_ASSIGN(const std::string root, find_repository_root(real, RootSearch::kAround));
  return LspFolder{path, real, root, relative_to(root, real).value_or(""), SubmodulePolicy::kSkip};
}

/// The directory of a file without symbolic links; nothing if there is none.
std::optional<std::string> real_directory(const std::string& path) {
  std::error_code error;
  const auto directory = std::filesystem::canonical(std::filesystem::path(path).parent_path(), error);
  return error ? std::nullopt : std::optional(directory.string());
}

/// The path of a file by the way that has no links; the same path if there is no such directory.
std::string real_path(const std::string& path) {
  const auto directory = real_directory(path);
  return directory ? join_path(*directory, base_name(path)) : path;
}

/// Of the folders around a path the innermost; null for none. `name` is how they are named.
const LspFolder* innermost_folder(const std::vector<LspFolder>& folders, std::string LspFolder::* name,
                                  const std::string& path) {
  const LspFolder* innermost = nullptr;
  for (const LspFolder& folder : folders) {
    const bool is_around = !relative_to(folder.*name, path).value_or("").empty();
    if (is_around && (innermost == nullptr || (folder.*name).size() > (innermost->*name).size())) {
      innermost = &folder;
    }
  }
  return innermost;
}

/// By the repository around the file itself.
std::optional<LspFile> locate_alone(const std::string& path) {
  const auto directory = real_directory(path);
  if (!directory) {
    return std::nullopt;
  }
  const auto root = find_repository_root(*directory, RootSearch::kAround);
  if (!root) {
    return std::nullopt;
  }
  const std::string real = join_path(*directory, base_name(path));
  return LspFile{*root, relative_to(*root, real).value_or(std::string(base_name(path)))};
}

/// The same file by the way that has no links: listing a repository does not follow any.
LspFile without_links(const LspFile& file) {
  const auto path = relative_to(file.root, real_path(join_path(file.root, file.path)));
  return path ? LspFile{file.root, *path} : file;
}

bool is_work_tree(const std::string& root) {
  std::error_code error;
  return std::filesystem::exists(join_path(root, ".git"), error);
}

/// The same file; where it lies in a submodule, which the repository's own files do not include, as one of that.
LspFile in_submodule(const LspFile& file) {
  const auto alone = locate_alone(join_path(file.root, file.path));
  return alone && relative_to(file.root, alone->root) ? *alone : file;
}

}  // namespace

void LspWorkspace::add(const std::string& path) {
  if (std::ranges::find(folders_, path, &LspFolder::path) != folders_.end()) {
    return;
  }
  if (auto folder = open_folder(path)) {
    folder->submodules = submodule_policy(folder->root);
    folders_.push_back(std::move(*folder));
  } else {
    log_warning(fmt::format("folder left out: {}", folder.error().message));
  }
}

void LspWorkspace::remove(const std::string& path) {
  std::erase_if(folders_, [&](const LspFolder& folder) { return folder.path == path; });
}

Result<Settings> LspWorkspace::settings(const std::string& root) const {
  REPOMAP_ASSIGN(LoadedSettings loaded, load_settings(root, flags_));
  return std::move(loaded.settings);
}

/// Of settings that cannot be read whoever answers will say so.
SubmodulePolicy LspWorkspace::submodule_policy(const std::string& root) const {
  const auto found = settings(root);
  return found ? found->submodules : SubmodulePolicy::kSkip;
}

FileSelection LspWorkspace::repository(const std::string& root) const {
  FileSelection selection;
  selection.root = root;
  const auto folder = std::ranges::find(folders_, root, &LspFolder::root);
  selection.submodules = folder == folders_.end() ? submodule_policy(root) : folder->submodules;
  return selection;
}

std::vector<FileSelection> LspWorkspace::folder_selections() const {
  std::vector<FileSelection> selections;
  for (const LspFolder& folder : folders_) {
    const auto of_all = [&](const LspFolder& other) { return other.root == folder.root && other.subtree.empty(); };
    if (!folder.subtree.empty() && std::ranges::any_of(folders_, of_all)) {
      continue;
    }
    auto known = std::ranges::find(selections, folder.root, &FileSelection::root);
    if (known == selections.end()) {
      selections.push_back(repository(folder.root));
      known = std::prev(selections.end());
    }
    if (!folder.subtree.empty()) {
      known->subtrees.push_back(folder.subtree);
    }
  }
  return selections;
}

std::optional<LspFile> LspWorkspace::locate(const std::string& path) const {
  const LspFolder* named = innermost_folder(folders_, &LspFolder::path, path);
  const std::string real = named == nullptr ? real_path(path) : std::string();
  const LspFolder* folder = named == nullptr ? innermost_folder(folders_, &LspFolder::real, real) : named;
  if (folder == nullptr) {
    return locate_alone(path);
  }
  const auto relative = named == nullptr ? relative_to(folder->real, real) : relative_to(folder->path, path);
  const LspFile file = without_links({folder->root, join_path(folder->subtree, *relative)});
  return folder->submodules == SubmodulePolicy::kSkip && is_work_tree(file.root) ? in_submodule(file) : file;
}

std::string LspWorkspace::client_path(const std::string& root, const std::string& path) const {
  const std::string real = join_path(root, path);
  const LspFolder* folder = innermost_folder(folders_, &LspFolder::real, real);
  return folder == nullptr ? real : join_path(folder->path, *relative_to(folder->real, real));
}

}  // namespace repomap
