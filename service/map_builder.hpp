// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/result.hpp"
#include "service/map_answer.hpp"
#include "service/repo_state.hpp"

namespace repomap {

class FileSystem;
class LanguageRegistry;

/// Makes maps of a repository's state: ranks, renders, explains. Borrows everything; used by one thread.
class MapBuilder {
 public:
  MapBuilder(const FileSystem& file_system, const LanguageRegistry& registry, FileLimits limits, std::string data);

  /// Errors: those of open_token_counter(). Chat and mentioned files that are not in the repository are passed over,
  /// and named in the answer's notices. Where RankMode::kAider gives an empty map, the request is tried again without
  /// chat files, then without mentions too, as aider does.
  Result<MapAnswer> build(const RepoState& state, const MapRequest& request, ExplainPolicy explain) const;

 private:
  const FileSystem& file_system_;
  const LanguageRegistry& registry_;
  const FileLimits limits_;
  const std::string data_;
};

}  // namespace repomap
