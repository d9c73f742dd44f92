// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>

#include "core/cache/disk_backend.hpp"
#include "core/cache/value_codec.hpp"
#include "tests/support/backend_contract.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kLimitBytes = std::uint64_t{4} << 20U;

BackendMaker disk(const std::string& name, std::size_t shards, std::shared_ptr<const ValueCodec> codec) {
  return {name,
          [=](const FakeClock& clock) {
            auto tree = std::make_shared<TemporaryTree>();
            DiskStoreConfig config;
            config.directory = tree->outside();
            config.settings = CacheSettings{};
            config.settings->size_limit_bytes = kLimitBytes * shards;
            config.settings->shards = shards;
            config.codec = codec;
            config.clock = &clock;
            return BackendUnderTest{std::move(tree), DiskBackend::open(config).value()};
          },
          codec ? 0 : kLimitBytes};
}

INSTANTIATE_TEST_SUITE_P(Disk, BackendContract,
                         testing::Values(disk("Disk", 1, nullptr), disk("DiskSharded", 4, nullptr),
                                         disk("DiskCompressed", 1, make_zstd_codec())),
                         backend_maker_name);

}  // namespace
}  // namespace repomap
