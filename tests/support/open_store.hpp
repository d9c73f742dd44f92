// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "core/base/clock.hpp"
#include "core/cache/disk_store.hpp"

namespace repomap {

/// A store that neither evicts nor expires, with value files from 1 KiB on. A failure ends the test program.
inline std::unique_ptr<DiskStore> open_durable_store(std::string directory, const Clock& clock = system_clock()) {
  DiskStoreConfig config;
  config.directory = std::move(directory);
  config.settings = CacheSettings{};
  config.settings->eviction = EvictionPolicy::kNone;
  config.settings->min_file_bytes = 1024;
  config.settings->timeout = std::chrono::seconds(60);
  config.clock = &clock;
  return DiskStore::open(std::move(config)).value();
}

}  // namespace repomap
