// SPDX-License-Identifier: Apache-2.0
#include "core/cache/store_transaction.hpp"

#include <gtest/gtest.h>

#include "core/cache/store_snapshot.hpp"
#include "core/cache/stored_value.hpp"
#include "tests/core/cache/store_fixture.hpp"

namespace repomap {
namespace {

class StoreTransactionTest : public StoreTest {};

TEST_F(StoreTransactionTest, T1ChangesAreSeenTogetherOrNotAtAll) {
  auto store = open();
  auto other = open();
  auto transaction = store->begin();
  ASSERT_TRUE(transaction);
  EXPECT_EQ(transaction->increment(key("a")).value(), 1);
  EXPECT_EQ(transaction->increment(key("b")).value(), 1);
  EXPECT_FALSE(other->get(key("a"))->has_value());
  ASSERT_TRUE(transaction->commit());
  EXPECT_TRUE(other->get(key("a"))->has_value());
  EXPECT_TRUE(other->get(key("b"))->has_value());
}

TEST_F(StoreTransactionTest, T1OperationsOfTheSameThreadAreNestedInItsTransaction) {
  auto store = open();
  {
    auto transaction = store->begin();
    ASSERT_TRUE(transaction->set(key("a"), "1"));
    EXPECT_EQ(text_of(*store, key("a")), "1");
    ASSERT_TRUE(store->set(key("b"), "2"));
    EXPECT_EQ(store->get_many(std::vector{key("a"), key("b")})->size(), 2U);
    transaction->rollback();
  }
  EXPECT_EQ(*store->count(), 0U);
}

TEST_F(StoreTransactionTest, T2AnInnerFailureUndoesInnerWritesAlone) {
  auto store = open();
  auto outer = store->begin();
  ASSERT_TRUE(outer->set(key("a"), large('1')));
  {
    auto inner = store->begin();
    ASSERT_TRUE(inner->set(key("a"), large('2')));
    ASSERT_TRUE(inner->set(key("b"), large('3')));
  }
  {
    auto inner = store->begin();
    ASSERT_TRUE(inner->set(key("c"), large('4')));
    ASSERT_TRUE(inner->commit());
  }
  ASSERT_TRUE(outer->commit());
  EXPECT_EQ(text_of(*store, key("a")), large('1'));
  EXPECT_EQ(text_of(*store, key("b")), "(none)");
  EXPECT_EQ(text_of(*store, key("c")), large('4'));
  EXPECT_EQ(files().size(), 2U);
}

TEST_F(StoreTransactionTest, T3ARollbackRestoresValueFilesAndLeavesNoOther) {
  auto store = open();
  ASSERT_TRUE(store->set(key("overwritten"), large('1'), tagged({"t"})));
  ASSERT_TRUE(store->set(key("erased"), large('2')));
  ASSERT_TRUE(store->set(key("popped"), large('3')));
  const auto before = files();
  {
    auto transaction = store->begin();
    ASSERT_TRUE(transaction->set(key("overwritten"), large('x')));
    ASSERT_TRUE(transaction->set(key("overwritten"), large('y')));
    EXPECT_TRUE(transaction->erase(key("erased")).value());
    EXPECT_TRUE(transaction->pop(key("popped")).value());
    ASSERT_TRUE(transaction->set(key("new"), large('z')));
    EXPECT_EQ(files().size(), before.size() + 3);
  }
  EXPECT_EQ(files(), before);
  EXPECT_EQ(text_of(*store, key("overwritten")), large('1'));
  EXPECT_EQ(text_of(*store, key("erased")), large('2'));
  EXPECT_EQ(text_of(*store, key("popped")), large('3'));
  EXPECT_EQ(text_of(*store, key("new")), "(none)");
  const CacheTag tag{"t"};
  EXPECT_EQ(store->evict({&tag, 1}).removed, 1U);
}

TEST_F(StoreTransactionTest, T3FilesOfDroppedRowsGoAfterTheOutermostCommit) {
  auto store = open();
  ASSERT_TRUE(store->set(key("a"), large('1')));
  auto outer = store->begin();
  {
    auto inner = store->begin();
    EXPECT_TRUE(inner->erase(key("a")).value());
    ASSERT_TRUE(inner->commit());
  }
  EXPECT_EQ(files().size(), 1U);
  ASSERT_TRUE(outer->commit());
  EXPECT_EQ(files().size(), 0U);
}

TEST_F(StoreTransactionTest, AnEndedTransactionRefusesToGoOn) {
  auto store = open();
  auto transaction = store->begin();
  {
    auto inner = store->begin();
    EXPECT_EQ(transaction->set(key("a"), "1").error().code, ErrorCode::kInvalidArgument);
  }
  ASSERT_TRUE(transaction->set(key("a"), "1"));
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(transaction->set(key("a"), "2").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(transaction->commit().error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(text_of(*store, key("a")), "1");
}

TEST_F(StoreTransactionTest, AFailedWriteKeepsTheTransactionFromBeingCommitted) {
  auto store = open();
  auto transaction = store->begin();
  ASSERT_TRUE(transaction->set(key("a"), "1"));
  transaction->set_failed({ErrorCode::kIo, "half"});
  const Status committed = transaction->commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().message, "half");
  EXPECT_EQ(text_of(*store, key("a")), "(none)");
}

TEST_F(StoreTransactionTest, ARefusalDoesNotKeepTheTransactionFromBeingCommitted) {
  auto store = open();
  auto transaction = store->begin();
  ASSERT_TRUE(transaction->set(key("text"), "1"));
  EXPECT_FALSE(transaction->increment(key("text")));
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(text_of(*store, key("text")), "1");
}

TEST_F(StoreTransactionTest, TablesOfOthersKeepLargeValuesInFilesToo) {
  auto store = open();
  ASSERT_TRUE(store->transact([&](StoreTransaction& transaction) -> Status {
    REPOMAP_TRY(
        transaction.database().execute("CREATE TABLE mine(id INTEGER PRIMARY KEY, type, size, checksum, file, value)"));
    REPOMAP_ASSIGN(const ValueColumns columns, transaction.store_value(large('m')));
    REPOMAP_ASSIGN(
        SqliteQuery insert,
        transaction.database().query("INSERT INTO mine(type, size, checksum, file, value) VALUES(?1,?2,?3,?4,?5)"));
    bind_value(insert, 1, columns);
    return insert.run();
  }));
  EXPECT_EQ(files().size(), 1U);
  {
    auto snapshot = store->snapshot();
    auto query = snapshot->database().query("SELECT type, size, checksum, file, value FROM mine");
    ASSERT_TRUE(query->next().value());
    EXPECT_EQ(std::get<std::string>(*snapshot->load_value(read_value(*query, 0))), large('m'));
  }
  ASSERT_TRUE(store->transact([&](StoreTransaction& transaction) -> Status {
    {
      REPOMAP_ASSIGN(SqliteQuery query,
                     transaction.database().query("SELECT type, size, checksum, file, value FROM mine"));
      REPOMAP_TRY(query.next());
      REPOMAP_TRY(transaction.drop_value(read_value(query, 0)));
    }
    return transaction.database().run("DELETE FROM mine");
  }));
  EXPECT_TRUE(files().empty());
}

TEST_F(StoreTransactionTest, ASnapshotDoesNotSeeWhatIsWrittenAfterIt) {
  auto store = open();
  ASSERT_TRUE(store->set(key("a"), "1"));
  auto snapshot = store->snapshot();
  EXPECT_EQ(snapshot->database().integer_of("SELECT count(*) FROM entries").value(), 1);
  ASSERT_TRUE(store->set(key("b"), "2"));
  EXPECT_EQ(snapshot->database().integer_of("SELECT count(*) FROM entries").value(), 1);
  EXPECT_EQ(*store->count(), 2U);
}

}  // namespace
}  // namespace repomap
