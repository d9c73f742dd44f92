// SPDX-License-Identifier: Apache-2.0
#include "cli/path_argument.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

#include "cli/suggestion.hpp"
#include "service/protocol/closest_word.hpp"
#include "service/repo_scan.hpp"

namespace repomap::cli {
namespace {

namespace fs = std::filesystem;

/// The path without links, or nothing if there is no such file. Errors: those of the operating system.
Result<std::optional<fs::path>> resolve(const fs::path& path) {
  std::error_code error;
  fs::path resolved = fs::weakly_canonical(path, error);
  if (!error && fs::symlink_status(resolved, error).type() != fs::file_type::not_found && !error) {
    return resolved;
  }
  if (!error || error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) {
    return std::optional<fs::path>();
  }
  return std::unexpected(errno_error(error.value(), path.string()));
}

std::optional<std::string> below(const fs::path& root, const fs::path& path) {
  const fs::path relative = path.lexically_relative(root);
  if (relative.empty() || *relative.begin() == "..") {
    return std::nullopt;
  }
  return relative == "." ? std::string() : relative.string();
}

/// The listed files with the name of `path`, or else with the most similar one. Only where git keeps the list: a walk
/// may take long.
std::string listed_hint(const std::string& root, const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(fs::path(root) / ".git", ignored)) {
    return "";
  }
  const auto list = list_selection({root, {}, SubmodulePolicy::kSkip});
  if (!list) {
    return "";
  }
  std::vector<std::string> names;
  for (const ListedFile& file : list->files) {
    names.push_back(fs::path(file.path).filename().string());
  }
  const auto found = std::ranges::find(names, closest_word(path.filename().string(), names));
  return found == names.end() ? "" : suggest(list->files[static_cast<std::size_t>(found - names.begin())].path);
}

}  // namespace

std::string neighbour_hint(const std::string& path) {
  const fs::path given = fs::path(path).has_filename() ? fs::path(path) : fs::path(path).parent_path();
  const fs::path directory = given.has_parent_path() ? given.parent_path() : fs::path(".");
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  std::ranges::sort(names);
  const std::string name = closest_word(given.filename().string(), names);
  return name.empty() ? "" : suggest((given.parent_path() / name).string());
}

Result<std::string> resolve_path_argument(const std::string& root, const std::string& argument) {
  REPOMAP_ASSIGN(const auto resolved_root, resolve(root));
  const fs::path base = resolved_root.value_or(root);
  bool exists = false;
  for (const fs::path& candidate : {fs::path(argument), base / argument}) {
    REPOMAP_ASSIGN(const auto path, resolve(candidate));
    exists = exists || path.has_value();
    if (const auto relative = path ? below(base, *path) : std::nullopt) {
      return *relative;
    }
  }
  if (exists) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}: not below the root {}; --root chooses another one", argument, root));
  }
  std::string hint = neighbour_hint(argument);
  hint = hint.empty() ? neighbour_hint((base / argument).string()) : hint;
  hint = hint.empty() ? listed_hint(root, argument) : hint;
  return fail(ErrorCode::kNotFound,
              fmt::format("{}: no such file or directory, neither here nor below {}{}", argument, root, hint));
}

}  // namespace repomap::cli
