// SPDX-License-Identifier: Apache-2.0
#include "core/model/file_tags_codec.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/support/file_tags_builder.hpp"
#include "tests/support/random_tags.hpp"

namespace repomap {
namespace {

FileTags example() {
  FileTags tags = FileTagsBuilder("c")
                      .define("f", SymbolKind::kFunction, 1)
                      .refer("g", 2)
                      .refer("f", 2)
                      .define("h", SymbolKind::kMethod, 4, "Outer.Inner")
                      .build();
  tags.scopes = {{0, 9, 1}, {4, 8, 6}};
  tags.line_count = 10;
  return tags;
}

/// Decodes, reads all that there is to read, and says whether it was a value.
bool reads_safely(const std::string& bytes) {
  const auto outline = decode_outline(bytes);
  const auto tags = decode_file_tags(bytes);
  if (!tags) {
    EXPECT_FALSE(tags.error().message.empty());
    return false;
  }
  EXPECT_TRUE(outline) << "all of it decodes, but not the front";
  // A value as good as any other: it can be encoded again, and stays what it is.
  const auto again = decode_file_tags(encode(*tags));
  EXPECT_TRUE(again);
  return again && !visible_text(*tags).empty() && !visible_text(tags->outline()).empty();
}

TEST(FileTagsCodec, GivesBackWhatItTook) {
  const FileTags tags = example();
  const auto decoded = decode_file_tags(encode(tags));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(visible_text(*decoded), visible_text(tags));
}

TEST(FileTagsCodec, TakesAFileWithoutAnything) {
  const auto decoded = decode_file_tags(encode(FileTags()));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(visible_text(*decoded), visible_text(FileTags()));
}

TEST(FileTagsCodec, GivesBackRandomTagsAndTheirOutlines) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  for (int round = 0; round < 500; ++round) {
    const FileTags tags = random_file_tags(random);
    const std::string bytes = encode(tags);
    const auto decoded = decode_file_tags(bytes);
    ASSERT_TRUE(decoded) << "seed " << seed;
    ASSERT_EQ(visible_text(*decoded), visible_text(tags)) << "seed " << seed;
    const auto outline = decode_outline(bytes);
    ASSERT_TRUE(outline) << "seed " << seed;
    ASSERT_EQ(visible_text(*outline), visible_text(tags.outline())) << "seed " << seed;
    ASSERT_EQ(outline->strings.bytes(), tags.outline().strings.bytes()) << "seed " << seed;
  }
}

TEST(FileTagsCodec, BytesDependOnWhatIsReadAndNotOnIds) {
  const FileTags tags = example();
  FileTags renumbered = tags;
  renumbered.strings = {};
  renumbered.strings.add("not used");
  for (auto tag = renumbered.tags.rbegin(); tag != renumbered.tags.rend(); ++tag) {
    tag->signature = renumbered.strings.add(tags.signature(*tag));
    tag->scope = renumbered.strings.add(tags.scope(*tag));
    tag->name = renumbered.strings.add(tags.name(*tag));
  }
  EXPECT_NE(renumbered.strings.bytes(), tags.strings.bytes());
  EXPECT_EQ(encode(renumbered), encode(tags));
  EXPECT_EQ(encode(*decode_file_tags(encode(tags))), encode(tags));
  renumbered.tags.back().column += 1;
  EXPECT_NE(encode(renumbered), encode(tags));
}

TEST(FileTagsCodec, NeedsAFewBytesForATag) {
  FileTagsBuilder builder("c");
  constexpr std::uint32_t kReferences = 1000;
  for (std::uint32_t i = 0; i < kReferences; ++i) {
    builder.refer(i % 2 == 0 ? "even" : "odd", i);
  }
  EXPECT_LE(encode(builder.build()).size(), 5 * kReferences);
}

TEST(FileTagsCodec, LetsTheStringsOfADecodedFileGrow) {
  FileTags decoded = *decode_file_tags(encode(example()));
  const auto strings = decoded.strings.size();
  EXPECT_EQ(decoded.strings.at(decoded.strings.add("g")), "g");
  EXPECT_EQ(decoded.strings.size(), strings) << "a string that is there was added again";
  EXPECT_EQ(decoded.strings.at(decoded.strings.add("new")), "new");
}

TEST(FileTagsCodec, RefusesAnotherVersion) {
  std::string bytes = encode(example());
  bytes[0] = static_cast<char>(bytes[0] + 1);
  EXPECT_EQ(decode_file_tags(bytes).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(decode_outline(bytes).error().code, ErrorCode::kUnsupported);
}

TEST(FileTagsCodec, RefusesBytesCutOffAnywhereAndBytesToSpare) {
  const std::string bytes = encode(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto decoded = decode_file_tags(bytes.substr(0, size));
    ASSERT_FALSE(decoded) << size;
    EXPECT_EQ(decoded.error().code, ErrorCode::kCorrupt) << size;
  }
  EXPECT_FALSE(decode_file_tags(bytes + '\0'));
}

TEST(FileTagsCodec, SurvivesEveryChangeOfAByte) {
  const std::string bytes = encode(example());
  for (std::size_t position = 0; position < bytes.size(); ++position) {
    for (unsigned value = 0; value < 256; ++value) {
      std::string changed = bytes;
      changed[position] = static_cast<char>(value);
      reads_safely(changed);
    }
  }
}

TEST(FileTagsCodec, SurvivesNoise) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  for (int round = 0; round < 1000; ++round) {
    std::string bytes = encode(random_file_tags(random));
    for (std::size_t changes = random() % 4; changes < 4; ++changes) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    reads_safely(bytes);
  }
}

}  // namespace
}  // namespace repomap
