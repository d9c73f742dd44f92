// SPDX-License-Identifier: Apache-2.0
#include "core/cache/cache_key.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace repomap {
namespace {

TEST(CacheKey, TellsTypesAndPartsApart) {
  const std::vector<CacheKey> keys = {
      CacheKey::from_integer(1),
      CacheKey::from_text("1"),
      CacheKey::from_bytes("1"),
      CacheKey::from_digest({0, 1}),
      CacheKey::from_text("ab").add_text("c"),
      CacheKey::from_text("a").add_text("bc"),
      CacheKey::from_text("abc"),
      CacheKey::from_text(std::string("a\0", 2)).add_text("bc"),
      CacheKey::from_text("a").add_text(std::string("\0bc", 3)),
      CacheKey::from_text(""),
      CacheKey::from_text("").add_text(""),
      CacheKey(),
  };
  std::set<std::string> encodings;
  for (const CacheKey& key : keys) {
    EXPECT_TRUE(encodings.insert(key.encoded()).second) << key.to_display();
  }
}

TEST(CacheKey, SortsIntegersThenTextsThenBytes) {
  const std::vector<CacheKey> sorted = {
      CacheKey::from_integer(std::numeric_limits<std::int64_t>::min()),
      CacheKey::from_integer(-2),
      CacheKey::from_integer(-1),
      CacheKey::from_integer(0),
      CacheKey::from_integer(10),
      CacheKey::from_integer(std::numeric_limits<std::int64_t>::max()),
      CacheKey::from_text(""),
      CacheKey::from_text("a"),
      CacheKey::from_text(std::string("a\0", 2)),
      CacheKey::from_text("a\x01"),
      CacheKey::from_text("b"),
      CacheKey::from_text("\xff"),
      CacheKey::from_bytes("a"),
      CacheKey::from_digest({0, 0}),
      CacheKey::from_digest({1, 0}),
  };
  EXPECT_TRUE(std::ranges::is_sorted(sorted));
}

TEST(CacheKey, SortsRandomTextsAsTheTextsDo) {
  std::mt19937 random(20);  // NOLINT: the same texts on every run
  for (int round = 0; round < 20'000; ++round) {
    const auto text = [&random] {
      std::string result(random() % 4, 'a');
      for (char& byte : result) {
        constexpr std::string_view kBytes{"\0\x01\xfe\xff", 4};
        byte = kBytes[random() % kBytes.size()];
      }
      return result;
    };
    const auto a = std::pair(text(), text());
    const auto b = std::pair(text(), text());
    const CacheKey key_a = CacheKey::from_text(a.first).add_text(a.second);
    const CacheKey key_b = CacheKey::from_text(b.first).add_text(b.second);
    ASSERT_EQ(a < b, key_a < key_b) << key_a.to_display() << " and " << key_b.to_display();
    ASSERT_EQ(a == b, key_a == key_b);
  }
}

TEST(CacheKey, ReadsItsOwnEncodingAndRefusesOthers) {
  const CacheKey key = CacheKey::from_integer(-5).add_text(std::string("\0x", 2)).add_bytes("y").add_digest({1, 2});
  const auto read = CacheKey::from_encoded(key.encoded());
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, key);
  for (std::size_t length = 1; length < key.encoded().size(); ++length) {
    const auto cut = CacheKey::from_encoded(std::string_view(key.encoded()).substr(0, length));
    EXPECT_TRUE(!cut || key.encoded().starts_with(cut->encoded()));
  }
  EXPECT_EQ(CacheKey::from_encoded("\x20 no end").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(CacheKey::from_encoded("\x7f").error().code, ErrorCode::kCorrupt);
}

TEST(CacheKey, ShowsItselfToPeople) {
  EXPECT_EQ(CacheKey::from_integer(-5).to_display(), "-5");
  EXPECT_EQ(CacheKey::from_text("src/a\"b.c").add_bytes(std::string("\0\x80", 2)).to_display(),
            R"("src/a\"b.c", b"\x00\x80")");
  EXPECT_EQ(CacheKey::from_digest({1, 2}).to_display(), "#00000000000000010000000000000002");
}

}  // namespace
}  // namespace repomap
