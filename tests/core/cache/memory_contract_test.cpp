// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include "core/cache/memory_backend.hpp"
#include "tests/support/backend_contract.hpp"
#include "tests/support/fake_remote_backend.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kLimitBytes = std::uint64_t{4} << 20U;

BackendMaker memory(const std::string& name, std::size_t shards) {
  return {name,
          [=](const FakeClock& clock) {
            return BackendUnderTest{
                {}, std::make_unique<MemoryBackend>(MemoryBackendSettings{kLimitBytes, 0, shards}, clock)};
          },
          kLimitBytes};
}

BackendMaker remote() {
  return {"FakeRemote", [](const FakeClock& clock) {
            return BackendUnderTest{{},
                                    std::make_unique<FakeRemoteBackend>(std::make_shared<FakeRemoteServer>(), clock)};
          }};
}

INSTANTIATE_TEST_SUITE_P(Single, BackendContract,
                         testing::Values(memory("Memory", 16), memory("MemoryOneShard", 1), remote()),
                         backend_maker_name);

}  // namespace
}  // namespace repomap
