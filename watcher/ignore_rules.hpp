// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/base/file_system.hpp"
#include "watcher/git_tree.hpp"
#include "watcher/pattern_list.hpp"

namespace repomap {

inline constexpr std::string_view kGitIgnoreName = ".gitignore";
inline constexpr std::string_view kRepomapIgnoreName = ".repomapignore";

/// Nobody writes a larger ignore file; one that is larger is not used.
inline constexpr std::size_t kIgnoreFileLimitBytes = std::size_t{16} << 20;

/// What is left out of a tree without git unless its own `.gitignore` says otherwise: the directories of version
/// control systems, and those that package managers and interpreters fill and nobody writes in.
std::string_view default_ignore_patterns();

/// The one engine behind every decision to leave a path out.
///
/// Patterns form layers: each ignore file lies above the files of outer directories, and the innermost pattern that
/// matches decides (gitignore(5)). Two independent stacks of layers hold for a directory: git's (core.excludesFile,
/// info/exclude, `.gitignore`) and that of `.repomapignore`; a path is left out if either says so. Independent, because
/// a `!` meant for one must not bring back what the other excludes: `*`, `!*/`, `!*.cc` in `.repomapignore` must not
/// show a build directory.
///
/// Owns its layers; a Scope borrows them. Thread-compatible: reading is safe while nobody adds.
class IgnoreRules {
 public:
  class Layer;

  /// The layers in force inside one directory.
  struct Scope {
    const Layer* git = nullptr;
    const Layer* repomap = nullptr;
  };

  IgnoreRules();
  ~IgnoreRules();
  IgnoreRules(const IgnoreRules&) = delete;
  IgnoreRules& operator=(const IgnoreRules&) = delete;

  /// `above` with the patterns of one more file on top. Its patterns see the part of a path that starts at
  /// `base_bytes`: the length of its directory's path with the trailing slash, 0 for the top.
  const Layer* add(const Layer* above, std::string_view text, std::size_t base_bytes, CaseRule case_rule);

  /// Whether the patterns leave `path` out. The caller asks for the directories above it first: what is below an
  /// ignored directory is ignored, and only git's index can bring it back.
  static bool is_ignored(const Layer* innermost, std::string_view path, FileType type);

 private:
  std::vector<std::unique_ptr<const Layer>> layers_;
};

}  // namespace repomap
