// SPDX-License-Identifier: Apache-2.0
// Which of several matches becomes a tag, and in which scope: the rules of docs/QUERIES.md, each with a query of its
// own.
#include "parsers/tag_candidates.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/base/utf8.hpp"
#include "parsers/tag_extractor.hpp"
#include "tests/parsers/custom_language.hpp"

namespace repomap {
namespace {

using Lines = std::vector<std::string>;

Lines tags(const std::string& grammar, std::string_view query, std::string_view text) {
  return CustomLanguage(grammar, query).tags(text);
}

constexpr std::string_view kFunction =
    "(function_definition declarator: (function_declarator declarator: (identifier) @name)) @definition.function\n";

TEST(TagRules, ADefinitionBeatsAReferenceOfTheSameName) {
  EXPECT_EQ(tags("c", "(identifier) @name @reference.symbol\n" + std::string(kFunction), "void f(void) { g; }\n"),
            (Lines{"def function f", "ref symbol f.g"}));
}

TEST(TagRules, AnEarlierPatternBeatsALaterOne) {
  constexpr std::string_view kText = "void f(void) { g(h); }\n";
  EXPECT_EQ(tags("c",
                 "(call_expression function: (identifier) @name) @reference.call (identifier) @name "
                 "@reference.symbol",
                 kText),
            (Lines{"ref symbol f", "ref call g", "ref symbol h"}));
  EXPECT_EQ(tags("c",
                 "(identifier) @name @reference.symbol (call_expression function: (identifier) @name) "
                 "@reference.call",
                 kText),
            (Lines{"ref symbol f", "ref symbol g", "ref symbol h"}));
}

TEST(TagRules, AnEarlierDefinitionBeatsALaterOne) {
  EXPECT_EQ(tags("c", "(type_identifier) @name @definition.type (struct_specifier name: (_) @name) @definition.struct",
                 "struct s { int x; };\n"),
            (Lines{"def type s"}));
}

TEST(TagRules, IgnoreStopsLaterPatternsOnly) {
  const std::string ignore = "((identifier) @ignore (#eq? @ignore \"g\"))\n";
  const std::string call = "(call_expression function: (identifier) @name) @reference.call\n";
  constexpr std::string_view kText = "void f(void) { g(); h(); }\n";
  EXPECT_EQ(tags("c", ignore + call, kText), (Lines{"ref call h"}));
  EXPECT_EQ(tags("c", call + ignore, kText), (Lines{"ref call g", "ref call h"}));
}

TEST(TagRules, IgnoreStopsADefinitionOfALaterPattern) {
  EXPECT_EQ(tags("c", "((identifier) @ignore (#eq? @ignore \"main\"))" + std::string(kFunction),
                 "int main(void) {}\nint f(void) {}\n"),
            (Lines{"def function f"}));
}

TEST(TagRules, AScopeLendsItsNameWithoutBeingATag) {
  EXPECT_EQ(tags("rust",
                 "(impl_item type: (type_identifier) @name) @scope\n"
                 "(function_item name: (identifier) @name) @definition.function",
                 "impl Foo { fn bar() { fn inner() {} } }\nfn free() {}\n"),
            (Lines{"def function Foo.bar", "def function Foo.bar.inner", "def function free"}));
}

TEST(TagRules, AQualifierStandsBetweenScopeAndName) {
  EXPECT_EQ(tags("cpp",
                 "(namespace_definition name: (namespace_identifier) @name) @definition.namespace\n"
                 "(function_definition declarator: (function_declarator declarator: (qualified_identifier "
                 "scope: (namespace_identifier) @qualifier name: (identifier) @name))) @definition.method\n",
                 "namespace n { void C::f() {} }\n"),
            (Lines{"def namespace n", "def method n.C.f"}));
}

TEST(TagRules, ADefinitionIsNotInItsOwnScope) {
  EXPECT_EQ(tags("c", kFunction, "void f(void) {}\nvoid g(void) {}\n"), (Lines{"def function f", "def function g"}));
}

TEST(TagRules, ScopesEndWhereTheirNodesEnd) {
  EXPECT_EQ(tags("python",
                 "(class_definition name: (identifier) @name) @definition.class\n"
                 "(function_definition name: (identifier) @name) @definition.function",
                 "class A:\n  class B:\n    def f(): pass\n  def g(): pass\ndef h(): pass\n"),
            (Lines{"def class A", "def class A.B", "def function A.B.f", "def function A.g", "def function h"}));
}

TEST(TagRules, AnInjectionIsParsedAsItsLanguage) {
  constexpr std::string_view kQuery = "(script_element (raw_text) @injection.javascript)";
  EXPECT_EQ(tags("html", kQuery, "<p>x</p><script>function f() {}</script>\n<script>class C {}</script>\n"),
            (Lines{"def function f", "def class C"}));
}

TEST(TagRules, AnInjectionsTagsHaveTheirPlaceInTheFile) {
  const CustomLanguage language("html", "(script_element (raw_text) @injection.javascript)");
  TagExtractor extractor(language.registry(), kAmpleTime);
  const auto tags =
      extractor.extract(**language.registry().load("custom"), "<p>\n</p><script>\n let x; function f(){}</script>");
  ASSERT_TRUE(tags);
  ASSERT_FALSE(tags->tags.empty());
  EXPECT_EQ(tags->tags.back().line, 2U);
  EXPECT_EQ(tags->tags.back().column, 17U);
}

TEST(TagRules, TheHostsPatternsWinOverTheInjectedOnes) {
  EXPECT_EQ(tags("html", "((raw_text) @name @reference.symbol) (script_element (raw_text) @injection.javascript)",
                 "<script>f</script>\n"),
            (Lines{"ref symbol f"}));
}

TEST(TagRules, AnInjectionOfALanguageThatIsUnknownIsLeftOut) {
  EXPECT_EQ(tags("html", "(script_element (raw_text) @injection.no_such_language) (tag_name) @name @reference.symbol",
                 "<script>f</script>\n"),
            (Lines{"ref symbol script", "ref symbol script"}));
}

TEST(TagRules, WhatIsInjectedTwiceIsParsedOnce) {
  EXPECT_EQ(tags("html", "(script_element (raw_text) @injection.javascript) ((raw_text) @injection.javascript)",
                 "<script>f()</script><script>g()</script>\n"),
            (Lines{"ref call f", "ref call g"}));
}

TEST(TagRules, NamesAreOneLineOfValidUtf8) {
  const auto found = tags("c", "(string_literal) @name @reference.symbol", "char *s = \"a \t b\xff\" ;\n");
  EXPECT_EQ(found, (Lines{"ref symbol \"a b\uFFFD\""}));
}

TEST(TagRules, LongNamesAreCutAtACharacter) {
  const std::string text = "int f(void) { \"" + std::string(254, 'x') + "€€\"; }\n";
  const CustomLanguage language("c", "(string_literal) @name @reference.symbol");
  const auto found = language.tags(text);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front(), "ref symbol \"" + std::string(254, 'x'));
}

std::string signature_of(std::string_view text) {
  const CustomLanguage language("c", kFunction);
  TagExtractor extractor(language.registry(), kAmpleTime);
  const auto found = extractor.extract(**language.registry().load("custom"), text);
  return found && !found->tags.empty() ? std::string(found->signature(found->tags.back())) : "no tag";
}

TEST(Signature, IsTheTrimmedSourceLineOfTheName) {
  EXPECT_EQ(signature_of("\t static int\r\n\t f(void)  {\r\n}\r\n"), "f(void) {");
  EXPECT_EQ(signature_of("int f(void) {}"), "int f(void) {}");
}

TEST(Signature, OfALongLineBeginsAtTheNameAndStaysOnTheLine) {
  const std::string line = "/*" + std::string(500, '-') + "*/ int f(void) {}";
  EXPECT_EQ(signature_of(line + "\nint not_on_this_line;\n"), "f(void) {}");
}

TEST(Signature, IsCutAtACharacter) {
  const std::string signature = signature_of("int f(void) { /* " + std::string(222, 'x') + "€€€ */ }\n");
  EXPECT_EQ(signature, "int f(void) { /* " + std::string(222, 'x'));
  EXPECT_TRUE(is_valid_utf8(signature));
}

}  // namespace
}  // namespace repomap
