// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/cache_profile.hpp"
#include "core/model/map_request.hpp"
#include "service/daemon_settings.hpp"
#include "service/file_limits.hpp"
#include "service/refresh_mode.hpp"
#include "watcher/file_lister.hpp"

namespace repomap {

/// What a user can set. The defaults are those of the fields.
struct Settings {
  std::size_t jobs = 0;  ///< worker threads; 0: one for each processor
  FileLimits limits;
  std::size_t tokens = 1024;
  Tokenizer tokenizer = Tokenizer::kO200kBase;
  RankMode rank = RankMode::kAnchored;
  SubmodulePolicy submodules = SubmodulePolicy::kSkip;
  RefreshMode refresh = RefreshMode::kAuto;
  CacheProfile cache;
  DaemonSettings daemon;
};

/// One setting as `repomap doctor` shows it.
struct SettingValue {
  std::string key;          ///< in repomap.toml: "max_file_size"; "cache.tags.ttl" for ttl in [cache.tags]
  std::string environment;  ///< "REPO_MAP_MAX_FILE_SIZE"
  std::string value;
  std::string origin;  ///< "default", a file's path, the variable's name, or "command line"
  std::string help;
};

struct LoadedSettings {
  Settings settings;
  std::vector<SettingValue> values;  ///< by key; of single kinds of cache only what somebody has set
  std::vector<std::string>
      warnings;  ///< what was not followed: unknown keys, and those that it is not for a repository to set
};

/// The settings in force for the repository at `root`: `flags` (key -> value) over the environment over
/// <root>/repomap.toml over $XDG_CONFIG_HOME/repomap/repomap.toml (else ~/.config/…) over the defaults.
/// Of [cache], which all repositories of a user share, <root>/repomap.toml decides only refresh_mode, and nothing of
/// the daemon: the rest there is ignored with a warning. The cache lies in cache.dir, else in $XDG_CACHE_HOME/repomap,
/// else in ~/.cache/repomap, but never inside `root` ("": no repository). Reads the environment, so call it before
/// threads start. Errors: kInvalidArgument for a value that cannot be used, or a file that is not TOML, naming its
/// origin and what is allowed; for a cache.dir inside the repository. A file that does not exist is no error.
Result<LoadedSettings> load_settings(const std::string& root, const std::map<std::string, std::string>& flags);

}  // namespace repomap
