// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/cache/memory_backend.hpp"
#include "core/cache/tiered_cache.hpp"
#include "tests/support/backend_contract.hpp"
#include "tests/support/fake_remote_backend.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kLimitBytes = std::uint64_t{4} << 20U;
constexpr std::uint64_t kTinyItems = 3;

using Tiers = std::vector<std::unique_ptr<CacheBackend>>;

std::unique_ptr<CacheBackend> memory(const FakeClock& clock, std::uint64_t items = 0) {
  return std::make_unique<MemoryBackend>(MemoryBackendSettings{kLimitBytes, items, 4}, clock);
}

BackendUnderTest tiered(Tiers tiers, WriteMode mode, const FakeClock& clock) {
  const TieredCacheSettings settings{.write_mode = mode, .retry = {}, .flush_interval = std::chrono::milliseconds(1)};
  return {{}, std::make_unique<TieredCache>(std::move(tiers), settings, clock)};
}

BackendUnderTest two_tiers(const FakeClock& clock, std::uint64_t near_items, WriteMode mode) {
  Tiers tiers;
  tiers.push_back(memory(clock, near_items));
  tiers.push_back(memory(clock));
  return tiered(std::move(tiers), mode, clock);
}

BackendUnderTest three_tiers(const FakeClock& clock, WriteMode mode) {
  Tiers tiers;
  tiers.push_back(memory(clock, kTinyItems));
  tiers.push_back(memory(clock, 2 * kTinyItems));
  tiers.push_back(std::make_unique<FakeRemoteBackend>(std::make_shared<FakeRemoteServer>(), clock));
  return tiered(std::move(tiers), mode, clock);
}

BackendUnderTest one_tier(const FakeClock& clock) {
  Tiers tiers;
  tiers.push_back(memory(clock));
  return tiered(std::move(tiers), WriteMode::kBehind, clock);
}

// The tiny nearest tiers send most look-ups to the far ones, and so promote.
INSTANTIATE_TEST_SUITE_P(
    Tiered, BackendContract,
    testing::Values(
        BackendMaker{"OneTier", one_tier, kLimitBytes},
        BackendMaker{"Through", [](const FakeClock& clock) { return two_tiers(clock, 0, WriteMode::kThrough); },
                     kLimitBytes},
        BackendMaker{"ThroughTinyNear",
                     [](const FakeClock& clock) { return two_tiers(clock, kTinyItems, WriteMode::kThrough); }},
        BackendMaker{"Behind", [](const FakeClock& clock) { return two_tiers(clock, 0, WriteMode::kBehind); }},
        BackendMaker{"BehindTinyNear",
                     [](const FakeClock& clock) { return two_tiers(clock, kTinyItems, WriteMode::kBehind); }},
        BackendMaker{"RemoteThird", [](const FakeClock& clock) { return three_tiers(clock, WriteMode::kThrough); }},
        BackendMaker{"RemoteThirdBehind",
                     [](const FakeClock& clock) { return three_tiers(clock, WriteMode::kBehind); }}),
    backend_maker_name);

}  // namespace
}  // namespace repomap
