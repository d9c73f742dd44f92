// SPDX-License-Identifier: Apache-2.0
// The dense parse table must not change a tree: every built-in grammar, with and without it, on the golden inputs.
#include "parsers/dense_language.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

#include "parsers/language_spec.hpp"
#include "parsers/tree_sitter_handles.hpp"

namespace repomap {

/// For GoogleTest, which looks for it where the type is.
static void PrintTo(const LanguageSpec& spec, std::ostream* stream) { *stream << spec.name; }

namespace {

namespace fs = std::filesystem;

struct CFree {
  void operator()(char* text) const { std::free(text); }
};

const TSLanguage* load(const LanguageSpec& spec) {
  void* object = dlopen((REPOMAP_GRAMMARS_DIR "/" + spec.grammar + ".so").c_str(), RTLD_NOW | RTLD_LOCAL);
  EXPECT_NE(object, nullptr) << spec.name;
  const std::string symbol = spec.symbol.empty() ? "tree_sitter_" + spec.grammar : spec.symbol;
  void* function = object == nullptr ? nullptr : dlsym(object, symbol.c_str());
  EXPECT_NE(function, nullptr) << spec.name;
  return function == nullptr ? nullptr : reinterpret_cast<const TSLanguage* (*)()>(function)();
}

/// Every node with its fields and extent, one to a line, parents first.
std::string describe(const TSTree* tree) {
  std::string text;
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
  for (bool is_down = true; is_down;) {
    const TSNode node = ts_tree_cursor_current_node(&cursor);
    const char* field = ts_tree_cursor_current_field_name(&cursor);
    text += std::to_string(ts_tree_cursor_current_depth(&cursor)) + ' ' + (field == nullptr ? "" : field) + ' ' +
            ts_node_type(node) + ' ' + std::to_string(ts_node_start_byte(node)) + '-' +
            std::to_string(ts_node_end_byte(node)) + (ts_node_is_missing(node) ? " missing\n" : "\n");
    is_down = ts_tree_cursor_goto_first_child(&cursor) || ts_tree_cursor_goto_next_sibling(&cursor);
    while (!is_down && ts_tree_cursor_goto_parent(&cursor)) {
      is_down = ts_tree_cursor_goto_next_sibling(&cursor);
    }
  }
  ts_tree_cursor_delete(&cursor);
  return text;
}

std::string tree_of(const TSLanguage* language, const std::string& text) {
  const ParserHandle parser(ts_parser_new());
  EXPECT_TRUE(ts_parser_set_language(parser.get(), language));
  const TreeHandle tree(
      ts_parser_parse_string(parser.get(), nullptr, text.data(), static_cast<std::uint32_t>(text.size())));
  return describe(tree.get());
}

/// The golden inputs of the language, and other languages' as text full of errors.
std::vector<std::string> inputs_for(const std::string& language) {
  std::vector<std::string> texts;
  for (const std::string& directory : {language, std::string("c"), std::string("python"), std::string("html")}) {
    const fs::path cases = fs::path(REPOMAP_FIXTURES_DIR "/tags") / directory;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(cases, error)) {
      if (entry.path().stem() == "input") {
        std::ifstream stream(entry.path(), std::ios::binary);
        texts.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
      }
    }
  }
  return texts;
}

class DenseTable : public testing::TestWithParam<LanguageSpec> {};

TEST_P(DenseTable, GivesTheSameTrees) {
  const TSLanguage* original = load(GetParam());
  ASSERT_NE(original, nullptr);
  const DenseLanguage dense(original);
  const std::vector<std::string> texts = inputs_for(GetParam().name);
  ASSERT_FALSE(texts.empty());
  for (const std::string& text : texts) {
    const std::string expected = tree_of(original, text);
    ASSERT_GT(expected.size(), 10U);
    EXPECT_EQ(tree_of(dense.get(), text), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, DenseTable, testing::ValuesIn(built_in_languages()),
                         [](const testing::TestParamInfo<LanguageSpec>& test) { return test.param.name; });

TEST(DenseLanguage, IsACopyWhereTheTableIsSmallEnough) {
  LanguageSpec spec;
  spec.grammar = "c";
  const TSLanguage* original = load(spec);
  ASSERT_NE(original, nullptr);
  const DenseLanguage dense(original);
  EXPECT_NE(dense.get(), original);
  EXPECT_EQ(ts_language_abi_version(dense.get()), ts_language_abi_version(original));
  EXPECT_EQ(ts_language_symbol_count(dense.get()), ts_language_symbol_count(original));
}

}  // namespace
}  // namespace repomap
