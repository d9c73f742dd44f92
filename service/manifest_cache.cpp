// SPDX-License-Identifier: Apache-2.0
#include "service/manifest_cache.hpp"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <utility>

namespace repomap {
namespace {

CacheKey key_of(const std::string& root, SubmodulePolicy submodules) {
  return CacheKey::from_text("manifest").add_bytes(root).add_integer(static_cast<std::int64_t>(submodules));
}

}  // namespace

std::optional<RepoManifest> ManifestCache::get(const std::string& root, SubmodulePolicy submodules) {
  const std::array keys = {key_of(root, submodules)};
  auto manifests = entries_.get<RepoManifest>(
      keys, [](std::size_t /*index*/, std::string_view bytes) { return decode_repo_manifest(bytes); });
  return std::move(manifests.front());
}

void ManifestCache::set(const std::string& root, SubmodulePolicy submodules, const RepoManifest& manifest) {
  CacheItem item;
  item.key = key_of(root, submodules);
  item.entry.value = std::make_shared<const std::string>(encode(manifest));
  item.entry.tags = {CacheTag{fmt::format("root:{}", root)}};
  entries_.put({&item, 1});
}

std::size_t ManifestCache::forget(const std::string& root, const std::string& path) {
  std::size_t forgotten = 0;
  for (const SubmodulePolicy submodules : {SubmodulePolicy::kSkip, SubmodulePolicy::kEnter}) {
    auto manifest = get(root, submodules);
    const std::size_t rows =
        manifest ? std::erase_if(manifest->files, [&path](const ManifestFile& file) { return file.path == path; }) : 0;
    if (rows > 0) {
      set(root, submodules, *manifest);
    }
    forgotten += rows;
  }
  return forgotten;
}

}  // namespace repomap
