// SPDX-License-Identifier: Apache-2.0
#include "cli/json_text.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "cli/json_output.hpp"
#include "service/protocol/answer_json.hpp"

namespace repomap::cli {
namespace {

std::string written(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string expected(std::string_view text) { return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace); }

TEST(JsonText, EscapesEveryByteAsTheLibraryDoes) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = std::string("a") + static_cast<char>(byte) + "z";
    EXPECT_EQ(written(text), expected(text)) << byte;
  }
}

TEST(JsonText, ReplacesEachBrokenSequenceOnce) {
  EXPECT_EQ(written("\xe2\x82"), "\"\xef\xbf\xbd\"");
  EXPECT_EQ(written("\xe2\x82z"), "\"\xef\xbf\xbdz\"");
  EXPECT_EQ(written("\xf0\x9f\x98"), "\"\xef\xbf\xbd\"");
  EXPECT_EQ(written("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_EQ(written("\xf0\x9f\x98\x80"), "\"\xf0\x9f\x98\x80\"");
}

TEST(JsonText, EqualsTheLibraryOnRandomBytes) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  // Bytes that begin, continue and break sequences, and those that need escapes.
  constexpr std::string_view kInteresting =
      "\"\\\n\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc2\xdf\xe0\xe1\xed\xef\xf0\xf1\xf4\xf5";
  for (int round = 0; round < 200'000; ++round) {
    std::string text;
    for (std::size_t length = random() % 9; text.size() < length;) {
      text += random() % 3 == 0 ? static_cast<char>(random() % 256) : kInteresting[random() % kInteresting.size()];
    }
    ASSERT_EQ(written(text), expected(text)) << "seed " << seed << ", round " << round;
  }
}

TEST(JsonText, ALineHasTheKeysAndValuesOfTheDocumentForm) {
  FileTags tags;
  tags.language = "c";
  Tag tag;
  tag.name = tags.strings.add("na\"me\xff");
  tag.scope = tags.strings.add("a::b");
  tag.signature = tags.strings.add("int\tname(void)");
  tag.line = 41;
  tag.column = 3;
  tag.end_line = 4'294'967'000U;
  tag.kind = SymbolKind::kMethod;
  tags.tags = {tag, Tag{}};
  tags.tags[1].role = Role::kReference;
  const std::string path = "dir\n/\xc3\xa9.c";
  for (const Tag& each : tags.tags) {
    std::string line;
    TagLineWriter(path, tags).append(line, each);
    EXPECT_EQ(line, to_json(path, tags, each).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  }
}

}  // namespace
}  // namespace repomap::cli
