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
  const LspFolder* innermost = nullptr;
  for (const LspFolder& folder : folders_) {
    if (relative_to(folder.path, path).value_or("").empty()) {
      continue;
    }
    if (innermost == nullptr || folder.path.size() > innermost->path.size()) {
      innermost = &folder;
    }
  }
  if (innermost == nullptr) {
    return locate_alone(path);
  }
  LspFile file{innermost->root, join_path(innermost->subtree, *relative_to(innermost->path, path))};
  return innermost->submodules == SubmodulePolicy::kSkip && is_work_tree(file.root) ? in_submodule(file) : file;
}

std::string LspWorkspace::client_path(const std::string& root, const std::string& path) const {
  const std::string real = join_path(root, path);
  const LspFolder* innermost = nullptr;
  for (const LspFolder& folder : folders_) {
    if (relative_to(folder.real, real) && (innermost == nullptr || folder.real.size() > innermost->real.size())) {
      innermost = &folder;
    }
  }
  return innermost == nullptr ? real : join_path(innermost->path, *relative_to(innermost->real, real));
}

}  // namespace repomap
