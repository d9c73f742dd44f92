// SPDX-License-Identifier: Apache-2.0
#include "service/resource_paths.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "core/base/file_system.hpp"

namespace repomap {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

std::string program_directory() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string() : program.parent_path().string();
}

std::string user_language_directory() {
  if (const std::string directory = environment("REPO_MAP_LANGUAGES_DIR"); !directory.empty()) {
    return directory;
  }
  if (const std::string data = environment("XDG_DATA_HOME"); !data.empty()) {
    return join_path(data, "repomap/languages");
  }
  const std::string home = environment("HOME");
  return home.empty() ? std::string() : join_path(home, ".local/share/repomap/languages");
}

}  // namespace

ResourcePaths find_resources() {
  ResourcePaths paths;
  paths.user_languages = user_language_directory();
  if (const std::string base = environment("REPO_MAP_RESOURCE_DIR"); !base.empty()) {
    paths.languages = {join_path(base, "grammars"), join_path(base, "queries")};
    paths.data = join_path(base, "data");
    return paths;
  }
  const std::string program = program_directory();
  const std::string build = join_path(program, "..");
  if (exists(join_path(build, "CMakeCache.txt"))) {
    paths.languages = {join_path(build, "grammars"), REPOMAP_SOURCE_QUERIES};
    paths.data = join_path(build, "data");
    return paths;
  }
  std::string prefix = join_path(program, "..");
  if (!exists(join_path(prefix, REPOMAP_INSTALL_DATADIR "/repomap/queries"))) {
    prefix = REPOMAP_INSTALL_PREFIX;
  }
  paths.languages = {join_path(prefix, REPOMAP_INSTALL_LIBDIR "/repomap/grammars"),
                     join_path(prefix, REPOMAP_INSTALL_DATADIR "/repomap/queries")};
  paths.data = join_path(prefix, REPOMAP_INSTALL_DATADIR "/repomap/data");
  return paths;
}

}  // namespace repomap
