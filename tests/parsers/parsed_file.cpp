// SPDX-License-Identifier: Apache-2.0
#include "tests/parsers/parsed_file.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#include "parsers/scope_collector.hpp"
#include "parsers/tree_sitter_handles.hpp"

namespace repomap {
namespace {

[[noreturn]] void give_up(const std::string& reason) {
  fmt::print(stderr, "{}\n", reason);
  std::exit(1);
}

const TSLanguage* load_grammar(const std::string& directory, const std::string& name) {
  const std::string path = directory + '/' + name + ".so";
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    give_up(dlerror());
  }
  void* function = dlsym(library, ("tree_sitter_" + name).c_str());
  if (function == nullptr) {
    give_up(dlerror());
  }
  return reinterpret_cast<const TSLanguage* (*)()>(function)();
}

}  // namespace

std::string read_whole_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    give_up("cannot read " + path);
  }
  return {std::istreambuf_iterator<char>(stream), {}};
}

ParsedFile parse_file(const std::string& grammar_directory, const std::string& grammar, std::string text) {
  const ParserHandle parser(ts_parser_new());
  if (!ts_parser_set_language(parser.get(), load_grammar(grammar_directory, grammar))) {
    give_up("the version of the grammar of " + grammar + " is not supported");
  }
  const std::string parsed = text.ends_with('\n') ? text : text + '\n';
  const TreeHandle tree(
      ts_parser_parse_string(parser.get(), nullptr, parsed.data(), static_cast<std::uint32_t>(parsed.size())));
  return {.text = std::move(text), .scopes = collect_scopes(ts_tree_root_node(tree.get()))};
}

}  // namespace repomap
