// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/model/map_request.hpp"
#include "service/indexer.hpp"

namespace repomap {

/// What a user can set. The defaults are those of the fields.
struct Settings {
  std::size_t jobs = 0;  ///< worker threads; 0: one for each processor
  FileLimits limits;
  std::size_t tokens = 1024;
  Tokenizer tokenizer = Tokenizer::kO200kBase;
  RankMode rank = RankMode::kAnchored;
  SubmodulePolicy submodules = SubmodulePolicy::kSkip;
};

/// One setting as `repomap doctor` shows it.
struct SettingValue {
  std::string key;          ///< in repomap.toml: "max_file_size"
  std::string environment;  ///< "REPO_MAP_MAX_FILE_SIZE"
  std::string value;
  std::string origin;  ///< "default", a file's path, the variable's name, or "command line"
  std::string help;
};

struct LoadedSettings {
  Settings settings;
  std::vector<SettingValue> values;   ///< all settings, by key
  std::vector<std::string> warnings;  ///< a key in a file that is no setting
};

/// The settings in force for the repository at `root`: `flags` (key -> value) over the environment over
/// <root>/repomap.toml over $XDG_CONFIG_HOME/repomap/repomap.toml (else ~/.config/…) over the defaults.
/// Reads the environment, so call it before threads start.
/// Errors: kInvalidArgument for a value that cannot be used, or a file that is not TOML, naming its origin and what is
/// allowed. A file that does not exist is no error.
Result<LoadedSettings> load_settings(const std::string& root, const std::map<std::string, std::string>& flags);

}  // namespace repomap
