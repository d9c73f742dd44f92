// SPDX-License-Identifier: Apache-2.0
#include "core/cache/read_only_backend.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/cache/memory_backend.hpp"
#include "tests/support/faulty_backend.hpp"
#include "tests/support/single_operations.hpp"

namespace repomap {
namespace {

class ReadOnlyBackends : public testing::Test {
 protected:
  ReadOnlyBackends() {
    auto faulty =
        std::make_unique<FaultyBackend>(std::make_unique<MemoryBackend>(MemoryBackendSettings{}, system_clock()));
    inner_ = faulty.get();
    put(*inner_, make_item("a", "1", {{"even"}}));
    put(*inner_, make_item("b", "2", {{"odd"}}));
    put(*inner_, make_item("c", "3"));
    backend_ = std::make_unique<ReadOnlyBackend>(std::move(faulty), 5);
  }

  ReadOnlyBackend& backend() { return *backend_; }

  FaultyBackend* inner_ = nullptr;
  std::unique_ptr<ReadOnlyBackend> backend_;
};

TEST_F(ReadOnlyBackends, GiveWhatIsThere) {
  EXPECT_EQ(get(backend(), "a"), "1");
  EXPECT_FALSE(get(backend(), "missing"));
  EXPECT_FALSE(backend().stats().trouble.empty());
}

TEST_F(ReadOnlyBackends, NeverGiveWhatIsOlderThanAChange) {
  put(backend(), make_item("a", "new"));
  EXPECT_FALSE(get(backend(), "a"));
  EXPECT_EQ(evict(backend(), "odd"), 0U);
  EXPECT_FALSE(get(backend(), "b"));
  EXPECT_EQ(erase(backend(), "c"), 1U);
  EXPECT_EQ(erase(backend(), "c"), 0U);
  EXPECT_EQ(erase(backend(), "missing"), 0U);
  EXPECT_FALSE(get(backend(), "c"));
  for (const char* key : {"a", "b", "c"}) {
    EXPECT_TRUE(get(*inner_, key)) << "nothing below has changed";
  }
}

TEST_F(ReadOnlyBackends, HideEverythingWhenCleared) {
  EXPECT_EQ(backend().clear().value_or(9), 0U);
  EXPECT_FALSE(get(backend(), "a"));
}

TEST_F(ReadOnlyBackends, HideEverythingWhenTheChangesAreTooMany) {
  for (int i = 0; i < 5; ++i) {
    put(backend(), make_item("new" + std::to_string(i), "value"));
  }
  EXPECT_EQ(get(backend(), "a"), "1");
  put(backend(), make_item("one more", "value"));
  EXPECT_FALSE(get(backend(), "a"));
}

TEST_F(ReadOnlyBackends, CallNothingThatWrites) {
  inner_->fail_only(BackendOperation::kPut);
  put(backend(), make_item("a", "new"));
  inner_->fail_only(BackendOperation::kErase);
  erase(backend(), "b");
  inner_->fail_only(BackendOperation::kEvict);
  evict(backend(), "odd");
  inner_->fail_only(BackendOperation::kClear);
  EXPECT_TRUE(backend().clear());
  inner_->fail_only(BackendOperation::kGet);
  const CacheKey key = CacheKey::from_text("c");
  EXPECT_FALSE(backend().get_many({&key, 1})) << "reading fails as it does below";
  EXPECT_FALSE(backend().erase({&key, 1}));
}

}  // namespace
}  // namespace repomap
