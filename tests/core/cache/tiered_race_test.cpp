// SPDX-License-Identifier: Apache-2.0
//
// What a promotion or a late write must not undo. The hooks of FaultyBackend stop one thread at the critical place.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/task_pool.hpp"
#include "core/cache/tiered_cache.hpp"
#include "tests/support/moment.hpp"
#include "tests/support/single_operations.hpp"
#include "tests/support/tiered_rig.hpp"

namespace repomap {
namespace {

const TieredCacheSettings kBehind{.write_mode = WriteMode::kBehind, .retry = {}};

struct Change {
  const char* name;
  std::function<void(TieredCache&)> apply;
  std::optional<std::string> expected;
};

std::vector<Change> changes() {
  return {
      {"put", [](TieredCache& cache) { put(cache, make_item("a", "new")); }, "new"},
      {"erase", [](TieredCache& cache) { erase(cache, "a"); }, std::nullopt},
      {"evict", [](TieredCache& cache) { evict(cache, "t"); }, std::nullopt},
      {"clear", [](TieredCache& cache) { EXPECT_TRUE(cache.clear()); }, std::nullopt},
  };
}

void run_both(const std::function<void()>& first, const std::function<void()>& second) {
  TaskPool pool(2);
  pool.run_all(2, [&](std::size_t item, std::size_t) { item == 0 ? first() : second(); });
}

TEST(TieredRace, APromotionDoesNotUndoWhatChangedSinceTheFarTierWasRead) {
  for (const TieredCacheSettings& settings : {TieredCacheSettings{}, kBehind}) {
    for (const Change& change : changes()) {
      TieredRig rig(2, settings);
      put(rig.memory(2), make_item("a", "old", {{"t"}}));
      bool is_first = true;
      rig.tier(2).set_after([&](BackendOperation operation) {
        if (operation == BackendOperation::kGet && is_first) {
          is_first = false;
          change.apply(rig.cache());  // the reader has the old value in its hands
        }
      });
      EXPECT_EQ(get(rig.cache(), "a"), "old") << change.name;  // asked before the change
      rig.tier(2).set_after({});
      EXPECT_EQ(get(rig.memory(1), "a"), change.expected) << change.name;
      EXPECT_EQ(get(rig.cache(), "a"), change.expected) << change.name;
    }
  }
}

TEST(TieredRace, APromotionDoesNotBringBackWhatIsBeingChanged) {
  // The reader asks while the change has begun and has not reached the far tier yet, and promotes when it is over.
  for (const Change& change : changes()) {
    TieredRig rig(2);
    put(rig.memory(2), make_item("a", "old", {{"t"}}));
    Moment has_begun;
    Moment was_read;
    Moment is_over;
    rig.tier(2).set_before([&](BackendOperation operation) {
      if (operation != BackendOperation::kGet) {
        has_begun.reach();
        was_read.wait();
      }
    });
    rig.tier(2).set_after([&](BackendOperation operation) {
      if (operation == BackendOperation::kGet) {
        was_read.reach();
        is_over.wait();
      }
    });
    run_both(
        [&] {
          has_begun.wait();
          EXPECT_EQ(get(rig.cache(), "a"), "old") << change.name;
        },
        [&] {
          change.apply(rig.cache());
          is_over.reach();
        });
    rig.tier(2).set_before({});
    rig.tier(2).set_after({});
    EXPECT_EQ(get(rig.memory(1), "a"), change.expected) << change.name;
  }
}

TEST(TieredRace, APromotionDoesNotBeginWhileItsKeyIsBeingChanged) {
  for (const Change& change : changes()) {
    TieredRig rig(2);
    put(rig.memory(2), make_item("a", "old", {{"t"}}));
    Moment has_begun;
    Moment may_go_on;
    Moment is_over;
    rig.tier(2).set_before([&](BackendOperation operation) {
      if (operation != BackendOperation::kGet) {
        has_begun.reach();
        may_go_on.wait();
      }
    });
    rig.tier(1).set_before([&](BackendOperation operation) {
      if (operation == BackendOperation::kPut && !may_go_on.wait_for(std::chrono::milliseconds(0))) {
        ADD_FAILURE() << change.name << " is not over, and the old value is being promoted";
        may_go_on.reach();
        is_over.wait();
      }
    });
    run_both(
        [&] {
          has_begun.wait();
          EXPECT_EQ(get(rig.cache(), "a"), "old") << change.name;
          may_go_on.reach();
        },
        [&] {
          change.apply(rig.cache());
          is_over.reach();
        });
    EXPECT_EQ(get(rig.memory(1), "a"), change.expected) << change.name;
  }
}

TEST(TieredRace, AChangeWaitsForAPromotionThatWrites) {
  for (const Change& change : changes()) {
    TieredRig rig(2);
    put(rig.memory(2), make_item("a", "old", {{"t"}}));
    Moment is_writing;
    Moment is_changed;
    std::atomic<bool> is_first = true;
    rig.tier(1).set_before([&](BackendOperation operation) {
      if (operation == BackendOperation::kPut && is_first.exchange(false)) {
        is_writing.reach();
        // The change must not be over before this has written. If it were, it would be within this time.
        EXPECT_FALSE(is_changed.wait_for(std::chrono::milliseconds(50))) << change.name;
      }
    });
    run_both([&] { EXPECT_EQ(get(rig.cache(), "a"), "old"); },
             [&] {
               is_writing.wait();
               change.apply(rig.cache());
               is_changed.reach();
             });
    EXPECT_EQ(get(rig.memory(1), "a"), change.expected) << change.name;
    EXPECT_EQ(get(rig.cache(), "a"), change.expected) << change.name;
  }
}

TEST(TieredRace, PutsOfOneKeyReachAllTiersInOneOrder) {
  TieredRig rig(2);
  Moment is_between;
  Moment is_done;
  std::atomic<bool> is_first = true;
  rig.tier(2).set_after([&](BackendOperation operation) {
    if (operation == BackendOperation::kPut && is_first.exchange(false)) {
      is_between.reach();  // tier 2 has the first value, tier 1 has not
      EXPECT_FALSE(is_done.wait_for(std::chrono::milliseconds(50)));
    }
  });
  run_both([&] { put(rig.cache(), make_item("a", "first")); },
           [&] {
             is_between.wait();
             put(rig.cache(), make_item("a", "second"));
             is_done.reach();
           });
  EXPECT_EQ(get(rig.memory(1), "a"), "second");
  EXPECT_EQ(get(rig.memory(2), "a"), "second");
}

TEST(TieredRace, PutsOfDifferentKeysDoNotWaitForEachOther) {
  TieredRig rig(2);
  Moment is_between;
  Moment is_done;
  std::atomic<bool> is_first = true;
  rig.tier(2).set_after([&](BackendOperation operation) {
    if (operation == BackendOperation::kPut && is_first.exchange(false)) {
      is_between.reach();
      is_done.wait();
    }
  });
  run_both([&] { put(rig.cache(), make_item("a", "1")); },
           [&] {
             is_between.wait();
             put(rig.cache(), make_item("b", "2"));
             is_done.reach();
           });
  EXPECT_EQ(get(rig.cache(), "a"), "1");
}

TEST(TieredRace, AChangeIsNotUndoneByALateWriteThatIsUnderWay) {
  for (const Change& change : changes()) {
    TieredRig rig(2, kBehind);
    put(rig.cache(), make_item("a", "old", {{"t"}}));
    Moment is_writing;
    Moment is_changed;
    std::atomic<bool> is_first = true;
    rig.tier(2).set_before([&](BackendOperation operation) {
      if (operation == BackendOperation::kPut && is_first.exchange(false)) {
        is_writing.reach();
        EXPECT_EQ(get(rig.cache(), "a"), "old");  // reads go on
        EXPECT_FALSE(is_changed.wait_for(std::chrono::milliseconds(50))) << change.name;
      }
    });
    run_both([&] { EXPECT_TRUE(rig.cache().flush()); },
             [&] {
               is_writing.wait();
               change.apply(rig.cache());
               is_changed.reach();
             });
    EXPECT_TRUE(rig.cache().flush());
    EXPECT_EQ(get(rig.memory(2), "a"), change.expected) << change.name;
    EXPECT_EQ(get(rig.cache(), "a"), change.expected) << change.name;
  }
}

TEST(TieredRace, ReadersFindAnEntryAllTheWayFromTheQueueToTheFarTier) {
  TieredRig rig(2, kBehind);
  put(rig.cache(), make_item("a", "1"));
  ASSERT_TRUE(rig.memory(1).clear());
  int asked = 0;
  const auto ask = [&](BackendOperation operation) {
    if (operation == BackendOperation::kPut) {
      ++asked;
      EXPECT_EQ(get(rig.cache(), "a"), "1");
    }
  };
  rig.tier(2).set_before(ask);
  rig.tier(2).set_after(ask);
  EXPECT_TRUE(rig.cache().flush());
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(get(rig.cache(), "a"), "1");
}

TEST(TieredRace, ReadersDoNotFindWhatAQueuedEntryReplacesWhileItIsRemoved) {
  for (const Change& change : changes()) {
    TieredRig rig(3, kBehind);
    put(rig.memory(3), make_item("a", "older", {{"t"}}));
    put(rig.memory(2), make_item("a", "older", {{"u"}}));
    put(rig.cache(), make_item("a", "old", {{"t"}}));
    ASSERT_TRUE(rig.memory(1).clear());
    const auto ask = [&](BackendOperation operation) {
      if (operation != BackendOperation::kGet) {
        EXPECT_NE(get(rig.cache(), "a"), "older") << change.name;
      }
    };
    for (std::size_t tier = 1; tier <= 3; ++tier) {
      rig.tier(tier).set_before(ask);
      rig.tier(tier).set_after(ask);
    }
    change.apply(rig.cache());
    for (std::size_t tier = 1; tier <= 3; ++tier) {
      rig.tier(tier).set_before({});
      rig.tier(tier).set_after({});
    }
    EXPECT_EQ(get(rig.cache(), "a"), change.expected) << change.name;
  }
}

TEST(TieredRace, AnEntryThatIsQueuedDuringARemovalAndIsNotMeantStays) {
  bool is_first = true;
  TieredRig rig(2, kBehind);
  put(rig.cache(), make_item("a", "old", {{"t"}}));
  rig.tier(2).set_after([&](BackendOperation operation) {
    if (operation != BackendOperation::kGet && std::exchange(is_first, false)) {
      put(rig.cache(), make_item("a", "new"));
    }
  });
  evict(rig.cache(), "t");
  EXPECT_EQ(get(rig.cache(), "a"), "new");
  ASSERT_TRUE(rig.memory(1).clear());
  EXPECT_EQ(get(rig.cache(), "a"), "new");
}

}  // namespace
}  // namespace repomap
