// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/cache/tag_cache.hpp"
#include "core/model/stored_map.hpp"
#include "parsers/tag_extractor.hpp"
#include "ranking/tree_source.hpp"
#include "service/repo_state.hpp"

namespace repomap {

/// Shows files as they are now: the text from the disk, definitions and scopes from the cache where the text is the one
/// that was scanned. Another text is extracted anew, so that lines and text always belong together.
/// Borrows everything. Used by one thread.
class OutlineTreeSource final : public TreeSource {
 public:
  OutlineTreeSource(const RepoState& state, const FileSystem& file_system, const LanguageRegistry& registry,
                    FileLimits limits, TagCache& tags);

  std::vector<MapSymbol> definitions(std::uint32_t file, StringPool::Id identifier) override;
  std::optional<std::string> tree(std::uint32_t file, std::span<const std::uint32_t> lines) override;

  /// The files that were asked for, by path.
  std::vector<ReadFile> read_files() const;

 private:
  struct LoadedFile {
    std::string text;
    FileTags tags;
    std::unordered_map<std::string_view, std::vector<std::uint32_t>> by_name;  // indices in tags.tags
  };

  /// Nothing if the file cannot be read or has no tags.
  const LoadedFile* load(std::uint32_t file);
  bool read(std::uint32_t file, LoadedFile& loaded);
  std::optional<FileTags> extract(const std::string& path, const std::string& text);

  const RepoState& state_;
  const FileSystem& file_system_;
  const LanguageRegistry& registry_;
  const FileLimits limits_;
  TagCache& tags_;
  std::optional<TagExtractor> extractor_;                      // made when tags are not to be had otherwise
  std::map<std::uint32_t, std::optional<LoadedFile>> loaded_;  // what has been asked for
};

}  // namespace repomap
