// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/cache/encoded_entries.hpp"
#include "service/repo_manifest.hpp"
#include "watcher/file_lister.hpp"

namespace repomap {

/// The latest manifest of each repository: the typed view of CacheKind::kRepoScan. Borrows the backend. Thread-safe.
/// Never fails: see EncodedEntries.
class ManifestCache {
 public:
  explicit ManifestCache(CacheBackend& backend) : entries_(backend) {}

  /// `root` is absolute and resolved: each work tree has a manifest of its own.
  std::optional<RepoManifest> get(const std::string& root, SubmodulePolicy submodules);
  void set(const std::string& root, SubmodulePolicy submodules, const RepoManifest& manifest);

  /// Removes the file's rows, so that the next scan reads it; gives how many there were.
  std::size_t forget(const std::string& root, const std::string& path);

 private:
  EncodedEntries entries_;
};

}  // namespace repomap
