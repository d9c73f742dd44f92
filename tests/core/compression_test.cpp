// SPDX-License-Identifier: Apache-2.0
#include "core/base/compression.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace repomap {
namespace {

constexpr std::uint64_t kLimit = 1U << 20U;

TEST(Compression, GivesBackWhatItTook) {
  std::mt19937 random(1);
  for (const std::size_t size : {0U, 1U, 100U, 100'000U}) {
    std::string text(size, '\0');
    for (char& byte : text) {
      byte = static_cast<char>(random() % 3);
    }
    const auto content = decompress(compress(text), kLimit);
    ASSERT_TRUE(content) << content.error().message;
    EXPECT_EQ(*content, text);
  }
}

TEST(Compression, MakesRepetitionsSmall) { EXPECT_LT(compress(std::string(100'000, 'x')).size(), 200U); }

TEST(Compression, RefusesMoreThanTheLimit) {
  const std::string frame = compress(std::string(kLimit, 'x'));
  EXPECT_TRUE(decompress(frame, kLimit));
  const auto refused = decompress(frame, kLimit - 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
}

TEST(Compression, RefusesWhatIsNotOneWholeFrame) {
  const std::string frame = compress("some text, some text, some text");
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_EQ(decompress(frame.substr(0, size), kLimit).error().code, ErrorCode::kCorrupt) << size;
  }
  EXPECT_FALSE(decompress(frame + 'x', kLimit));
  EXPECT_FALSE(decompress(frame + frame, kLimit));
  EXPECT_FALSE(decompress("no frame at all", kLimit));
}

TEST(Compression, SurvivesEveryChangeOfAByte) {
  const std::string frame = compress("some text, some text, some text");
  for (std::size_t position = 0; position < frame.size(); ++position) {
    for (unsigned value = 0; value < 256; ++value) {
      std::string changed = frame;
      changed[position] = static_cast<char>(value);
      const auto content = decompress(changed, kLimit);
      EXPECT_TRUE(!content || content->size() <= kLimit);
    }
  }
}

}  // namespace
}  // namespace repomap
