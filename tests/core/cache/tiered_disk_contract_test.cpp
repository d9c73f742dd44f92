// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/cache/disk_backend.hpp"
#include "core/cache/memory_backend.hpp"
#include "core/cache/tiered_cache.hpp"
#include "tests/support/backend_contract.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

BackendMaker memory_and_disk(const std::string& name, std::uint64_t near_items, WriteMode mode) {
  return {name, [=](const FakeClock& clock) {
            auto tree = std::make_shared<TemporaryTree>();
            DiskStoreConfig config;
            config.directory = tree->outside();
            config.settings = CacheSettings{};
            config.clock = &clock;
            std::vector<std::unique_ptr<CacheBackend>> tiers;
            tiers.push_back(std::make_unique<MemoryBackend>(MemoryBackendSettings{.limit_items = near_items}, clock));
            tiers.push_back(DiskBackend::open(config).value());
            TieredCacheSettings settings{.write_mode = mode, .retry = {}};
            settings.flush_interval = std::chrono::milliseconds(1);
            return BackendUnderTest{std::move(tree), std::make_unique<TieredCache>(std::move(tiers), settings, clock)};
          }};
}

// With a near tier of three entries most look-ups reach the disk, and promote.
INSTANTIATE_TEST_SUITE_P(MemoryAndDisk, BackendContract,
                         testing::Values(memory_and_disk("Through", 0, WriteMode::kThrough),
                                         memory_and_disk("ThroughTinyNear", 3, WriteMode::kThrough),
                                         memory_and_disk("Behind", 0, WriteMode::kBehind),
                                         memory_and_disk("BehindTinyNear", 3, WriteMode::kBehind)),
                         backend_maker_name);

}  // namespace
}  // namespace repomap
