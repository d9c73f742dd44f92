// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/tag_cache.hpp"
#include "core/model/stored_map.hpp"
#include "service/map_answer.hpp"
#include "service/repo_state.hpp"

namespace repomap {

class FileSystem;
class LanguageRegistry;

/// Rises with every change of ranking, rendering or counting that can change a map.
inline constexpr std::uint32_t kMapVersion = 2;

/// Makes maps of a repository's state: ranks, renders, explains. Borrows everything; used by one thread.
class MapBuilder {
 public:
  MapBuilder(const FileSystem& file_system, const LanguageRegistry& registry, FileLimits limits, TagCache& tags,
             std::string data);

  /// Errors: those of open_token_counter(). Chat and mentioned files that are not in the repository are passed over,
  /// and named in the notices.
  /// Where RankMode::kAider gives an empty map, the request is tried again without chat files, then without mentions
  /// too, as aider does.
  Result<StoredMap> build(const RepoState& state, const MapRequest& request, ExplainPolicy explain) const;

 private:
  const FileSystem& file_system_;
  const LanguageRegistry& registry_;
  const FileLimits limits_;
  TagCache& tags_;
  const std::string data_;
};

}  // namespace repomap
