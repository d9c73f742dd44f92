// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/cache/graph_cache.hpp"
#include "core/cache/memory_backend.hpp"
#include "core/cache/scan_cache.hpp"
#include "core/cache/tag_cache.hpp"
#include "service/manifest_cache.hpp"
#include "service/repo_scan.hpp"
#include "service/symbols_base.hpp"

namespace repomap {

/// The typed caches of an index, each over memory of its own.
struct MemoryCaches {
  MemoryBackend manifest_memory{{}, system_clock()};
  MemoryBackend scan_memory{{}, system_clock()};
  MemoryBackend tag_memory{{}, system_clock()};
  MemoryBackend graph_memory{{}, system_clock()};
  ManifestCache manifests{manifest_memory};
  ScanCache scans{scan_memory};
  TagCache tags{tag_memory};
  GraphCache graphs{graph_memory};
  SymbolsBaseCache bases{graph_memory};

  RepoScanner::Caches for_scanner() {
    return {manifests, [this]() -> ScanCache& { return scans; }, [this]() -> TagCache& { return tags; }, nullptr};
  }
};

}  // namespace repomap
