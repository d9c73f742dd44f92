// SPDX-License-Identifier: Apache-2.0
#include "parsers/language_registry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/task_pool.hpp"
#include "parsers/tag_extractor.hpp"
#include "tests/parsers/custom_language.hpp"

namespace repomap {
namespace {

constexpr std::string_view kGoodQuery = "(identifier) @name @reference.symbol\n";

/// A directory of a user's languages.
class UserLanguages : public testing::Test {
 protected:
  LanguageSpec spec(const std::string& name, const std::string& grammar_path, const std::string& symbol,
                    std::string_view query) const {
    tree_.write(name + ".scm", query);
    LanguageSpec spec;
    spec.name = name;
    spec.grammar = name;
    spec.symbol = symbol;
    spec.extensions = {"." + name};
    spec.grammar_path = grammar_path;
    spec.query_path = tree_.path(name + ".scm");
    return spec;
  }

  LanguageSpec c_with_query(const std::string& name, std::string_view query) const {
    return spec(name, REPOMAP_GRAMMARS_DIR "/c.so", "tree_sitter_c", query);
  }

  static Error error_of(const LanguageRegistry& registry, const std::string& name) {
    const auto language = registry.load(name);
    EXPECT_FALSE(language) << name << " loads";
    return language ? Error{} : language.error();
  }

  TemporaryTree tree_;
};

TEST_F(UserLanguages, OneBrokenLanguageLeavesTheOthersOn) {
  const LanguageRegistry registry(built_in_directories(),
                                  {
                                      spec("missing", tree_.path("no.so"), "", kGoodQuery),
                                      spec("abi", REPOMAP_BAD_GRAMMAR, "tree_sitter_abi_99", kGoodQuery),
                                      spec("null", REPOMAP_BAD_GRAMMAR, "tree_sitter_null", kGoodQuery),
                                      spec("symbol", REPOMAP_BAD_GRAMMAR, "", kGoodQuery),
                                      c_with_query("query", "(no_such_node) @name"),
                                      c_with_query("good", kGoodQuery),
                                  });
  const auto check = [&](const std::string& name, ErrorCode code, std::string_view part) {
    const Error error = error_of(registry, name);
    EXPECT_EQ(error.code, code) << name;
    EXPECT_NE(error.message.find(part), std::string::npos) << error.message;
    EXPECT_EQ(error_of(registry, name).message, error.message) << "the reason is kept";
  };
  check("missing", ErrorCode::kNotFound, "no.so");
  check("abi", ErrorCode::kUnsupported, "ABI version 99; this build reads 13 to 15");
  check("null", ErrorCode::kUnsupported, "ABI version 0");
  check("symbol", ErrorCode::kUnsupported, "does not export tree_sitter_symbol()");
  check("query", ErrorCode::kInvalidArgument, "query.scm:1:2");
  EXPECT_TRUE(registry.load("good"));
  EXPECT_TRUE(registry.load("python"));
}

TEST_F(UserLanguages, AFileThatIsNoSharedObjectIsRefused) {
  tree_.write("text.so", "this is text");
  const LanguageRegistry registry(built_in_directories(), {spec("text", tree_.path("text.so"), "", kGoodQuery)});
  EXPECT_NE(error_of(registry, "text").message.find("grammar does not load"), std::string::npos);
}

TEST_F(UserLanguages, AMissingQueryIsNamed) {
  LanguageSpec wanted = c_with_query("wanted", kGoodQuery);
  wanted.query_path = tree_.path("nowhere.scm");
  const LanguageRegistry registry(built_in_directories(), {wanted});
  EXPECT_EQ(error_of(registry, "wanted").code, ErrorCode::kNotFound);
  EXPECT_NE(error_of(registry, "wanted").message.find("nowhere.scm"), std::string::npos);
}

TEST_F(UserLanguages, UnknownNamesAreNotFound) {
  const LanguageRegistry registry(built_in_directories(), {});
  EXPECT_EQ(error_of(registry, "no such language").code, ErrorCode::kNotFound);
  EXPECT_EQ(error_of(registry, "").code, ErrorCode::kNotFound);
}

TEST_F(UserLanguages, AQueryThatInheritsItselfIsRefused) {
  const LanguageRegistry registry(built_in_directories(), {
                                                              c_with_query("a", "; inherits: b\n"),
                                                              c_with_query("b", "; inherits: a\n"),
                                                          });
  EXPECT_EQ(error_of(registry, "a").code, ErrorCode::kInvalidArgument);
  EXPECT_NE(error_of(registry, "b").message.find("circle"), std::string::npos);
}

TEST_F(UserLanguages, AnInheritedMistakeIsPlacedInItsOwnFile) {
  tree_.write("base.scm", "\n\n  (no_such_node) @name\n");
  const LanguageRegistry registry(built_in_directories(),
                                  {c_with_query("heir", "; inherits: base\n" + std::string(kGoodQuery))});
  EXPECT_NE(error_of(registry, "heir").message.find(tree_.path("base.scm") + ":3:4:"), std::string::npos)
      << error_of(registry, "heir").message;
}

TEST_F(UserLanguages, InheritedPatternsComeBehindTheirOwn) {
  tree_.write("base.scm", "(identifier) @name @reference.symbol (number_literal) @name @reference.symbol");
  const LanguageRegistry registry(
      built_in_directories(),
      {c_with_query("heir",
                    "; inherits:  base ,\r\n(call_expression function: (identifier) @name) @reference.call\n")});
  const auto language = registry.load("heir");
  ASSERT_TRUE(language) << language.error().message;
  const auto tags = TagExtractor(registry, kAmpleTime).extract(**language, "int x = f(1, y);\n");
  ASSERT_TRUE(tags);
  EXPECT_EQ(one_line_each(*tags),
            (std::vector<std::string>{"ref symbol x", "ref call f", "ref symbol 1", "ref symbol y"}));
}

TEST_F(UserLanguages, ReplaceTheBuiltInOneOfTheirName) {
  LanguageSpec mine = c_with_query("python", kGoodQuery);
  mine.extensions = {".mine"};
  const LanguageRegistry registry(built_in_directories(), {mine});
  EXPECT_EQ(std::ranges::count(registry.specs(), "python", &LanguageSpec::name), 1);
  EXPECT_EQ(registry.specs().size(), built_in_languages().size());
  EXPECT_EQ(registry.detector().detect("x.mine", ""), "python");
  EXPECT_EQ(registry.detector().detect("x.py", ""), "");
  const auto language = registry.load("python");
  ASSERT_TRUE(language) << language.error().message;
  EXPECT_EQ((*language)->spec().query_path, mine.query_path);
}

TEST_F(UserLanguages, WinAnExtensionFromABuiltInLanguage) {
  LanguageSpec mine = c_with_query("mine", kGoodQuery);
  mine.extensions = {".py"};
  EXPECT_EQ(LanguageRegistry(built_in_directories(), {mine}).detector().detect("x.py", ""), "mine");
}

TEST_F(UserLanguages, ManyThreadsGetTheSameLanguage) {
  TaskPool pool(8);
  for (int round = 0; round < 5; ++round) {
    const LanguageRegistry registry(built_in_directories(),
                                    {c_with_query("good", kGoodQuery), c_with_query("bad", "(no_such_node) @name")});
    std::vector<const Language*> loaded(64, nullptr);
    pool.run_all(loaded.size(), [&](std::size_t item, std::size_t) {
      EXPECT_FALSE(registry.load("bad"));
      loaded[item] = registry.load("good").value_or(nullptr);
    });
    ASSERT_NE(loaded.front(), nullptr);
    EXPECT_EQ(std::ranges::count(loaded, loaded.front()), 64);
  }
}

TEST(BuiltInLanguages, AreSortedAndShareNoExtensionFileNameOrInterpreter) {
  const std::vector<LanguageSpec> specs = built_in_languages();
  EXPECT_TRUE(std::ranges::is_sorted(specs, {}, &LanguageSpec::name));
  std::vector<std::string> names;
  for (const LanguageSpec& spec : specs) {
    names.push_back("language " + spec.name);
    std::ranges::copy(spec.extensions, std::back_inserter(names));
    for (const std::string& name : spec.file_names) {
      names.push_back("file " + name);
    }
    for (const std::string& name : spec.interpreters) {
      names.push_back("interpreter " + name);
    }
    for (const std::string& extension : spec.extensions) {
      EXPECT_TRUE(extension.starts_with('.')) << extension;
    }
  }
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  EXPECT_TRUE(twice == names.end()) << *twice;
}

}  // namespace
}  // namespace repomap
