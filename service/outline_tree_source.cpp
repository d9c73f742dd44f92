// SPDX-License-Identifier: Apache-2.0
#include "service/outline_tree_source.hpp"

#include <utility>

#include "parsers/tree_renderer.hpp"
#include "service/file_admission.hpp"
#include "service/file_signatures.hpp"

namespace repomap {

OutlineTreeSource::OutlineTreeSource(const RepoState& state, const FileSystem& file_system,
                                     const LanguageRegistry& registry, FileLimits limits, TagCache& tags)
    : state_(state), file_system_(file_system), registry_(registry), limits_(limits), tags_(tags) {}

bool OutlineTreeSource::read(std::uint32_t file, LoadedFile& loaded) {
  const std::string& path = state_.scan.paths[file];
  auto text = file_system_.read_file(join_path(state_.scan.root, path), limits_.size_bytes);
  if (!text) {
    return false;
  }
  loaded.text = std::move(*text);
  const FileVersion& version = state_.scan.versions[file];
  const auto fingerprint = state_.scan.fingerprints.find(version.language);
  if (fingerprint != state_.scan.fingerprints.end() && version.content == digest_of(loaded.text)) {
    if (auto known = tags_.get(tags_signature(version.content, fingerprint->second), TagsDetail::kOutline)) {
      loaded.tags = std::move(known->tags);
      return true;
    }
  }
  auto tags = extract(path, loaded.text);
  if (tags) {
    loaded.tags = std::move(*tags);
  }
  return tags.has_value();
}

std::optional<FileTags> OutlineTreeSource::extract(const std::string& path, const std::string& text) {
  const auto language = registry_.load(registry_.detector().detect(path, text));
  if (!language || refuse_content(path, text)) {
    return std::nullopt;
  }
  if (!extractor_) {
    extractor_.emplace(registry_, limits_.time);
  }
  auto tags = extractor_->extract(**language, text);
  return tags ? std::optional(std::move(*tags)) : std::nullopt;
}

std::vector<ReadFile> OutlineTreeSource::read_files() const {
  std::vector<ReadFile> files;
  files.reserve(loaded_.size());
  for (const auto& [file, loaded] : loaded_) {
    files.push_back({state_.scan.paths[file], loaded ? loaded->tags.content : Digest{}});
  }
  return files;
}

const OutlineTreeSource::LoadedFile* OutlineTreeSource::load(std::uint32_t file) {
  const auto [entry, is_new] = loaded_.try_emplace(file);
  std::optional<LoadedFile>& slot = entry->second;
  if (!is_new) {
    return slot ? &*slot : nullptr;
  }
  LoadedFile& loaded = slot.emplace();
  if (!read(file, loaded)) {
    slot.reset();
    return nullptr;
  }
  for (std::uint32_t i = 0; i < loaded.tags.tags.size(); ++i) {
    const Tag& tag = loaded.tags.tags[i];
    if (tag.role == Role::kDefinition && is_map_kind(tag.kind)) {
      loaded.by_name[loaded.tags.name(tag)].push_back(i);
    }
  }
  return &loaded;
}

std::vector<MapSymbol> OutlineTreeSource::definitions(std::uint32_t file, StringPool::Id identifier) {
  std::vector<MapSymbol> symbols;
  const LoadedFile* loaded = load(file);
  if (loaded == nullptr) {
    return symbols;
  }
  const auto found = loaded->by_name.find(state_.symbols->symbols().identifiers.at(identifier));
  if (found == loaded->by_name.end()) {
    return symbols;
  }
  for (const std::uint32_t index : found->second) {
    const Tag& tag = loaded->tags.tags[index];
    symbols.push_back({std::string(loaded->tags.name(tag)), tag.kind, tag.line, 0});
  }
  return symbols;
}

std::optional<std::string> OutlineTreeSource::tree(std::uint32_t file, std::span<const std::uint32_t> lines) {
  const LoadedFile* loaded = load(file);
  if (loaded == nullptr) {
    return std::nullopt;
  }
  return render_tree(loaded->text, loaded->tags.scopes, lines);
}

}  // namespace repomap
