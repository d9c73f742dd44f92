// SPDX-License-Identifier: Apache-2.0
#include "service/versions.hpp"

#include <fmt/format.h>
#include <git2.h>
#include <toml++/toml.h>

namespace repomap {

std::string_view program_version() { return REPOMAP_VERSION; }

std::vector<ComponentVersion> component_versions() {
  int major = 0;
  int minor = 0;
  int revision = 0;
  git_libgit2_version(&major, &minor, &revision);
  return {
      {"repomap", std::string(program_version())},
      {"tree-sitter", REPOMAP_TREE_SITTER_VERSION},
      {"libgit2", fmt::format("{}.{}.{}", major, minor, revision)},
      {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
      {"toml++", fmt::format("{}.{}.{}", TOML_LIB_MAJOR, TOML_LIB_MINOR, TOML_LIB_PATCH)},
      {"compiler", __VERSION__},
  };
}

}  // namespace repomap
