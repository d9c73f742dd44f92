// SPDX-License-Identifier: Apache-2.0
#include "core/base/digest.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace repomap {
namespace {

// What `xxhsum -H2` prints.
TEST(Digest, IsXxh3OfTheBytes) {
  EXPECT_EQ(to_hex(digest_of("")), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(to_hex(digest_of("abc")), "06b05ab6733a618578af5f94892f3950");
}

TEST(Digest, TellsTextsApartThatDifferInOneByte) {
  std::string text(1000, 'x');
  std::set<Digest> seen{digest_of(text)};
  for (char& byte : text) {
    byte = 'y';
    seen.insert(digest_of(text));
    byte = 'x';
  }
  seen.insert(digest_of(text + '\0'));
  seen.insert(digest_of(std::string(999, 'x')));
  EXPECT_EQ(seen.size(), 1003U);
}

TEST(Digest, HexHasAlways32Digits) {
  EXPECT_EQ(to_hex({0, 0}), std::string(32, '0'));
  EXPECT_EQ(to_hex({0x1, 0xabcdef}), "00000000000000010000000000abcdef");
}

}  // namespace
}  // namespace repomap
