// SPDX-License-Identifier: Apache-2.0
#include "service/cache_key_text.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>

namespace repomap {
namespace {

std::string error(std::string_view text) {
  const auto key = cache_key_from_text(text);
  return key ? "" : key.error().message;
}

TEST(CacheKeyText, IsTheInverseOfWhatAKeyDisplays) {
  std::mt19937_64 random(7);  // any seed: the property holds for all keys
  for (int round = 0; round < 2000; ++round) {
    CacheKey key;
    for (std::uint64_t part = 0; part <= random() % 3; ++part) {
      std::string bytes;
      for (std::uint64_t i = random() % 6; i > 0; --i) {
        bytes += static_cast<char>(random() % 256);
      }
      switch (random() % 4) {
        case 0: key.add_integer(static_cast<std::int64_t>(random())); break;
        case 1: key.add_text(bytes); break;
        case 2: key.add_bytes(bytes); break;
        default: key.add_digest({random(), random()});
      }
    }
    const auto read = cache_key_from_text(key.to_display());
    ASSERT_TRUE(read) << key.to_display() << ": " << read.error().message;
    EXPECT_EQ(*read, key) << key.to_display();
  }
}

TEST(CacheKeyText, TakesSpacesAroundParts) {
  EXPECT_EQ(*cache_key_from_text("  \"a\" ,-7,b\"x\"  "), CacheKey::from_text("a").add_integer(-7).add_bytes("x"));
}

TEST(CacheKeyText, SaysWhatIsNoPart) {
  for (const char* text :
       {"", "zzz", "\"open", "b\"open\\", "#12", "#zz", "\"\\xq1\"", "1,", ",1", "99999999999999999999"}) {
    EXPECT_NE(error(text).find("is no part of a key"), std::string::npos) << text << ": " << error(text);
  }
  EXPECT_NE(error("1 2").find("no comma before \"2\""), std::string::npos) << error("1 2");
}

}  // namespace
}  // namespace repomap
