// SPDX-License-Identifier: Apache-2.0
#include "parsers/tag_extractor.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/utf8.hpp"
#include "tests/parsers/custom_language.hpp"

namespace repomap {
namespace {

using Lines = std::vector<std::string>;
using std::chrono::milliseconds;

std::string repeated(std::string_view line, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) {
    text += line;
  }
  return text;
}

class Extractor : public testing::Test {
 protected:
  Result<FileTags> extract(std::string_view language, std::string_view text) {
    const auto loaded = registry_.load(language);
    EXPECT_TRUE(loaded) << loaded.error().message;
    return extractor_.extract(**loaded, text);
  }

  Lines tags(std::string_view language, std::string_view text) {
    const auto tags = extract(language, text);
    return tags ? one_line_each(*tags) : Lines{tags.error().message};
  }

  const LanguageRegistry registry_{built_in_directories(), {}};
  TagExtractor extractor_{registry_, kAmpleTime};
};

TEST_F(Extractor, DescribesTheFile) {
  const std::string text = "int f(void) { return 0; }\n\nint g(void)\n{\n}\n";
  const auto found = extract("c", text);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->content, digest_of(text));
  EXPECT_EQ(found->language, "c");
  EXPECT_EQ(found->line_count, 5U);
  EXPECT_FALSE(found->has_syntax_errors);
  ASSERT_EQ(found->tags.size(), 2U);
  EXPECT_EQ(found->tags[1].line, 2U);
  EXPECT_EQ(found->tags[1].column, 4U);
  EXPECT_EQ(found->tags[1].end_line, 4U);
}

TEST_F(Extractor, CountsLines) {
  for (const auto& [text, lines] : std::vector<std::pair<std::string, std::uint32_t>>{
           {"", 0}, {"\n", 1}, {"x", 1}, {"x\n", 1}, {"x\ny", 2}, {"x\n\n", 2}, {"x\r\ny\r\n", 2}}) {
    EXPECT_EQ(extract("c", text).value_or(FileTags()).line_count, lines) << testing::PrintToString(text);
  }
}

TEST_F(Extractor, AnEmptyFileHasNoTags) {
  for (const std::string_view language : {"c", "python", "html", "json"}) {
    const auto found = extract(language, "");
    ASSERT_TRUE(found) << language;
    EXPECT_TRUE(found->tags.empty()) << language;
    EXPECT_TRUE(found->scopes.empty()) << language;
  }
}

TEST_F(Extractor, AMissingLastNewlineMakesNoDifference) {
  for (const auto& [language, text] : std::vector<std::pair<std::string, std::string>>{
           {"c", "#ifndef A_H\n#define A_H\nint f(void) { return 0; }\n#endif"},
           {"c", "#define A 1"},
           {"cpp", "#ifdef X\nclass A {\n  void f() {}\n};\n#endif // X"},
           {"python", "class A:\n  def f(self):\n    return g()"},
           {"make", "all: a.o\n\tcc -o all a.o"},
           {"bash", "f() {\n  echo x\n}\ncat <<E\nx\nE"},
           {"yaml", "a:\n  b: 1"},
           {"markdown", "# One\n\n## Two"}}) {
    const auto language_on = registry_.load(language);
    if (!language_on) {
      continue;  // golden_tags_test says so
    }
    const auto without = extract(language, text);
    const auto with = extract(language, text + '\n');
    ASSERT_TRUE(without && with) << language;
    EXPECT_EQ(one_line_each(*without), one_line_each(*with)) << language;
    EXPECT_EQ(without->scopes, with->scopes) << language;
    EXPECT_EQ(without->has_syntax_errors, with->has_syntax_errors) << language;
    EXPECT_EQ(without->line_count, with->line_count) << language;
    for (std::size_t i = 0; i < without->tags.size(); ++i) {
      EXPECT_EQ(without->tags[i].end_line, with->tags[i].end_line) << language;
    }
  }
}

TEST_F(Extractor, ATextThatEndsWithinACharacterIsRead) {
  EXPECT_EQ(tags("c", "int f(void) {}\n// \xe2\x82"), (Lines{"def function f"}));
  EXPECT_EQ(tags("c", "int f(void) {}\n\xf0\x9f").front(), "def function f");
}

TEST_F(Extractor, LineEndsMakeNoDifferenceToNamesAndLines) {
  const std::string unix_text = "class A:\n    def f(self):\n        g()\n";
  std::string dos_text;
  for (const char c : unix_text) {
    dos_text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  }
  const auto unix_tags = extract("python", unix_text);
  const auto dos_tags = extract("python", dos_text);
  ASSERT_TRUE(unix_tags && dos_tags);
  EXPECT_EQ(one_line_each(*unix_tags), one_line_each(*dos_tags));
  for (std::size_t i = 0; i < unix_tags->tags.size(); ++i) {
    EXPECT_EQ(unix_tags->tags[i].line, dos_tags->tags[i].line);
    EXPECT_EQ(unix_tags->tags[i].end_line, dos_tags->tags[i].end_line);
    EXPECT_EQ(unix_tags->signature(unix_tags->tags[i]), dos_tags->signature(dos_tags->tags[i]));
  }
}

TEST_F(Extractor, AByteOrderMarkHidesNothing) {
  for (const auto& [language, text] :
       std::vector<std::pair<std::string, std::string>>{{"c", "int f(void) { return 0; }\n"},
                                                        {"python", "def f():\n    pass\n"},
                                                        {"javascript", "function f() {}\n"},
                                                        {"go", "package p\n\nfunc f() {}\n"},
                                                        {"csharp", "class A { void F() {} }\n"},
                                                        {"java", "class A { void f() {} }\n"}}) {
    const auto plain = extract(language, text);
    const auto marked = extract(language, "\xEF\xBB\xBF" + text);
    ASSERT_TRUE(plain && marked) << language;
    EXPECT_EQ(one_line_each(*plain), one_line_each(*marked)) << language;
  }
}

TEST_F(Extractor, InvalidUtf8AndNulBytesCostOnlyWhatTheyHit) {
  EXPECT_EQ(tags("c", "int f(void) {}\nchar *s = \"\xff\xfe\";\nint g(void) {}\n"),
            (Lines{"def function f", "def variable s", "def function g"}));
  const std::string with_nul = std::string("int f(void) {}\n") + '\0' + "\nint g(void) {}\n";
  const Lines found = tags("c", with_nul);
  EXPECT_EQ(found.front(), "def function f");
  EXPECT_EQ(found.back(), "def function g");
}

TEST_F(Extractor, SaysThatThereAreSyntaxErrors) {
  const auto found = extract("c", "int f(void) {}\n} } (\nint g(void) {}\n");
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->has_syntax_errors);
}

TEST_F(Extractor, GivesAFileUpAtTheTimeLimit) {
  const std::string text = repeated("int f(void) { return g(1, 2, 3); }\n", 200'000);
  const auto language = registry_.load("c");
  ASSERT_TRUE(language);
  TagExtractor hurried(registry_, milliseconds(1));
  const auto found = hurried.extract(**language, text);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kLimitExceeded);
  EXPECT_FALSE(hurried.extract(**language, text)) << "the next file is not affected by the one before";
}

TEST_F(Extractor, GivesAFileUpThatNobodyWants) {
  const std::string text = repeated("int f(void) { return g(1, 2, 3); }\n", 100'000);
  const auto language = registry_.load("c");
  ASSERT_TRUE(language);
  int asked = 0;
  TagExtractor extractor(registry_, kAmpleTime, [&asked] { return ++asked > 2; });
  EXPECT_FALSE(extractor.extract(**language, text));
  EXPECT_EQ(asked, 3);
}

TEST_F(Extractor, WorksOnAfterAFileThatWasGivenUp) {
  const std::string text = repeated("def f(): return g(1)\n", 100'000);
  const auto language = registry_.load("python");
  ASSERT_TRUE(language);
  TagExtractor extractor(registry_, milliseconds(40));
  ASSERT_FALSE(extractor.extract(**language, text));
  for (int attempt = 0; attempt < 100; ++attempt) {
    // A loaded machine may hold one attempt up, not all of them.
    if (const auto found = extractor.extract(**language, "def f(): return g(1)\n")) {
      EXPECT_EQ(one_line_each(*found), (Lines{"def function f", "ref call f.g"}));
      return;
    }
  }
  FAIL() << "a small file never got through";
}

TEST_F(Extractor, EmbeddedLanguagesStayUsable) {
  const std::string page = "<p id=\"a\">x</p><script>function f() { g(); }</script><style>.c { color: red }</style>\n";
  const Lines first = tags("html", page);
  EXPECT_NE(std::find(first.begin(), first.end(), "def function f"), first.end());
  std::string filler;
  for (int i = 0; i < 2000; ++i) {
    filler += "int f" + std::to_string(i) + "(void) { return g(1, 2, 3); }\n";
  }
  ASSERT_TRUE(extract("c", filler)) << "takes the memory that the first file was parsed in";
  EXPECT_EQ(tags("html", page), first);
  EXPECT_EQ(tags("javascript", "function h() {}\n"), (Lines{"def function h"}));
}

TEST_F(Extractor, GivesTheSameTagsWhateverCameBefore) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  const std::vector<std::pair<std::string, std::string>> files{
      {"c", "struct s { int x; };\nint f(struct s *a) { return a->x; }\n"},
      {"python", "class A(B):\n    def f(self): return g(self.h)\n"},
      {"javascript", "export class A extends B { m() { return f(); } }\n"},
      {"html", "<script>function f() {}</script>\n"},
      {"go", "package p\n\ntype T struct{}\n\nfunc (t T) M() {}\n"}};
  std::vector<Lines> expected;
  for (const auto& [language, text] : files) {
    const auto loaded = registry_.load(language);
    ASSERT_TRUE(loaded);
    expected.push_back(one_line_each(*TagExtractor(registry_, kAmpleTime).extract(**loaded, text)));
  }
  for (int round = 0; round < 100; ++round) {
    const std::size_t which = random() % files.size();
    ASSERT_EQ(tags(files[which].first, files[which].second), expected[which]) << "seed " << seed;
  }
}

TEST_F(Extractor, ReadsRandomBytesInEveryLanguage) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  constexpr std::string_view kAlphabet = "abAB_09 \n\t(){}[]<>;:,.=+-*/\\#@!?'\"`$%&|~^\xc3\xa9\xff\0";
  for (const LanguageSpec& spec : registry_.specs()) {
    const auto language = registry_.load(spec.name);
    if (!language) {
      continue;  // golden_tags_test says so
    }
    for (int round = 0; round < 10; ++round) {
      std::string text(random() % 300, '\0');
      for (char& byte : text) {
        byte = kAlphabet[random() % kAlphabet.size()];
      }
      const auto found = extractor_.extract(**language, text);
      ASSERT_TRUE(found) << spec.name << " seed " << seed;
      for (const Tag& tag : found->tags) {
        ASSERT_FALSE(found->name(tag).empty()) << spec.name << " seed " << seed;
        ASSERT_TRUE(is_valid_utf8(found->name(tag))) << spec.name << " seed " << seed;
        ASSERT_TRUE(is_valid_utf8(found->signature(tag))) << spec.name << " seed " << seed;
        ASSERT_LE(tag.line, tag.end_line) << spec.name << " seed " << seed;
        ASSERT_LT(tag.end_line, found->line_count) << spec.name << " seed " << seed << '\n' << text;
      }
    }
  }
}

}  // namespace
}  // namespace repomap
