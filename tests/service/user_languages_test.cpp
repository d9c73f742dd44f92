// SPDX-License-Identifier: Apache-2.0
#include "service/user_languages.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

using Names = std::vector<std::string>;

TEST(UserLanguageFiles, DescribeALanguageEach) {
  TemporaryTree tree;
  tree.write("zed/language.toml",
             "extensions = [\".zed\", \".z\"]\nfile_names = [\"Zedfile\"]\ninterpreters = [\"zed\"]\n"
             "symbol = \"tree_sitter_zed_lang\"\nscope_separator = \"::\"\n");
  tree.write("basic/language.toml", "extensions = [\".bas\"]\n");
  tree.write("no_manifest/grammar.so", "");
  tree.write("file", "");
  const auto languages = find_user_languages(tree.root());
  ASSERT_EQ(languages.size(), 2U);
  EXPECT_EQ(languages[0].name, "basic");
  EXPECT_EQ(languages[0].extensions, Names{".bas"});
  EXPECT_EQ(languages[0].symbol, "");
  EXPECT_EQ(languages[0].scope_separator, ".");
  const LanguageSpec& zed = languages[1];
  EXPECT_EQ(zed.name, "zed");
  EXPECT_EQ(zed.grammar, "zed");
  EXPECT_EQ(zed.extensions, (Names{".zed", ".z"}));
  EXPECT_EQ(zed.file_names, Names{"Zedfile"});
  EXPECT_EQ(zed.interpreters, Names{"zed"});
  EXPECT_EQ(zed.symbol, "tree_sitter_zed_lang");
  EXPECT_EQ(zed.scope_separator, "::");
  EXPECT_EQ(zed.grammar_path, tree.path("zed/grammar.so"));
  EXPECT_EQ(zed.query_path, tree.path("zed/tags.scm"));
}

TEST(UserLanguageFiles, ThatAreBrokenGiveALanguageWithoutFileNames) {
  TemporaryTree tree;
  tree.write("broken/language.toml", "extensions = [\n");
  tree.write("wrong/language.toml", "extensions = \".x\"\nsymbol = 3\nfile_names = [1, \"A\"]\n");
  const auto languages = find_user_languages(tree.root());
  ASSERT_EQ(languages.size(), 2U);
  EXPECT_TRUE(languages[0].extensions.empty());
  EXPECT_EQ(languages[0].grammar_path, tree.path("broken/grammar.so"));
  EXPECT_TRUE(languages[1].extensions.empty());
  EXPECT_EQ(languages[1].symbol, "");
  EXPECT_EQ(languages[1].file_names, Names{"A"});
}

TEST(UserLanguageFiles, NeedNotBeThere) {
  TemporaryTree tree;
  EXPECT_TRUE(find_user_languages(tree.path("missing")).empty());
  EXPECT_TRUE(find_user_languages("").empty());
  EXPECT_TRUE(find_user_languages(tree.root()).empty());
}

}  // namespace
}  // namespace repomap
