// SPDX-License-Identifier: Apache-2.0
#include "service/pending_indexes.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

FileSelection selection(const std::string& root, SubmodulePolicy submodules = SubmodulePolicy::kSkip) {
  return {.root = root, .subtrees = {}, .submodules = submodules};
}

std::vector<std::string> roots(PendingIndexes& pending) {
  std::vector<std::string> roots;
  for (const FileSelection& each : pending.all()) {
    roots.push_back(each.root + (each.submodules == SubmodulePolicy::kEnter ? " with submodules" : ""));
  }
  return roots;
}

class PendingIndexesTest : public testing::Test {
 protected:
  std::unique_ptr<ShardedStore> open() const {
    DiskStoreConfig config;
    config.directory = tree_.path("store");
    config.settings = CacheSettings{};
    config.settings->eviction = EvictionPolicy::kNone;
    return ShardedStore::open(config).value();
  }

  TemporaryTree tree_;
};

TEST_F(PendingIndexesTest, OutliveTheProcess) {
  PendingIndexes(open().get()).add(selection("/a"));
  const auto store = open();
  PendingIndexes later(store.get());
  EXPECT_EQ(roots(later), std::vector<std::string>{"/a"});
  later.remove(selection("/a"));
  EXPECT_TRUE(roots(later).empty());
}

TEST_F(PendingIndexesTest, AreNamedOnceHoweverOftenTheyWereLeft) {
  const auto store = open();
  PendingIndexes pending(store.get());
  pending.add(selection("/a"));
  pending.add(selection("/b", SubmodulePolicy::kEnter));
  pending.add(selection("/a"));
  EXPECT_EQ(roots(pending), (std::vector<std::string>{"/a", "/b with submodules"}));
  pending.remove(selection("/a"));
  pending.remove(selection("/b"));
  EXPECT_EQ(roots(pending), std::vector<std::string>{"/b with submodules"});
}

TEST_F(PendingIndexesTest, PassOverWhatTheyCannotRead) {
  const auto store = open();
  ASSERT_TRUE(Deque::open(store->shard(0), "index")->append("\x07 of another version"));
  PendingIndexes pending(store.get());
  pending.add(selection("/a"));
  EXPECT_EQ(roots(pending), std::vector<std::string>{"/a"});
}

TEST_F(PendingIndexesTest, RememberNothingWithoutAStore) {
  PendingIndexes pending(nullptr);
  pending.add(selection("/a"));
  EXPECT_TRUE(roots(pending).empty());
  pending.remove(selection("/a"));
}

}  // namespace
}  // namespace repomap
