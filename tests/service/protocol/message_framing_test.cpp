// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/message_framing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace repomap {
namespace {

constexpr std::size_t kLimit = 8;

/// All frames of a text that arrives in pieces of these sizes, over and over; a message too long is "!".
std::vector<std::string> frames_of(std::string_view text, const std::vector<std::size_t>& sizes) {
  MessageFraming framing(kLimit);
  std::vector<std::string> frames;
  for (std::size_t piece = 0; !text.empty(); ++piece) {
    const std::size_t size = std::min(sizes[piece % sizes.size()], text.size());
    framing.add(text.substr(0, size));
    text.remove_prefix(size);
    while (const auto frame = framing.next()) {
      frames.push_back(frame->kind == MessageFraming::Kind::kTooLong ? "!" : frame->text);
    }
  }
  return frames;
}

/// What frames_of() should give, told the obvious way.
std::vector<std::string> expected_frames(std::string_view text) {
  std::vector<std::string> frames;
  std::string line;
  for (const char c : text) {
    if (c != '\n') {
      line += c;
      if (line.size() == kLimit + 1) {
        frames.emplace_back("!");
      }
      continue;
    }
    if (line.size() <= kLimit && std::any_of(line.begin(), line.end(), [](char b) { return b == 'a' || b == 'b'; })) {
      frames.push_back(line);
    }
    line.clear();
  }
  return frames;
}

TEST(MessageFraming, GivesLinesHoweverTheyAreSplit) {
  const std::vector<std::string> expected{"one", "two", "12345678"};
  for (std::size_t size = 1; size < 20; ++size) {
    EXPECT_EQ(frames_of("one\ntwo\n12345678\nrest", {size}), expected) << "pieces of " << size;
  }
}

TEST(MessageFraming, TellsOfALineThatIsTooLongAndGoesOnBehindIt) {
  const std::vector<std::string> expected{"a", "!", "b", "!"};
  for (std::size_t size = 1; size < 40; ++size) {
    EXPECT_EQ(frames_of("a\n123456789 and more\nb\nanother long one", {size}), expected) << "pieces of " << size;
  }
}

TEST(MessageFraming, TellsOfALineThatIsTooLongBeforeItEnds) {
  MessageFraming framing(kLimit);
  framing.add("123456789");
  const auto frame = framing.next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->kind, MessageFraming::Kind::kTooLong);
  EXPECT_FALSE(framing.next());
}

TEST(MessageFraming, PassesOverBlankLines) {
  EXPECT_EQ(frames_of("\n \t\r\na\r\n\n", {3}), (std::vector<std::string>{"a\r"}));
}

TEST(MessageFraming, EqualsTheObviousReadingOfRandomStreams) {
  constexpr unsigned kSeed = 20261121;
  std::mt19937 random(kSeed);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const std::size_t length = random() % 60;
    while (text.size() < length) {
      text += "ab \n"[random() % 4];
    }
    const std::vector<std::size_t> sizes{1 + random() % 9, 1 + random() % 30, 1 + random() % 4};
    ASSERT_EQ(frames_of(text, sizes), expected_frames(text)) << "seed " << kSeed << ", round " << round << ": " << text;
  }
}

}  // namespace
}  // namespace repomap
