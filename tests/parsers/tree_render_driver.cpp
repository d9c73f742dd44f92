// SPDX-License-Identifier: Apache-2.0
// The tree renderer as a process, for tests in other languages. Each line of the standard input is
//   <grammar.so> TAB <exported function> TAB <file> TAB <line,line,…>
// with lines from 0, and is answered by "<length in bytes>\n" and the rendered tree. Ends at the end of the input, or
// with status 1 at a grammar or file that cannot be read.
#include <dlfcn.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "parsers/scope_collector.hpp"
#include "parsers/tree_renderer.hpp"
#include "parsers/tree_sitter_handles.hpp"

namespace {

using repomap::ScopeSpan;

struct Request {
  std::string grammar;
  std::string function;
  std::string file;
  std::vector<std::uint32_t> lines;
};

struct ParsedFile {
  std::string key;
  std::string text;
  std::vector<ScopeSpan> scopes;
};

Request read_request(const std::string& line) {
  Request request;
  std::istringstream fields(line);
  std::getline(fields, request.grammar, '\t');
  std::getline(fields, request.function, '\t');
  std::getline(fields, request.file, '\t');
  for (std::string number; std::getline(fields, number, ',');) {
    request.lines.push_back(static_cast<std::uint32_t>(std::stoul(number)));
  }
  return request;
}

bool parse(const Request& request, ParsedFile& file) {
  void* library = dlopen(request.grammar.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    std::cerr << dlerror() << '\n';
    return false;
  }
  const auto get_language = reinterpret_cast<const TSLanguage* (*)()>(dlsym(library, request.function.c_str()));
  std::ifstream stream(request.file, std::ios::binary);
  const repomap::ParserHandle parser(ts_parser_new());
  if (get_language == nullptr || !stream || !ts_parser_set_language(parser.get(), get_language())) {
    std::cerr << "cannot use " << request.function << " for " << request.file << '\n';
    return false;
  }
  file.text.assign(std::istreambuf_iterator<char>(stream), {});
  const repomap::TreeHandle tree(
      ts_parser_parse_string(parser.get(), nullptr, file.text.data(), static_cast<std::uint32_t>(file.text.size())));
  file.scopes = repomap::collect_scopes(ts_tree_root_node(tree.get()));
  return true;
}

}  // namespace

int main() {
  ParsedFile file;
  for (std::string line; std::getline(std::cin, line);) {
    const Request request = read_request(line);
    const std::string key = request.function + '\t' + request.file;
    if (file.key != key) {
      if (!parse(request, file)) {
        return 1;
      }
      file.key = key;
    }
    const std::string tree = repomap::render_tree(file.text, file.scopes, request.lines);
    std::cout << tree.size() << '\n' << tree << std::flush;
  }
  return 0;
}
