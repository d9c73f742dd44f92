// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/json_value.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "service/protocol/json_reader.hpp"

namespace repomap {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(ParseJson, TakesOneValue) {
  EXPECT_EQ(parse_json(R"({"a": [1, "ä", null]})")->dump(), R"({"a":[1,"ä",null]})");
  EXPECT_EQ(parse_json("  7 ")->dump(), "7");
}

TEST(ParseJson, NamesTheByteOfWhatIsNoJson) {
  for (const char* text : {"", "{", "[1,]", "{\"a\" 1}", "nul", "1 2", "\"\xff\"", "\"\\ud800\"", "{\"a\":1}}"}) {
    const auto parsed = parse_json(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument) << text;
    EXPECT_TRUE(parsed.error().message.starts_with("byte ")) << parsed.error().message;
  }
}

TEST(ParseJson, BoundsTheDepth) {
  EXPECT_TRUE(parse_json(nested(kMaxJsonDepth)));
  EXPECT_EQ(parse_json(nested(kMaxJsonDepth + 1)).error().message, "byte 65: deeper than 64 arrays and objects");
  EXPECT_FALSE(parse_json(std::string(10'000'000, '[')));
  EXPECT_TRUE(parse_json('"' + std::string(100, '[') + "\\\"[{\""));
}

TEST(ParseJson, SurvivesAnyBytes) {
  constexpr std::string_view kPieces = "[]{}\",:\\0-e.ntu \xff\xc3";
  std::mt19937 random(11);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 40, ' ');
    for (char& c : text) {
      c = kPieces[random() % kPieces.size()];
    }
    if (const auto parsed = parse_json(text)) {
      EXPECT_EQ(parse_json(json_line(*parsed)), *parsed) << text;
    }
  }
}

TEST(JsonLine, IsOneLineWithBase64ForWhatIsNotUtf8) {
  Json json;
  json["a"] = "line\nline";
  json["b"] = {{"path", "caf\xe9"}, {"list", {"ok", "\xff"}}};
  EXPECT_EQ(
      json_line(json),
      "{\"a\":\"line\\nline\",\"b\":{\"path\":{\"base64\":\"Y2Fm6Q==\"},\"list\":[\"ok\",{\"base64\":\"/w==\"}]}}\n");
}

TEST(TextFromJson, TakesStringsAndBase64Only) {
  EXPECT_EQ(text_from_json("plain"), "plain");
  EXPECT_EQ(text_from_json(Json{{"base64", "Y2Fm6Q=="}}), "caf\xe9");
  EXPECT_EQ(text_from_json(Json{{"base64", "Y2Fm6Q"}}), std::nullopt);
  EXPECT_EQ(text_from_json(Json{{"base64", "Zg=="}, {"more", 1}}), std::nullopt);
  EXPECT_EQ(text_from_json(Json{{"base64", 1}}), std::nullopt);
  EXPECT_EQ(text_from_json(7), std::nullopt);
}

}  // namespace
}  // namespace repomap
