// SPDX-License-Identifier: Apache-2.0
// Queries of the test's own over the C grammar: predicates, and what a query is refused for.
#include "parsers/tag_query.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/parsers/custom_language.hpp"

namespace repomap {
namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view kCall = "(call_expression function: (identifier) @name @reference.call\n";

/// The calls in `text` that a predicate leaves.
Lines calls(std::string_view predicate, std::string_view text) {
  return CustomLanguage("c", std::string(kCall) + std::string(predicate) + ")").tags(text);
}

constexpr std::string_view kCalls = "int main(void) { alpha(); beta(); alphabet(); }\n";

TEST(Predicate, EqComparesWithAText) {
  EXPECT_EQ(calls("(#eq? @name \"alpha\")", kCalls), (Lines{"ref call alpha"}));
  EXPECT_EQ(calls("(#not-eq? @name \"alpha\")", kCalls), (Lines{"ref call beta", "ref call alphabet"}));
}

TEST(Predicate, EqComparesTwoCaptures) {
  const auto pairs = [](std::string_view predicate) {
    return CustomLanguage("c",
                          "(call_expression function: (identifier) @name arguments: (argument_list . (identifier) "
                          "@other)) @reference.call " +
                              std::string(predicate))
        .tags("int main(void) { a(a); b(c); }\n");
  };
  EXPECT_EQ(CustomLanguage("c",
                           "((call_expression function: (identifier) @name arguments: (argument_list . "
                           "(identifier) @other)) @reference.call (#eq? @name @other))")
                .tags("int main(void) { a(a); b(c); }\n"),
            (Lines{"ref call a"}));
  EXPECT_EQ(CustomLanguage("c",
                           "((call_expression function: (identifier) @name arguments: (argument_list . "
                           "(identifier) @other)) @reference.call (#not-eq? @name @other))")
                .tags("int main(void) { a(a); b(c); }\n"),
            (Lines{"ref call b"}));
  EXPECT_EQ(pairs(""), (Lines{"ref call a", "ref call b"}));
}

TEST(Predicate, AnyOfTakesAList) {
  EXPECT_EQ(calls("(#any-of? @name \"beta\" \"alpha\")", kCalls), (Lines{"ref call alpha", "ref call beta"}));
  EXPECT_EQ(calls("(#not-any-of? @name \"beta\" \"alpha\")", kCalls), (Lines{"ref call alphabet"}));
}

TEST(Predicate, MatchLooksAnywhereInTheText) {
  EXPECT_EQ(calls("(#match? @name \"pha\")", kCalls), (Lines{"ref call alpha", "ref call alphabet"}));
  EXPECT_EQ(calls("(#match? @name \"^alpha$\")", kCalls), (Lines{"ref call alpha"}));
  EXPECT_EQ(calls("(#not-match? @name \"^a\")", kCalls), (Lines{"ref call beta"}));
}

TEST(Predicate, AllOfAPatternMustHold) {
  EXPECT_EQ(calls("(#match? @name \"^alpha\") (#not-eq? @name \"alpha\")", kCalls), (Lines{"ref call alphabet"}));
}

TEST(Predicate, StripRemovesTheFirstMatchFromTheName) {
  EXPECT_EQ(calls("(#strip! @name \"^al|a\")", kCalls), (Lines{"ref call pha", "ref call bet", "ref call phabet"}));
  EXPECT_EQ(calls("(#strip! @name \"^(alpha|beta)$\")", kCalls), (Lines{"ref call alphabet"}))
      << "a name of which nothing is left is no tag";
}

TEST(Predicate, OtherToolsDirectivesAreReadOver) {
  EXPECT_EQ(calls("(#set! role x) (#is? @name local) (#is-not? @name local) (#select-adjacent! @name @name) "
                  "(#set-adjacent! @name @name)",
                  kCalls)
                .size(),
            3U);
}

// With the newline that is added to a last line without one, a node may end one byte behind the text.
TEST(Predicate, SeesTheTextOfANodeThatEndsBehindTheText) {
  const CustomLanguage language(
      "c", "((preproc_def name: (identifier) @name) @definition.macro @all (#match? @all \"define A\"))");
  EXPECT_EQ(language.tags("#define A 1\n"), (Lines{"def macro A"}));
  EXPECT_EQ(language.tags("#define A 1"), (Lines{"def macro A"}));
}

struct Refusal {
  std::string query;
  std::string place_and_reason;
};

TEST(TagQuery, IsRefusedWithFileLineAndColumn) {
  const std::vector<Refusal> refusals{
      {"\n(identifier @name", ":2:13: syntax error: @name"},
      {"\n  (no_such_node) @name", ":2:4: the grammar has no such node: no_such_node"},
      {"(call_expression no_such_field: (_)) @x", ":1:18: the grammar has no such field: no_such_field"},
      {"\n(identifier) @x\n((identifier) @name (#eq? @nope \"x\"))", ":3:28: no such capture: nope"},
      {"(identifier) @name\n(identifier) @definition.thing @name", ":2:14: unknown kind in @definition.thing"},
      {"(identifier) @reference.calls", ":1:14: unknown kind in @reference.calls"},
      {"(identifier) @name.definition.", ":1:"},
      {"((identifier) @name\n (#no-such? @name \"x\"))", ":2:3: unknown predicate #no-such?"},
      {"((identifier) @name\n (#not-strip! @name \"x\"))", ":2:3: unknown predicate #not-strip!"},
      {"(identifier)*+ @name", ":1:14: a second quantifier"},
      {"((identifier) @name (#eq? @name))", ":1:22: #eq? takes a capture and a value"},
      {"((identifier) @name (#eq? \"x\" @name))", ":1:22: #eq? takes a capture and a value"},
      {"((identifier) @name (#eq? @name \"x\" \"y\"))", ":1:22: #eq? takes a capture and a value"},
      {"((identifier) @name (#any-of? @name))", ":1:22: #any-of? takes a capture and values"},
      {"((identifier) @name (#any-of? @name @name))", ":1:22: #any-of? takes a capture and values"},
      {"((identifier) @name (#match? @name @name))", ":1:22: #match? takes a capture and a value"},
      {"((identifier) @name (#match? @name \"a\") (#match? @name \"(\"))", ":1:42: regular expression \"(\""},
  };
  for (const Refusal& refusal : refusals) {
    const CustomLanguage language("c", refusal.query);
    const std::string expected = language.query_path() + refusal.place_and_reason;
    EXPECT_EQ(language.error().substr(0, expected.size()), expected) << refusal.query;
    EXPECT_EQ(language.registry().load("custom").error().code, ErrorCode::kInvalidArgument) << refusal.query;
  }
}

// Loading does not look for it, because that takes up to half a second.
TEST(TagQuery, IsCheckedForStructuresThatTheGrammarDoesNotAllow) {
  const CustomLanguage impossible("c", "(number_literal (identifier) @name) @definition.function");
  EXPECT_EQ(impossible.error(), "");
  const Status checked = impossible.registry().check("custom");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message, impossible.query_path() +
                                         ":1:17: the grammar allows no such structure: "
                                         "(identifier) @name) @definition.function");
  const CustomLanguage possible("c", "(call_expression function: (identifier) @name) @reference.call");
  EXPECT_TRUE(possible.registry().check("custom"));
}

TEST(TagQuery, KnowsWhatItsCapturesMean) {
  const CustomLanguage language("c",
                                "(identifier) @name (field_identifier) @name.definition.field (comment) "
                                "@injection.html (type_identifier) @doc (number_literal) @ignore");
  ASSERT_EQ(language.error(), "");
  const TagQuery& query = (*language.registry().load("custom"))->query();
  const auto role = [&query](std::uint32_t index) { return query.capture(index).role; };
  EXPECT_EQ(role(0), CaptureRole::kName);
  EXPECT_TRUE(query.capture(0).is_name);
  EXPECT_EQ(role(1), CaptureRole::kDefinition);
  EXPECT_TRUE(query.capture(1).is_name);
  EXPECT_EQ(query.capture(1).kind, SymbolKind::kField);
  EXPECT_EQ(role(2), CaptureRole::kInjection);
  EXPECT_EQ(query.capture(2).language, "html");
  EXPECT_EQ(role(3), CaptureRole::kUnused);
  EXPECT_EQ(role(4), CaptureRole::kIgnore);
}

}  // namespace
}  // namespace repomap
