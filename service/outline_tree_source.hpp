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

#include "parsers/tag_extractor.hpp"
#include "ranking/tree_source.hpp"
#include "service/repo_state.hpp"

namespace repomap {

/// Shows files as a RepoState knows them: definitions and scopes from its outlines, text from the disk. A file that has
/// changed since is extracted anew, so that lines and text always belong together.
/// Borrows the state, the file system and the registry. Used by one thread.
class OutlineTreeSource final : public TreeSource {
 public:
  OutlineTreeSource(const RepoState& state, const FileSystem& file_system, const LanguageRegistry& registry,
                    FileLimits limits);

  std::vector<MapSymbol> definitions(std::uint32_t file, StringPool::Id identifier) override;
  std::optional<std::string> tree(std::uint32_t file, std::span<const std::uint32_t> lines) override;

 private:
  struct LoadedFile {
    std::string text;
    FileTags renewed;                                                          // of a file that has changed
    const FileTags* tags = nullptr;                                            // `renewed`, or the state's outline
    std::unordered_map<std::string_view, std::vector<std::uint32_t>> by_name;  // indices in tags->tags
  };

  /// Nothing if the file cannot be read or has no tags.
  const LoadedFile* load(std::uint32_t file);
  bool read(std::uint32_t file, LoadedFile& loaded);

  const RepoState& state_;
  const FileSystem& file_system_;
  const LanguageRegistry& registry_;
  const FileLimits limits_;
  std::optional<TagExtractor> extractor_;                      // made when a file has changed
  std::map<std::uint32_t, std::optional<LoadedFile>> loaded_;  // what has been asked for
};

}  // namespace repomap
