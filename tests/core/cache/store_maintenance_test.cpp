// SPDX-License-Identifier: Apache-2.0
#include "core/cache/store_maintenance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "core/base/log.hpp"
#include "core/cache/sqlite.hpp"
#include "tests/core/cache/store_fixture.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;

class StoreMaintenanceTest : public StoreTest {
 protected:
  StoreMaintenanceTest() {
    set_log_sink([this](LogLevel, const std::string& message) { log_.push_back(message); });
  }
  ~StoreMaintenanceTest() override { set_log_sink({}); }

  std::unique_ptr<DiskStore> filled() {
    auto store = open();
    for (int i = 0; i < 200; ++i) {
      EXPECT_TRUE(store->set(key(i), i % 20 == 0 ? large('v') : "small", tagged({"t", i % 2 == 0 ? "even" : "odd"})));
    }
    return store;
  }

  /// Changes the database behind the store's back.
  void damage(const std::string& statement) const {
    auto database = SqliteDatabase::open(directory() + "/cache.db", SqliteAccess::kReadWrite, 1s);
    ASSERT_TRUE(database);
    ASSERT_TRUE((*database)->execute(statement));
  }

  std::string file_path(std::size_t index) const { return directory() + "/values/" + files()[index]; }

  static void make_old(const std::string& path) {
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - 2h);
  }

  static std::vector<ProblemKind> kinds(const std::vector<StoreProblem>& problems) {
    std::vector<ProblemKind> found;
    for (const StoreProblem& problem : problems) {
      found.push_back(problem.kind);
    }
    return found;
  }

  /// A check finds these, mends them, and then finds nothing.
  static void expect_mended(DiskStore& store, const std::vector<ProblemKind>& expected) {
    StoreMaintenance maintenance(store);
    EXPECT_EQ(kinds(maintenance.check(Repair::kNo).value()), expected);
    const auto mended = maintenance.check(Repair::kYes);
    ASSERT_TRUE(mended) << mended.error().message;
    EXPECT_EQ(kinds(*mended), expected);
    EXPECT_TRUE(std::ranges::all_of(*mended, &StoreProblem::is_repaired));
    const auto after = maintenance.check(Repair::kNo);
    ASSERT_TRUE(after);
    EXPECT_TRUE(after->empty()) << after->front().detail;
  }

  std::vector<std::string> log_;
};

TEST_F(StoreMaintenanceTest, M4ASoundStoreHasNoProblems) {
  auto store = filled();
  EXPECT_TRUE(StoreMaintenance(*store).check(Repair::kNo).value().empty());
}

TEST_F(StoreMaintenanceTest, M4AMissingFileIsMended) {
  auto store = filled();
  std::filesystem::remove_all(std::filesystem::path(file_path(0)).parent_path());
  const std::size_t before = *store->count();
  StoreMaintenance maintenance(*store);
  const auto found = maintenance.check(Repair::kYes).value();
  ASSERT_GE(found.size(), 1U);
  EXPECT_EQ(found[0].kind, ProblemKind::kEntry);
  EXPECT_EQ(*store->count(), before - found.size());
  EXPECT_TRUE(maintenance.check(Repair::kNo).value().empty());
}

TEST_F(StoreMaintenanceTest, M4ARenamedFileIsBothMissingAndUnknown) {
  auto store = filled();
  const std::string path = file_path(0);
  std::filesystem::rename(path, path + ".moved");
  make_old(path + ".moved");
  expect_mended(*store, {ProblemKind::kEntry, ProblemKind::kUnknownFile});
  EXPECT_FALSE(std::filesystem::exists(path + ".moved"));
}

TEST_F(StoreMaintenanceTest, M4AChangedFileIsMended) {
  auto store = filled();
  {
    std::fstream file(file_path(0), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(3000);
    file.put('!');
  }
  expect_mended(*store, {ProblemKind::kEntry});
}

TEST_F(StoreMaintenanceTest, M4AShortFileIsMended) {
  auto store = filled();
  std::filesystem::resize_file(file_path(0), 100);
  expect_mended(*store, {ProblemKind::kEntry});
}

TEST_F(StoreMaintenanceTest, M4ChangedRowsAreMended) {
  auto store = filled();
  damage("UPDATE entries SET value = 'other' WHERE id = 2; UPDATE entries SET expires_us = 1 WHERE id = 4");
  damage("UPDATE entries SET tags = x'0178' WHERE id = 6");
  const auto found = StoreMaintenance(*store).check(Repair::kYes).value();
  EXPECT_EQ(found.size(), 4U) << "three rows, and with them the index of tags";
  EXPECT_TRUE(StoreMaintenance(*store).check(Repair::kNo).value().empty());
  EXPECT_EQ(*store->count(), 197U);
}

TEST_F(StoreMaintenanceTest, M4SizesThatWereSetToZeroAreMended) {
  auto store = filled();
  damage("UPDATE entries SET size = 0 WHERE id = 1");
  const auto found = StoreMaintenance(*store).check(Repair::kYes).value();
  ASSERT_GE(found.size(), 1U);
  EXPECT_EQ(found[0].kind, ProblemKind::kEntry);
  EXPECT_TRUE(StoreMaintenance(*store).check(Repair::kNo).value().empty());
}

TEST_F(StoreMaintenanceTest, M3TheSumOfFilesIsMended) {
  auto store = filled();
  damage("UPDATE meta SET value = 0 WHERE key = 'file_bytes'");
  expect_mended(*store, {ProblemKind::kFileList});
}

TEST_F(StoreMaintenanceTest, M4TheIndexOfTagsIsMended) {
  auto store = filled();
  damage("DELETE FROM entry_tags WHERE entry = 5; INSERT INTO entry_tags VALUES(12345, 7)");
  expect_mended(*store, {ProblemKind::kTags});
  const CacheTag odd{"odd"};
  EXPECT_EQ(store->evict({&odd, 1}).removed, 100U);
}

TEST_F(StoreMaintenanceTest, M4AnEmptyDirectoryIsMended) {
  auto store = filled();
  std::filesystem::create_directories(directory() + "/values/zz");
  expect_mended(*store, {ProblemKind::kEmptyDirectory});
}

TEST_F(StoreMaintenanceTest, M4ADamagedHeaderIsMended) {
  auto store = filled();
  ASSERT_TRUE(StoreMaintenance(*store).compact(1000));
  store.reset();
  {
    std::fstream file(directory() + "/cache.db", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(52);  // the largest root page
    file.put('\x7f');
  }
  store = open();
  StoreMaintenance maintenance(*store);
  const auto found = maintenance.check(Repair::kYes);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_FALSE(found->empty());
  EXPECT_EQ(found->front().kind, ProblemKind::kDatabase);
  EXPECT_TRUE(maintenance.check(Repair::kNo).value().empty());
  EXPECT_TRUE(store->set(key("a"), "works"));
}

TEST_F(StoreMaintenanceTest, OrphansAreSweptButNotThoseOfAWriterThatHasNotCommitted) {
  auto store = filled();
  const std::size_t before = files().size();
  const std::string orphan = directory() + "/values/aa/orphan.val";
  std::filesystem::create_directories(directory() + "/values/aa");
  std::ofstream(orphan) << "left by a crash";
  auto writer = store->new_value();
  ASSERT_TRUE(writer->append(large('n')));
  StoreMaintenance maintenance(*store);
  EXPECT_EQ(maintenance.sweep().value(), 0U);
  make_old(orphan);
  EXPECT_EQ(maintenance.sweep().value(), 1U);
  ASSERT_TRUE(store->set_streamed(key("new"), std::move(*writer)));
  EXPECT_EQ(files().size(), before + 1);
  EXPECT_EQ(text_of(*store, key("new")), large('n'));
}

TEST_F(StoreMaintenanceTest, WhatACrashLeftInPendingDeleteIsRemovedByTheNextWriter) {
  auto store = filled();
  const std::string name = "bb/dropped.val";
  std::filesystem::create_directories(directory() + "/values/bb");
  std::ofstream(directory() + "/values/" + name) << "dropped";
  damage("INSERT INTO pending_delete VALUES('" + name + "')");
  auto second = open();
  ASSERT_TRUE(second->set(key("a"), "1"));
  EXPECT_FALSE(std::filesystem::exists(directory() + "/values/" + name));
}

TEST_F(StoreMaintenanceTest, M2VolumeIsWhatLiesOnDisk) {
  auto store = filled();
  std::uint64_t on_disk = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory())) {
    on_disk += entry.is_regular_file() ? entry.file_size() : 0;
  }
  EXPECT_EQ(store->volume().value(), on_disk);
}

TEST_F(StoreMaintenanceTest, W8CompactGivesFreePagesBack) {
  auto store = open();
  for (int i = 0; i < 2000; ++i) {
    ASSERT_TRUE(store->set(key(i), large('v', 1000)));
  }
  EXPECT_EQ(store->clear().removed, 2000U);
  ASSERT_TRUE(StoreMaintenance(*store).compact(100'000));
  EXPECT_LT(std::filesystem::file_size(directory() + "/cache.db"), 200'000U);
  EXPECT_EQ(std::filesystem::file_size(directory() + "/cache.db-wal"), 0U);
}

TEST_F(StoreMaintenanceTest, WhatIsNoDatabaseIsPutAsideAndBuiltAnew) {
  filled().reset();
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::remove(directory() + "/cache.db" + suffix);
  }
  std::ofstream(directory() + "/cache.db") << large('x', 10'000);
  auto store = open();
  ASSERT_TRUE(store);
  EXPECT_EQ(store->stats().quarantines, 1U);
  EXPECT_EQ(log_.size(), 1U);
  EXPECT_EQ(*store->count(), 0U);
  EXPECT_TRUE(store->set(key("a"), "1"));
  EXPECT_FALSE(std::filesystem::is_empty(directory() + "/quarantine"));
}

TEST_F(StoreMaintenanceTest, DamageFoundWhileTheStoreIsOpenIsPutAsideToo) {
  auto store = filled();
  ASSERT_TRUE(StoreMaintenance(*store).compact(0));
  store.reset();
  {
    std::fstream file(directory() + "/cache.db", std::ios::in | std::ios::out | std::ios::binary);
    for (int page = 1; page < 20; ++page) {
      file.seekp(page * 4096);
      file << large('\xff', 100);
    }
  }
  for (const char* suffix : {"-wal", "-shm"}) {
    std::filesystem::remove(directory() + "/cache.db" + suffix);
  }
  store = open();
  ASSERT_TRUE(store);
  for (int i = 0; i < 200; ++i) {
    EXPECT_TRUE(store->get(key(i))) << i;
  }
  EXPECT_EQ(store->stats().quarantines, 1U);
  EXPECT_TRUE(store->set(key("a"), "1"));
  EXPECT_EQ(text_of(*store, key("a")), "1");
  EXPECT_EQ(log_.size(), 1U);
}

TEST_F(StoreMaintenanceTest, AtMostTwoQuarantinesAreKept) {
  for (int i = 0; i < 4; ++i) {
    std::filesystem::create_directories(directory());
    std::filesystem::remove(directory() + "/cache.db-wal");
    std::filesystem::remove(directory() + "/cache.db-shm");
    std::ofstream(directory() + "/cache.db") << large('x', 10'000);
    clock_.advance(1s);
    EXPECT_TRUE(open()->set(key("a"), "1"));
  }
  std::size_t kept = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory() + "/quarantine")) {
    kept += entry.is_directory() ? 1 : 0;
  }
  EXPECT_EQ(kept, 2U);
}

TEST_F(StoreMaintenanceTest, AnotherHandleFindsTheNewDatabase) {
  auto store = filled();
  std::filesystem::remove_all(directory());
  EXPECT_TRUE(store->set(key("a"), "1"));
  EXPECT_EQ(text_of(*store, key("a")), "1");
  EXPECT_EQ(*store->count(), 1U);
}

TEST_F(StoreMaintenanceTest, ADatabaseOfAnotherProgramIsLeftAlone) {
  std::filesystem::create_directories(directory());
  {
    auto foreign = SqliteDatabase::open(directory() + "/cache.db", SqliteAccess::kCreate, 1s);
    ASSERT_TRUE((*foreign)->execute("CREATE TABLE theirs(x); INSERT INTO theirs VALUES(1)"));
  }
  const auto size = std::filesystem::file_size(directory() + "/cache.db");
  EXPECT_EQ(try_open(small_settings()).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(std::filesystem::file_size(directory() + "/cache.db"), size);
}

TEST_F(StoreMaintenanceTest, AnotherVersionIsRefusedAndLeftAlone) {
  filled().reset();
  damage("PRAGMA user_version = 99");
  EXPECT_EQ(try_open(std::nullopt).error().code, ErrorCode::kUnsupported);
  damage("PRAGMA user_version = 1");
  EXPECT_EQ(*open(std::nullopt)->count(), 200U);
}

}  // namespace
}  // namespace repomap
