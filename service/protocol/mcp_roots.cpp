// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_roots.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "core/base/digest.hpp"
#include "service/repository_root.hpp"

namespace repomap {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameBytes = 32;
constexpr std::size_t kDigestDigits = 12;

/// Letters that every parser of URIs leaves as they are.
std::string id_of(const std::string& path) {
  std::string name;
  for (const char c : fs::path(path).filename().string()) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool is_plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (name.size() < kNameBytes && (is_plain || (!name.empty() && name.back() != '-'))) {
      name += is_plain ? lower : '-';
    }
  }
  name += name.empty() || name.back() == '-' ? "" : "-";
  return name + to_hex(digest_of(path)).substr(0, kDigestDigits);
}

/// The path relative to the base, or nothing if it lies outside.
std::optional<std::string> below(const fs::path& base, const fs::path& path) {
  const fs::path relative = path.lexically_relative(base);
  if (relative.empty() || *relative.begin() == "..") {
    return std::nullopt;
  }
  std::string text = relative == "." ? "" : relative.generic_string();
  if (text.ends_with('/')) {
    text.pop_back();
  }
  return text;
}

Result<RepoPathKind> kind_of(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  switch (status.type()) {
    case fs::file_type::not_found: return RepoPathKind::kMissing;
    case fs::file_type::directory: return RepoPathKind::kDirectory;
    case fs::file_type::none: return std::unexpected(errno_error(error.value(), path.string()));
    default: return RepoPathKind::kFile;
  }
}

}  // namespace

Result<std::string> McpRoots::default_path() const {
  for (const std::string& given : {settings_.root, settings_.project_directory}) {
    if (!given.empty()) {
      return find_repository_root(given, RootSearch::kExact);
    }
  }
  REPOMAP_ASSIGN(std::string path, find_repository_root(settings_.working_directory, RootSearch::kAround));
  std::error_code ignored;
  const bool is_home = !settings_.home.empty() && fs::equivalent(path, settings_.home, ignored);
  if ((path == "/" || is_home) && !fs::exists(fs::path(path) / ".git", ignored)) {
    return fail(ErrorCode::kNotFound,
                fmt::format("which project? The server was started in {}, which is none: pass \"project_root\", the "
                            "absolute path of the project's directory",
                            path));
  }
  return path;
}

Result<McpRoot> McpRoots::find(const std::string& project_root) {
  McpRoot root;
  if (project_root.empty()) {
    REPOMAP_ASSIGN(root.path, default_path());
  } else {
    std::string base = settings_.working_directory;
    if (!fs::path(project_root).is_absolute()) {
      REPOMAP_ASSIGN(base, default_path());
    }
    auto found = find_repository_root((fs::path(base) / project_root).string(), RootSearch::kExact);
    if (!found) {
      return fail(found.error().code, fmt::format("\"project_root\": {}; expected the absolute path of a directory",
                                                  found.error().message));
    }
    root.path = std::move(*found);
  }
  root.id = id_of(root.path);
  MutexLock lock(mutex_);
  if (ids_.size() < kKnownRoots) {
    ids_.emplace(root.path, root.id);
  }
  return root;
}

std::vector<McpRoot> McpRoots::known() {
  std::vector<McpRoot> roots;
  const auto standard = find("");
  if (standard) {
    roots.push_back(*standard);
  }
  MutexLock lock(mutex_);
  for (const auto& [path, id] : ids_) {
    if (!standard || path != standard->path) {
      roots.push_back({id, path});
    }
  }
  return roots;
}

std::optional<McpRoot> McpRoots::find_id(const std::string& id) {
  for (McpRoot& root : known()) {
    if (root.id == id) {
      return std::move(root);
    }
  }
  return std::nullopt;
}

Result<RepoPath> find_repo_path(const std::string& root, const std::string& given) {
  if (given.empty()) {
    return fail(ErrorCode::kInvalidArgument, "a path is empty; give it relative to the root, like src/main.c");
  }
  RepoPath found;
  const fs::path whole = (fs::path(root) / given).lexically_normal();
  REPOMAP_ASSIGN(found.kind, kind_of(whole));
  std::error_code error;
  const fs::path resolved = fs::weakly_canonical(whole, error);
  const auto relative = below(root, error ? whole : resolved);
  if (!relative) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}: outside of {}; give a path below it, or another \"project_root\"", given, root));
  }
  found.path = *relative;
  return found;
}

}  // namespace repomap
