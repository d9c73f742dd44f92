// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "core/cache/disk_store.hpp"
#include "core/cache/key_cursor.hpp"
#include "core/cache/value_codec.hpp"
#include "tests/core/cache/store_fixture.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;

class StoreStreamTest : public StoreTest {
 protected:
  static std::string read_all(ValueReader& reader, std::size_t piece) {
    std::string all;
    std::string room(piece, '\0');
    while (true) {
      const auto got = reader.read(room);
      if (!got) {
        return "(error) " + got.error().message;
      }
      if (*got == 0) {
        return all;
      }
      all.append(room, 0, *got);
    }
  }

  static std::vector<std::int64_t> numbers(DiskStore& store, KeyOrder order, KeyDirection direction) {
    auto cursor = KeyCursor::open(store, order, direction);
    std::vector<std::int64_t> found;
    while (true) {
      const auto page = cursor->next(7);
      EXPECT_TRUE(page);
      if (!page || page->empty()) {
        return found;
      }
      for (const ListedKey& listed : *page) {
        found.push_back(std::stoll(listed.key.to_display()));
      }
    }
  }
};

TEST_F(StoreStreamTest, C6StreamsAValueOfAnySizeIn) {
  auto store = open();
  constexpr std::size_t kPiece = std::size_t{4} << 20U;
  auto writer = store->new_value();
  ASSERT_TRUE(writer);
  const std::string piece = large('p', kPiece);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(writer->append(piece));
  }
  ASSERT_TRUE(writer->append("!"));
  ASSERT_TRUE(store->set_streamed(key("a"), std::move(*writer), tagged({"t"})));
  EXPECT_EQ(text_of(*store, key("a")), piece + piece + piece + "!");
  auto small = store->new_value();
  ASSERT_TRUE(small->append("tiny"));
  ASSERT_TRUE(store->set_streamed(key("b"), std::move(*small)));
  EXPECT_EQ(text_of(*store, key("b")), "tiny");
  EXPECT_EQ(files().size(), 2U);
}

TEST_F(StoreStreamTest, C6AStreamThatIsNotStoredLeavesNoFile) {
  auto store = open();
  {
    auto writer = store->new_value();
    ASSERT_TRUE(writer->append(large('x')));
    EXPECT_EQ(files().size(), 1U);
  }
  EXPECT_TRUE(files().empty());
  {
    auto transaction = store->begin();
    auto writer = store->new_value();
    ASSERT_TRUE(writer->append(large('x')));
    ASSERT_TRUE(transaction->set_streamed(key("a"), std::move(*writer)));
  }
  EXPECT_TRUE(files().empty());
}

TEST_F(StoreStreamTest, C5AReaderOutlivesTheEntry) {
  auto store = open();
  const std::string value = large('v', 100'000);
  ASSERT_TRUE(store->set(key("a"), value));
  auto reader = store->open_value(key("a"));
  ASSERT_TRUE(reader && *reader);
  EXPECT_EQ((*reader)->size_bytes(), value.size());
  ASSERT_TRUE(store->erase(key("a")).value());
  EXPECT_EQ(read_all(**reader, 999), value);
}

TEST_F(StoreStreamTest, C5AnInlineValueIsAStreamToo) {
  auto store = open();
  ASSERT_TRUE(store->set(key("a"), "small"));
  ASSERT_TRUE(store->set(key("n"), std::int64_t{1}));
  auto reader = store->open_value(key("a"));
  ASSERT_TRUE(reader && *reader);
  EXPECT_EQ(read_all(**reader, 2), "small");
  EXPECT_FALSE(store->open_value(key("b"))->has_value());
  EXPECT_EQ(store->open_value(key("n")).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(StoreStreamTest, AReaderReportsContentThatIsNotWhatWasStored) {
  auto store = open();
  ASSERT_TRUE(store->set(key("a"), large('v')));
  {
    std::fstream file(directory() + "/values/" + files().front(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(1000);
    file.put('w');
  }
  auto reader = store->open_value(key("a"));
  ASSERT_TRUE(reader && *reader);
  EXPECT_NE(read_all(**reader, 999).find("(error)"), std::string::npos);
  EXPECT_EQ(text_of(*store, key("a")), "(none)");
  EXPECT_EQ(store->stats().damaged, 1U);
}

TEST_F(StoreStreamTest, D3StreamsPassTheCodecBy) {
  DiskStoreConfig config;
  config.directory = directory();
  config.settings = small_settings();
  config.codec = make_zstd_codec();
  auto store = DiskStore::open(config).value();
  ASSERT_TRUE(store->set(key("a"), large('a', 100'000)));
  EXPECT_TRUE(files().empty()) << "compressed, it is small";
  auto writer = store->new_value();
  ASSERT_TRUE(writer->append(large('b', 100'000)));
  ASSERT_TRUE(store->set_streamed(key("b"), std::move(*writer)));
  EXPECT_EQ(text_of(*store, key("a")), large('a', 100'000));
  EXPECT_EQ(text_of(*store, key("b")), large('b', 100'000));
  auto encoded = store->open_value(key("a"));
  auto streamed = store->open_value(key("b"));
  EXPECT_EQ(read_all(**encoded, 4096), large('a', 100'000));
  EXPECT_EQ(read_all(**streamed, 4096), large('b', 100'000));
}

TEST_F(StoreStreamTest, D3ACodecOtherThanTheStoredOneIsRefused) {
  open();
  DiskStoreConfig config;
  config.directory = directory();
  config.codec = make_zstd_codec();
  EXPECT_EQ(DiskStore::open(config).error().code, ErrorCode::kUnsupported);
}

TEST_F(StoreStreamTest, C14IteratesInTheOrderOfInsertion) {
  auto store = open();
  for (const std::int64_t number : {5, 3, 9, 1, 7, 2, 8, 4, 6, 0}) {
    ASSERT_TRUE(store->set(key(number), "v", expiring(1s)));
  }
  ASSERT_TRUE(store->set(key(3), "overwritten"));
  clock_.advance(2s);
  std::vector<std::int64_t> expected = {5, 3, 9, 1, 7, 2, 8, 4, 6, 0};
  EXPECT_EQ(numbers(*store, KeyOrder::kInsertion, KeyDirection::kForward), expected);
  std::ranges::reverse(expected);
  EXPECT_EQ(numbers(*store, KeyOrder::kInsertion, KeyDirection::kBackward), expected);
}

TEST_F(StoreStreamTest, C14InsertsDuringAnIterationAreNotSeenAndRemovalsAreSkipped) {
  auto store = open();
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(store->set(key(i), "v"));
  }
  auto cursor = KeyCursor::open(*store, KeyOrder::kInsertion);
  EXPECT_EQ(cursor->next(5)->size(), 5U);
  ASSERT_TRUE(store->set(key(100), "v"));
  ASSERT_TRUE(store->erase(key(7)));
  const auto rest = cursor->next(100);
  EXPECT_EQ(rest->size(), 14U);
  for (const ListedKey& listed : *rest) {
    EXPECT_NE(listed.key, key(100));
    EXPECT_NE(listed.key, key(7));
  }
  EXPECT_TRUE(cursor->next(100)->empty());
}

TEST_F(StoreStreamTest, C15IteratesInTheOrderOfKeys) {
  auto store = open();
  const std::vector<CacheKey> keys = {CacheKey(),
                                      CacheKey::from_integer(-5),
                                      CacheKey::from_integer(3),
                                      CacheKey::from_text("a"),
                                      CacheKey::from_text("ab"),
                                      CacheKey::from_text("b"),
                                      CacheKey::from_bytes(""),
                                      CacheKey::from_bytes("a")};
  for (const std::size_t i : {3U, 1U, 7U, 0U, 5U, 2U, 6U, 4U}) {
    ASSERT_TRUE(store->set(keys[i], "v"));
  }
  for (const KeyDirection direction : {KeyDirection::kForward, KeyDirection::kBackward}) {
    auto cursor = KeyCursor::open(*store, KeyOrder::kKey, direction);
    std::vector<CacheKey> found;
    for (auto page = cursor->next(3); !page->empty(); page = cursor->next(3)) {
      for (const ListedKey& listed : *page) {
        found.push_back(listed.key);
      }
    }
    std::vector<CacheKey> expected = keys;
    if (direction == KeyDirection::kBackward) {
      std::ranges::reverse(expected);
    }
    EXPECT_EQ(found, expected);
  }
}

TEST_F(StoreStreamTest, C16PeeksAtTheLiveEntryOfAnEnd) {
  auto store = open();
  EXPECT_FALSE(store->peek(KeyDirection::kBackward)->has_value());
  ASSERT_TRUE(store->set(key("first"), large('1')));
  ASSERT_TRUE(store->set(key("last"), "2"));
  ASSERT_TRUE(store->set(key("expired"), large('3'), expiring(1s)));
  clock_.advance(1s);
  EXPECT_EQ((*store->peek(KeyDirection::kBackward))->key, key("last"));
  EXPECT_EQ(*store->count(), 2U);
  EXPECT_EQ(files().size(), 1U);
  const auto first = store->peek(KeyDirection::kForward);
  EXPECT_EQ((*first)->key, key("first"));
  EXPECT_EQ(std::get<std::string>((*first)->entry.value), large('1'));
}

TEST_F(StoreStreamTest, C16AMissingValueFileDoesNotKeepAPeekBusy) {
  auto store = open();
  ASSERT_TRUE(store->set(key("first"), "1"));
  ASSERT_TRUE(store->set(key("last"), large('2')));
  std::filesystem::remove(directory() + "/values/" + files().front());
  EXPECT_EQ((*store->peek(KeyDirection::kBackward))->key, key("first"));
}

}  // namespace
}  // namespace repomap
