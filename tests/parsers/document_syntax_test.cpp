// SPDX-License-Identifier: Apache-2.0
#include "parsers/document_syntax.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/doc_comment.hpp"
#include "parsers/folding_ranges.hpp"
#include "parsers/line_table.hpp"
#include "parsers/local_bindings.hpp"
#include "tests/parsers/custom_language.hpp"

namespace repomap {
namespace {

const LanguageRegistry& registry() {
  static const LanguageRegistry kRegistry(built_in_directories(), {});
  return kRegistry;
}

Result<DocumentSyntax> parse(std::string_view language, std::string_view text,
                             std::chrono::milliseconds limit = kAmpleTime) {
  const auto loaded = registry().load(language);
  EXPECT_TRUE(loaded) << loaded.error().message;
  return DocumentSyntax::parse(**loaded, text, limit);
}

void check_enclosing(const DocumentSyntax& syntax, std::string_view text, std::uint32_t byte) {
  const std::vector<ByteRange> ranges = syntax.enclosing(byte);
  ASSERT_EQ(ranges.empty(), text.empty());
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    ASSERT_LT(ranges[i].begin, ranges[i].end);
    if (byte <= text.size()) {
      ASSERT_LE(ranges[i].begin, byte);
      ASSERT_GE(ranges[i].end, byte);
    }
    if (i > 0) {
      ASSERT_LE(ranges[i].begin, ranges[i - 1].begin);
      ASSERT_GE(ranges[i].end, ranges[i - 1].end);
      ASSERT_NE(ranges[i], ranges[i - 1]);
    }
  }
  if (!ranges.empty()) {
    ASSERT_EQ(ranges.back(), (ByteRange{0, static_cast<std::uint32_t>(text.size())}));
  }
}

void check_binding(const DocumentSyntax& syntax, std::string_view text, std::uint32_t identifier) {
  const ByteRange self = syntax.nodes()[identifier].bytes;
  const NameBindings bindings(syntax, text, text.substr(self.begin, self.end - self.begin));
  const auto binding = bindings.binding_of(identifier);
  if (!binding) {
    return;
  }
  ASSERT_NE(std::ranges::find(binding->occurrences, self), binding->occurrences.end());
  ASSERT_NE(std::ranges::find(binding->occurrences, binding->definition), binding->occurrences.end());
  ASSERT_TRUE(std::ranges::is_sorted(binding->occurrences, {}, &ByteRange::begin));
  for (const ByteRange& place : binding->occurrences) {
    ASSERT_EQ(text.substr(place.begin, place.end - place.begin), text.substr(self.begin, self.end - self.begin));
  }
}

void check_folds(const DocumentSyntax& syntax, std::string_view text, const LineTable& lines) {
  std::int64_t before = -1;
  for (const Fold& fold : folding_ranges(syntax, text, lines)) {
    ASSERT_GT(std::int64_t{fold.first_line}, before);
    ASSERT_GT(fold.last_line, fold.first_line);
    ASSERT_LT(fold.last_line, lines.line_count());
    before = fold.first_line;
  }
}

/// What must hold for any text, at `offsets` random places of it.
void check(std::string_view language, std::string_view text, std::mt19937& random, int offsets) {
  const auto syntax = parse(language, text);
  ASSERT_TRUE(syntax) << syntax.error().message;
  const LineTable lines(text);
  check_folds(*syntax, text, lines);
  for (int i = 0; i < offsets; ++i) {
    const auto byte = static_cast<std::uint32_t>(random() % (text.size() + 3));
    SCOPED_TRACE(byte);
    check_enclosing(*syntax, text, byte);
    if (const auto identifier = syntax->identifier_at(byte)) {
      check_binding(*syntax, text, *identifier);
      find_doc_comment(*syntax, text, lines, syntax->nodes()[*identifier].bytes.begin);
    }
    const TextPosition place = lines.position_of(byte);
    ASSERT_LT(place.line, lines.line_count());
    ASSERT_TRUE(lines.byte_at(text, place));
    ASSERT_LE(*lines.byte_at(text, place), byte);
  }
}

std::string repeated(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) {
    result += text;
  }
  return result;
}

TEST(DocumentSyntax, TellsTrueThingsOfFixtures) {
  std::mt19937 random(1);
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(REPOMAP_FIXTURES_DIR "/tags")) {
    if (!entry.is_regular_file()) {
      continue;
    }
    std::ifstream stream(entry.path(), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(stream)), {});
    const std::string_view language = registry().detector().detect(entry.path().string(), text);
    if (language.empty() || !registry().load(language)) {
      continue;  // golden_tags_test says so
    }
    SCOPED_TRACE(entry.path().string());
    check(language, text, random, 60);
    ++files;
  }
  EXPECT_GT(files, 40);
}

TEST(DocumentSyntax, TellsTrueThingsOfDamagedText) {
  std::mt19937 random(2);
  const std::string source =
      "int f(int a) {\r\n  for (int i = 0; i < a; ++i) {\n    g(a, [=](int b) { return b; });\n  }\n}\n// c\n";
  for (int round = 0; round < 300; ++round) {
    std::string text = source;
    for (int change = 0; change < 6; ++change) {
      const std::size_t at = random() % text.size();
      if (random() % 2 == 0) {
        text.erase(at, random() % 10);
      } else {
        text.insert(at, 1, static_cast<char>(random() % 256));
      }
      text += text.empty() ? " " : "";
    }
    SCOPED_TRACE(testing::PrintToString(text));
    for (const std::string_view language : {"cpp", "python", "javascript", "rust", "bash", "ruby", "php"}) {
      check(language, text, random, 20);
    }
  }
}

TEST(DocumentSyntax, TakesOddTexts) {
  std::mt19937 random(3);
  for (const std::string_view text : {"", "\n", "x", "\r\n", "\xff\xfe", "def f(\xc3\x28):\n  \xff", "/*", "\"",
                                      "def f(a):\r\n  return a\r\n", "a\n\n\n"}) {
    for (const std::string_view language : {"c", "python", "go", "lua", "json", "html"}) {
      SCOPED_TRACE(testing::PrintToString(text));
      check(language, text, random, 10);
    }
  }
}

TEST(DocumentSyntax, TakesDeepNesting) {
  std::mt19937 random(4);
  check("c", "int x = " + repeated("(", 100'000) + "a" + repeated(")", 100'000) + ";\n", random, 2);
  check("json", repeated("[", 100'000), random, 2);
  check("c", "int f(int a) {" + repeated("{a;\n", 20'000), random, 2);
  check("javascript", repeated("function a(a) { a;\n", 5'000), random, 3);
  check("python", "x = " + repeated("lambda a: (a, ", 3'000) + "a" + repeated(")", 3'000) + "\n", random, 3);
  check("ruby", repeated("a { a = 1\n", 3'000) + repeated("}", 3'000) + "\n", random, 3);
  check("rust", "fn f() { let " + repeated("(a, ", 5'000) + "a" + repeated(")", 5'000) + " = b; }\n", random, 3);
}

TEST(DocumentSyntax, StopsAtTheTimeLimit) {
  const std::string text = repeated("int a = b + (c - d) * e;\n", 150'000);
  const auto syntax = parse("c", text, std::chrono::milliseconds(1));
  ASSERT_FALSE(syntax);
  EXPECT_EQ(syntax.error().code, ErrorCode::kLimitExceeded);
}

TEST(DocumentSyntax, NodesAreInDocumentOrder) {
  const auto syntax = parse("c", "int f(int a) { return a; }\nint b;\n");
  ASSERT_TRUE(syntax);
  const auto nodes = syntax->nodes();
  for (std::uint32_t node = 1; node < nodes.size(); ++node) {
    ASSERT_LT(nodes[node].parent, node);
    ASSERT_GT(nodes[node].end_node, node);
    ASSERT_LE(nodes[node].end_node, nodes[nodes[node].parent].end_node);
    ASSERT_GE(nodes[node].bytes.begin, nodes[node - 1].bytes.begin);
  }
  const std::uint32_t function = syntax->first_child(0);
  EXPECT_EQ(syntax->kind_of(function), "function_definition");
  EXPECT_EQ(syntax->kind_of(syntax->next_sibling(function)), "declaration");
  EXPECT_EQ(syntax->next_sibling(syntax->next_sibling(function)), SyntaxNode::kNone);
  EXPECT_EQ(syntax->field_of(syntax->first_child(function)), "type");
}

}  // namespace
}  // namespace repomap
