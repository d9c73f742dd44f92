// SPDX-License-Identifier: Apache-2.0
#include "ranking/token_counter.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/task_pool.hpp"
#include "core/model/map_request.hpp"
#include "ranking/pretokenizer.hpp"

namespace repomap {
namespace {

const std::string kDataDirectory = REPOMAP_DATA_DIR;

std::unique_ptr<TokenCounter> open(Tokenizer tokenizer) {
  Result<std::unique_ptr<TokenCounter>> counter = open_token_counter(tokenizer, kDataDirectory);
  EXPECT_TRUE(counter) << counter.error().message;
  return counter ? std::move(*counter) : nullptr;
}

/// A directory that lives as long as the object.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    path_ = (std::filesystem::temp_directory_path() / "repomap_token_counter_XXXXXX").string();
    EXPECT_NE(::mkdtemp(path_.data()), nullptr);
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::string& path() const { return path_; }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(path_ + "/" + name, std::ios::binary) << content;
  }

 private:
  std::string path_;
};

std::string read(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

std::vector<std::string> words(BpeEncoding encoding, const std::string& text) {
  std::vector<std::string> result;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = pretoken_end(encoding, text, begin);
    result.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return result;
}

TEST(TokenCounter, CountsWhatTheReferenceEncoderCounts) {
  struct Case {
    std::string text;
    std::size_t o200k;
    std::size_t cl100k;
  };
  const std::vector<Case> cases = {
      {"", 0, 0},
      {"hello world", 2, 2},
      {"getHTTPResponseCode", 4, 4},
      {"  if (x) {\r\n\treturn;\r\n  }\n", 10, 10},
      {"3.14159265358979", 7, 7},
      {"I'LL don't", 4, 5},
      {"你好，世界！", 4, 7},
      {"👩‍💻 done", 6, 8},
      {"مرحبا بالعالم", 4, 10},
      {"e\u0301a\u0308", 4, 5},
      {"a\ufeffb", 3, 3},
      {"// path/to\n/// x", 6, 6},
      {std::string(400, 'x'), 50, 50},
      {std::string(300, ' '), 3, 3},
  };
  const auto o200k = open(Tokenizer::kO200kBase);
  const auto cl100k = open(Tokenizer::kCl100kBase);
  ASSERT_TRUE(o200k && cl100k);
  for (const Case& one : cases) {
    EXPECT_EQ(o200k->count(one.text), one.o200k) << one.text;
    EXPECT_EQ(cl100k->count(one.text), one.cl100k) << one.text;
  }
}

TEST(TokenCounter, TakesSpecialTokensAsPlainText) {
  EXPECT_EQ(open(Tokenizer::kO200kBase)->count("<|endoftext|>"), 7U);
  EXPECT_EQ(open(Tokenizer::kCl100kBase)->count("<|endoftext|>"), 7U);
}

TEST(TokenCounter, ReplacesEachMaximalInvalidSubsequence) {
  const std::string replacement = "\xef\xbf\xbd";
  const std::vector<std::pair<std::string, int>> cases = {
      {"\xff", 1},         {"\x80", 1},     {"\xe2\x82", 1},         {"\xe2\x82|", 1}, {"\xf0\x9f\x91", 1},
      {"\xf0\x80\x80", 3}, {"\xc0\xaf", 2}, {"\xed\xa0\x80", 3},     {"\xc3", 1},      {"\xf4\x90\x80\x80", 4},
      {"\xf0\x9f\xe2", 2}, {"\xe0\x9f", 2}, {"\xf5\x80\x80\x80", 4}, {"\xe2\xe2", 2},
  };
  const auto counter = open(Tokenizer::kO200kBase);
  for (const auto& [invalid, count] : cases) {
    std::string expected;
    for (int i = 0; i < count; ++i) {
      expected += replacement;
    }
    expected += invalid.ends_with('|') ? "|" : "";
    EXPECT_EQ(counter->count(invalid), counter->count(expected)) << testing::PrintToString(invalid);
    EXPECT_EQ(counter->count("an é and " + invalid + " b"), counter->count("an é and " + expected + " b"))
        << testing::PrintToString(invalid);
    // Each replacement character by itself, so that their number shows.
    const auto characters = open(Tokenizer::kChars4);
    EXPECT_EQ(characters->count(std::string(3, 'a') + invalid), characters->count(std::string(3, 'a') + expected));
  }
}

TEST(TokenCounter, Chars4RoundsCodePointsUp) {
  const auto counter = open(Tokenizer::kChars4);
  EXPECT_EQ(counter->count(""), 0U);
  EXPECT_EQ(counter->count("a"), 1U);
  EXPECT_EQ(counter->count("abcd"), 1U);
  EXPECT_EQ(counter->count("abcde"), 2U);
  EXPECT_EQ(counter->count("你好世界"), 1U);
  EXPECT_EQ(counter->count("👩‍💻!"), 1U);
  EXPECT_EQ(counter->count("\xff\xff\xff\xff"), 1U);
  EXPECT_EQ(counter->count("\xff\xff\xff\xff\xff"), 2U);
}

TEST(TokenCounter, IsLinearEnoughForAMegabyteWithoutABreak) {
  const auto counter = open(Tokenizer::kO200kBase);
  EXPECT_EQ(counter->count(std::string(1 << 20, 'x')), (1U << 20) / 8);
}

TEST(TokenCounter, CountsFromManyThreads) {
  const auto counter = open(Tokenizer::kO200kBase);
  const std::string text = read(std::string(REPOMAP_SOURCE_DIR) + "/ranking/pretokenizer.cpp");
  const std::size_t expected = counter->count(text);
  ASSERT_GT(expected, 1000U);
  std::vector<std::size_t> counts(64);
  TaskPool(4).run_all(counts.size(), [&](std::size_t item, std::size_t) { counts[item] = counter->count(text); });
  EXPECT_EQ(counts, std::vector<std::size_t>(counts.size(), expected));
}

TEST(TokenCounter, OpensOnlyImagesOfTheRightEncoding) {
  const ScratchDirectory directory;
  const auto code_of = [&] {
    const auto counter = open_token_counter(Tokenizer::kO200kBase, directory.path());
    return counter ? std::nullopt : std::optional(counter.error().code);
  };
  EXPECT_EQ(code_of(), ErrorCode::kNotFound);
  directory.write("o200k_base.bpe", "");
  EXPECT_EQ(code_of(), ErrorCode::kCorrupt);
  directory.write("o200k_base.bpe", std::string(5000, 'x'));
  EXPECT_EQ(code_of(), ErrorCode::kCorrupt);
  const std::string image = read(kDataDirectory + "/o200k_base.bpe");
  directory.write("o200k_base.bpe", image.substr(0, image.size() - 1));
  EXPECT_EQ(code_of(), ErrorCode::kCorrupt);
  directory.write("o200k_base.bpe", read(kDataDirectory + "/cl100k_base.bpe"));
  EXPECT_EQ(code_of(), ErrorCode::kUnsupported);
  directory.write("o200k_base.bpe", image);
  EXPECT_EQ(code_of(), std::nullopt);
  std::filesystem::remove(directory.path() + "/o200k_base.bpe");
  std::filesystem::create_directory(directory.path() + "/o200k_base.bpe");
  EXPECT_EQ(code_of(), ErrorCode::kUnsupported);
}

TEST(TokenCounter, NamesRoundTrip) {
  for (const Tokenizer tokenizer : {Tokenizer::kO200kBase, Tokenizer::kCl100kBase, Tokenizer::kChars4}) {
    EXPECT_EQ(tokenizer_from_name(tokenizer_name(tokenizer)), tokenizer);
  }
  EXPECT_EQ(tokenizer_name(Tokenizer::kO200kBase), "o200k_base");
  EXPECT_EQ(tokenizer_from_name("p50k_base"), std::nullopt);
}

TEST(Pretokenizer, SplitsWhereThePatternOfO200kDoes) {
  using Words = std::vector<std::string>;
  const auto split = [](const std::string& text) { return words(BpeEncoding::kO200kBase, text); };
  EXPECT_EQ(split("HTTPServer's  x"), (Words{"HTTPServer's", " ", " x"}));
  EXPECT_EQ(split("fooBarBAZ"), (Words{"foo", "Bar", "BAZ"}));
  EXPECT_EQ(split("12345 67"), (Words{"123", "45", " ", "67"}));
  EXPECT_EQ(split(" //\n/\n\n  a"), (Words{" //\n/\n\n", " ", " a"}));
  EXPECT_EQ(split("a \n \n  \tb "), (Words{"a", " \n \n", "  ", "\tb", " "}));
  EXPECT_EQ(split("A中B"), (Words{"A中", "B"}));
  EXPECT_EQ(split("\u0301AB"), (Words{"\u0301", "AB"}));
}

TEST(Pretokenizer, SplitsWhereThePatternOfCl100kDoes) {
  using Words = std::vector<std::string>;
  const auto split = [](const std::string& text) { return words(BpeEncoding::kCl100kBase, text); };
  EXPECT_EQ(split("fooBar's 'sun"), (Words{"fooBar", "'s", " '", "sun"}));
  EXPECT_EQ(split("'Sun 'lL"), (Words{"'S", "un", " '", "lL"}));
  EXPECT_EQ(split(" //\n/"), (Words{" //\n", "/"}));
  EXPECT_EQ(split("e\u0301a"), (Words{"e", "\u0301a"}));
}

}  // namespace
}  // namespace repomap
