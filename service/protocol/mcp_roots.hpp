// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/base/result.hpp"

namespace repomap {

/// Where a server's repository may be, in the order in which it is looked for; "" for what is not known.
struct McpRootSettings {
  std::string root = {};               ///< --root: this directory itself
  std::string project_directory = {};  ///< CLAUDE_PROJECT_DIR: this directory itself
  std::string working_directory = {};  ///< the repository around it
  std::string home = {};  ///< which is, as "/", no project only because a client has started the server there
};

struct McpRoot {
  std::string id;  ///< the same for a path in every process: "linux-1a2b3c4d5e6f"
  std::string path;
};

/// Which repository a request is about, and the names that roots have in URIs. Looks at the disk only when it is asked.
/// Thread-safe.
class McpRoots {
 public:
  explicit McpRoots(McpRootSettings settings) : settings_(std::move(settings)) {}

  /// The absolute path of the directory that the argument `project_root` names ("": the default), which is known from
  /// then on. Relative ones lie in the default's. Errors: kNotFound, kPermissionDenied, kInvalidArgument, kIo.
  Result<McpRoot> find(const std::string& project_root) EXCLUDES(mutex_);

  /// The root of that id: of those that were found before, or of the default.
  std::optional<McpRoot> find_id(const std::string& id) EXCLUDES(mutex_);

  /// The default, if there is one, and then the others, by path.
  std::vector<McpRoot> known() EXCLUDES(mutex_);

 private:
  static constexpr std::size_t kKnownRoots = 1000;

  Result<std::string> default_path() const;

  const McpRootSettings settings_;
  Mutex mutex_;
  std::map<std::string, std::string> ids_ GUARDED_BY(mutex_);  // of paths
};

/// What a path that a client has given leads to.
enum class RepoPathKind : std::uint8_t { kFile, kDirectory, kMissing };

struct RepoPath {
  std::string path;  ///< relative to the root, without links, with '/'; "" for the root itself
  RepoPathKind kind = RepoPathKind::kMissing;
};

/// `given` may be relative to the root, or absolute and below it. Errors: kInvalidArgument for "" and for what lies
/// outside of the root; those of the operating system.
Result<RepoPath> find_repo_path(const std::string& root, const std::string& given);

}  // namespace repomap
