// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/rpc_message.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace repomap {
namespace {

std::string with_params(std::string_view params) {
  return fmt::format(R"({{"jsonrpc":"2.0","method":"m","params":{}}})", params);
}

std::string object_of_keys(int count) {
  std::string text = "{";
  for (int i = 0; i < count; ++i) {
    text += fmt::format("{}\"k{}\":0", i == 0 ? "" : ",", i);
  }
  return text + "}";
}

std::string changes(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += fmt::format(
        R"({}{{"range":{{"start":{{"line":{},"character":0}},"end":{{"line":{},"character":0}}}},"rangeLength":0,"text":"q"}})",
        i == 0 ? "" : ",", i, i);
  }
  return fmt::format(R"({{"textDocument":{{"uri":"file:///a","version":2}},"contentChanges":[{}]}})", text);
}

/// What comes back for a text within a message, or the code of the refusal.
std::string text_read(std::string_view escaped) {
  const auto message = parse_message(with_params(fmt::format(R"({{"text":"{}"}})", escaped)));
  return message ? (*message)["params"]["text"].get<std::string>() : fmt::format("{}", message.error().error.code);
}

TEST(ParseMessage, TakesAsManyChangesAsAnEditorMakesAtOnce) {
  const auto message = parse_message(with_params(changes(100'000)));
  ASSERT_TRUE(message) << message.error().error.message;
  EXPECT_EQ((*message)["params"]["contentChanges"].size(), 100'000U);
}

TEST(ParseMessage, LimitsTheKeysOfEachObject) {
  EXPECT_TRUE(parse_message(with_params(object_of_keys(1000))));
  EXPECT_TRUE(parse_message(with_params(fmt::format("[{0},{0},{{\"a\":{0}}}]", object_of_keys(1000)))));
  const std::string too_many = object_of_keys(1001);
  for (const std::string& params : {too_many, fmt::format("[{}]", too_many), fmt::format("{{\"a\":{}}}", too_many),
                                    fmt::format("[{{\"a\":{{}},{}]", std::string_view(too_many).substr(1))}) {
    const auto message = parse_message(with_params(params));
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().error.code, rpc_code::kInvalidRequest);
  }
  EXPECT_TRUE(parse_message(with_params(fmt::format(R"({{"a":"{}"}})", std::string(5000, ':')))));
}

TEST(ParseMessage, LimitsItsValues) {
  std::string many = "[0";
  for (int i = 0; i < 2'000'000; ++i) {
    many += ",0";
  }
  EXPECT_EQ(parse_message(with_params(many + "]")).error().error.code, rpc_code::kInvalidRequest);
}

TEST(ParseMessage, RefusesWhatIsTooDeep) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(parse_message(with_params(deep)).error().error.code, rpc_code::kParseError);
  EXPECT_FALSE(parse_message(with_params(std::string(100'000, ']'))));
}

TEST(ParseMessage, ReadsHalfASurrogatePairAsAReplacementCharacter) {
  EXPECT_EQ(text_read(R"(# \ud83d!)"), "# \uFFFD!");
  EXPECT_EQ(text_read(R"(\uDE00)"), "\uFFFD");
  EXPECT_EQ(text_read(R"(\uD83Dx)"), "\uFFFDx");
  EXPECT_EQ(text_read(R"(\ud83d\n\ude00)"), "\uFFFD\n\uFFFD");
  EXPECT_EQ(text_read(R"(\ud83d\ud83d\ude00)"), "\uFFFD\U0001F600");
  EXPECT_EQ(text_read(R"(\ud83d\u0041)"), "\uFFFDA");
  EXPECT_EQ(text_read(R"(\ud83d\\ude00)"), "\uFFFD\\ude00");
  EXPECT_EQ(text_read(R"(\\\ud83d)"), "\\\uFFFD");
}

TEST(ParseMessage, LeavesOtherEscapesAsTheyAre) {
  EXPECT_EQ(text_read(R"(\ud83d\ude00)"), "\U0001F600");
  EXPECT_EQ(text_read(R"(\\ud83d)"), "\\ud83d");
  EXPECT_EQ(text_read(R"(\\\\ud83d)"), "\\\\ud83d");
  EXPECT_EQ(text_read(R"(ud83d\u0041\"\/)"), "ud83dA\"/");
  EXPECT_EQ(text_read(R"(\ud8)"), fmt::format("{}", rpc_code::kParseError));
  EXPECT_EQ(text_read(R"(\u-d83)"), fmt::format("{}", rpc_code::kParseError));
  EXPECT_EQ(text_read("\xff"), fmt::format("{}", rpc_code::kParseError));
  EXPECT_EQ(text_read("\xed\xa0\xbd"), fmt::format("{}", rpc_code::kParseError));
  EXPECT_FALSE(parse_message("\\"));
  EXPECT_FALSE(parse_message(with_params(R"(\ud83d)")));
}

TEST(ParseMessage, ReadsAllMixturesOfEscapes) {
  constexpr std::array<std::string_view, 6> kEscaped = {"\\ud83d", "\\uDE00", "\\\\", "\\u00e4", "u", "\\n"};
  constexpr std::array<std::string_view, 6> kPlain = {"\uFFFD", "\uFFFD", "\\", "ä", "u", "\n"};
  for (std::size_t mixture = 0; mixture < 7776; ++mixture) {
    std::string escaped;
    std::string plain;
    bool is_behind_high = false;
    for (std::size_t left = mixture; left > 0; left /= kEscaped.size()) {
      const std::size_t piece = left % kEscaped.size();
      const bool is_low = piece == 1;
      escaped += kEscaped[piece];
      if (is_behind_high && is_low) {
        plain.replace(plain.size() - kPlain[0].size(), std::string::npos, "\U0001F600");
      } else {
        plain += kPlain[piece];
      }
      is_behind_high = piece == 0;
    }
    ASSERT_EQ(text_read(escaped), plain) << escaped;
  }
}

TEST(ParseRequest, KeepsToFewKeysAndToJson) {
  EXPECT_TRUE(parse_request(R"({"jsonrpc":"2.0","id":1,"method":"m","params":{}})"));
  EXPECT_EQ(parse_request(with_params(changes(200))).error().error.code, rpc_code::kInvalidRequest);
  EXPECT_EQ(parse_request(with_params(R"({"a":"\ud83d"})")).error().error.code, rpc_code::kParseError);
}

}  // namespace
}  // namespace repomap
