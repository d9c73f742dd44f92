// SPDX-License-Identifier: Apache-2.0
#include "ranking/bpe_image.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "ranking/bpe_image_builder.hpp"
#include "ranking/bpe_merge.hpp"
#include "ranking/tools/rank_source.hpp"
#include "tests/ranking/bpe_vocabulary.hpp"

namespace repomap {
namespace {

std::span<const std::byte> as_bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

std::string build(std::span<const BpeToken> tokens) {
  Result<std::string> image = build_bpe_image(BpeEncoding::kCl100kBase, tokens);
  EXPECT_TRUE(image) << image.error().message;
  return image ? *image : std::string();
}

/// Writes `value` at `offset` of the header and makes the header's checksum right again.
template <typename Value>
std::string with_header_field(std::string image, std::size_t offset, Value value) {
  std::memcpy(image.data() + offset, &value, sizeof value);
  const std::uint64_t checksum = bpe_hash(std::string_view(image).substr(0, offsetof(BpeImageHeader, header_checksum)));
  std::memcpy(image.data() + offsetof(BpeImageHeader, header_checksum), &checksum, sizeof checksum);
  return image;
}

/// The merge as it is defined, without anything clever.
std::size_t count_obviously(const std::map<std::string, std::uint32_t>& ranks, const std::string& word) {
  std::vector<std::string> parts;
  for (const char letter : word) {
    parts.emplace_back(1, letter);
  }
  while (true) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      const auto found = ranks.find(parts[i] + parts[i + 1]);
      if (found != ranks.end() && (!best || found->second < ranks.at(parts[*best] + parts[*best + 1]))) {
        best = i;
      }
    }
    if (!best) {
      return parts.size();
    }
    parts[*best] += parts[*best + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(*best) + 1);
  }
}

TEST(BpeImage, FindsEveryTokenAndNothingElse) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::vector<BpeToken> tokens = make_random_vocabulary(random, 5, 600);
  const std::string bytes = build(tokens);
  const Result<BpeImage> image = BpeImage::view(as_bytes(bytes));
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(image->token_count(), tokens.size());
  EXPECT_EQ(image->encoding(), BpeEncoding::kCl100kBase);
  EXPECT_TRUE(image->verify());

  std::map<std::string, std::uint32_t> ranks;
  for (const BpeToken& token : tokens) {
    ranks[token.bytes] = token.rank;
    EXPECT_EQ(image->rank(token.bytes), token.rank) << token.bytes;
  }
  for (int i = 0; i < 5000; ++i) {
    const std::string word = make_random_word(random, 5, 1 + random() % 14);
    const auto found = ranks.find(word);
    EXPECT_EQ(image->rank(word), found == ranks.end() ? BpeImage::kNoRank : found->second) << word;
  }
  EXPECT_EQ(image->rank(""), BpeImage::kNoRank);
  EXPECT_EQ(image->rank(std::string(300, 'a')), BpeImage::kNoRank);
}

TEST(BpeImage, TellsBytesOfZeroFromNoBytes) {
  const std::vector<BpeToken> tokens = {
      {std::string(1, '\0'), 0}, {std::string(3, '\0'), 1}, {std::string(9, '\0'), 2}};
  const std::string bytes = build(tokens);
  const Result<BpeImage> image = BpeImage::view(as_bytes(bytes));
  ASSERT_TRUE(image);
  for (std::size_t length = 0; length < 12; ++length) {
    const std::uint32_t expected = length == 1 ? 0 : length == 3 ? 1 : length == 9 ? 2 : BpeImage::kNoRank;
    EXPECT_EQ(image->rank(std::string(length, '\0')), expected) << length;
  }
}

TEST(BpeImage, RefusesWhatIsCutOffOrInconsistent) {
  const std::vector<BpeToken> tokens = {{"a", 0}, {"b", 1}, {"abababab", 2}};
  const std::string good = build(tokens);
  for (std::size_t size = 0; size < good.size(); ++size) {
    const std::string cut = good.substr(0, size);
    EXPECT_EQ(BpeImage::view(as_bytes(cut)).error().code, ErrorCode::kCorrupt) << size;
  }
  for (std::size_t offset = 0; offset < sizeof(BpeImageHeader); ++offset) {
    std::string flipped = good;
    flipped[offset] = static_cast<char>(flipped[offset] ^ 0x10);
    EXPECT_FALSE(BpeImage::view(as_bytes(flipped))) << offset;
  }
  const auto code_of = [](const std::string& image) {
    const Result<BpeImage> view = BpeImage::view(as_bytes(image));
    return view ? std::nullopt : std::optional(view.error().code);
  };
  constexpr std::uint32_t kHuge = 0xffffffff;
  EXPECT_EQ(code_of(with_header_field(good, offsetof(BpeImageHeader, version), std::uint32_t{2})),
            ErrorCode::kUnsupported);
  EXPECT_EQ(code_of(with_header_field(good, offsetof(BpeImageHeader, encoding), std::uint32_t{2})),
            ErrorCode::kUnsupported);
  EXPECT_EQ(code_of(with_header_field(good, offsetof(BpeImageHeader, slot_count), kHuge)), ErrorCode::kCorrupt);
  EXPECT_EQ(code_of(with_header_field(good, offsetof(BpeImageHeader, slot_count), std::uint32_t{0})),
            ErrorCode::kCorrupt);
  EXPECT_EQ(code_of(with_header_field(good, offsetof(BpeImageHeader, probe_limit), kHuge)), ErrorCode::kCorrupt);
  EXPECT_EQ(code_of(with_header_field(good, offsetof(BpeImageHeader, max_token_bytes), kHuge)), ErrorCode::kCorrupt);
  EXPECT_EQ(code_of(with_header_field(good, offsetof(BpeImageHeader, blob_bytes), ~std::uint64_t{0})),
            ErrorCode::kCorrupt);
}

TEST(BpeImage, VerifyNoticesEveryFlippedByteOfTheBody) {
  const std::vector<BpeToken> tokens = {{"a", 0}, {"b", 1}, {"abababab", 2}};
  const std::string good = build(tokens);
  for (std::size_t offset = sizeof(BpeImageHeader); offset < good.size(); ++offset) {
    std::string flipped = good;
    flipped[offset] = static_cast<char>(flipped[offset] ^ 1);
    const Result<BpeImage> image = BpeImage::view(as_bytes(flipped));
    ASSERT_TRUE(image);
    EXPECT_EQ(image->verify().error().code, ErrorCode::kCorrupt) << offset;
  }
}

TEST(BpeImage, StaysInsideOfDamagedBodies) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::string good = build(make_random_vocabulary(random, 4, 100));
  for (int round = 0; round < 300; ++round) {
    std::string damaged = good;
    for (std::size_t i = sizeof(BpeImageHeader); i < damaged.size(); i += 1 + random() % 64) {
      damaged[i] = static_cast<char>(random());
    }
    // An exact copy on the heap, so that the address sanitizer sees an access behind its end.
    const std::vector<char> exact(damaged.begin(), damaged.end());
    const Result<BpeImage> image = BpeImage::view(std::as_bytes(std::span(exact)));
    ASSERT_TRUE(image);
    const std::size_t length = 2 + random() % 200;
    const std::size_t tokens = count_merged_tokens(*image, make_random_word(random, 4, length));
    EXPECT_GE(tokens, 1U);
    EXPECT_LE(tokens, length);
  }
}

TEST(BpeImageBuilder, RefusesWhatASlotCannotHold) {
  const auto code_of = [](const BpeToken& first, const BpeToken& second) {
    const std::vector<BpeToken> tokens = {first, second};
    const Result<std::string> image = build_bpe_image(BpeEncoding::kO200kBase, tokens);
    return image ? std::nullopt : std::optional(image.error().code);
  };
  EXPECT_EQ(code_of({"a", 0}, {"", 1}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of({"ab", 0}, {"ab", 1}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of({"abcdef", 0}, {"abcdef", 1}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of({"a", 0}, {std::string(256, 'a'), 1}), ErrorCode::kLimitExceeded);
  EXPECT_EQ(code_of({"a", 0}, {"b", 1U << 20}), ErrorCode::kLimitExceeded);
  EXPECT_EQ(code_of({"a", 0}, {std::string(255, 'a'), (1U << 20) - 1}), std::nullopt);
}

TEST(BpeImageBuilder, GivesEqualBytesForAnyOrderOfTokens) {
  const std::vector<BpeToken> rising = {{"a", 0}, {"b", 1}, {"ababab", 2}};
  const std::vector<BpeToken> falling(rising.rbegin(), rising.rend());
  EXPECT_EQ(build(rising), build(falling));
}

TEST(BpeMerge, CountsAsTheDefinitionDoesForShortAndLongWords) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 12; ++round) {
    const int letters = 1 + static_cast<int>(random() % 5);
    const std::vector<BpeToken> tokens = make_random_vocabulary(random, letters, letters == 1 ? 8 : 120);
    std::map<std::string, std::uint32_t> ranks;
    for (const BpeToken& token : tokens) {
      ranks[token.bytes] = token.rank;
    }
    const std::string bytes = build(tokens);
    const Result<BpeImage> image = BpeImage::view(as_bytes(bytes));
    ASSERT_TRUE(image);
    for (const unsigned length : {1U, 2U, 3U, 7U, 40U, 64U, 65U, 127U, 128U, 129U, 130U, 200U, 257U, 300U}) {
      const std::string word = make_random_word(random, letters, length);
      EXPECT_EQ(count_merged_tokens(*image, word), count_obviously(ranks, word)) << word;
    }
  }
}

TEST(BpeMerge, CountsBytesThatAreNoToken) {
  const std::string bytes = build(std::vector<BpeToken>{{"a", 0}, {"aa", 1}});
  const Result<BpeImage> image = BpeImage::view(as_bytes(bytes));
  ASSERT_TRUE(image);
  EXPECT_EQ(count_merged_tokens(*image, "aaxaa"), 3U);
  EXPECT_EQ(count_merged_tokens(*image, std::string(500, 'x')), 500U);
}

TEST(RankSource, ReadsPatternAndTokens) {
  const Result<RankSource> source =
      parse_rank_source(R"js(export default {"pat_str":"\\s+|\"","bpe_ranks":"! 0 IQ== YWI=\n! 7 YWJj/+Ah"};)js");
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ(source->pattern, "\\s+|\"");
  ASSERT_EQ(source->tokens.size(), 3U);
  EXPECT_EQ(source->tokens[0].bytes, "!");
  EXPECT_EQ(source->tokens[1].bytes, "ab");
  EXPECT_EQ(source->tokens[1].rank, 1U);
  EXPECT_EQ(source->tokens[2].bytes, "abc\xff\xe0!");
  EXPECT_EQ(source->tokens[2].rank, 7U);
}

TEST(RankSource, RefusesWhatItDoesNotUnderstand) {
  for (const char* script :
       {"", R"({"bpe_ranks":"! 0 IQ=="})", R"({"pat_str":"x"})", R"({"pat_str":"x","bpe_ranks":"! 0 IQ==)",
        R"({"pat_str":"x","bpe_ranks":""})", R"({"pat_str":"x","bpe_ranks":"! x IQ=="})",
        R"({"pat_str":"x","bpe_ranks":"! 0 I*=="})", R"({"pat_str":"x","bpe_ranks":"! 0  IQ=="})",
        R"({"pat_str":"\u0041","bpe_ranks":"! 0 IQ=="})", R"({"pat_str":"x\)"}) {
    const Result<RankSource> source = parse_rank_source(script);
    ASSERT_FALSE(source) << script;
    EXPECT_EQ(source.error().code, ErrorCode::kCorrupt) << script;
  }
}

}  // namespace
}  // namespace repomap
