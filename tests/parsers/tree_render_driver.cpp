// SPDX-License-Identifier: Apache-2.0
// The tree renderer as a process, for tests in other languages. The argument is the directory of the grammars. Each
// line of the standard input is
//   <grammar> TAB <file> TAB <line,line,…>
// with lines from 0, and is answered by "<length in bytes>\n" and the rendered tree. Ends at the end of the input, or
// with status 1 at a grammar or file that cannot be read.
#include <cstdio>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "parsers/tree_renderer.hpp"
#include "tests/parsers/parsed_file.hpp"

namespace {

struct Request {
  std::string grammar;
  std::string file;
  std::vector<std::uint32_t> lines;
};

bool read_line(std::string& line) {
  line.clear();
  for (int byte = std::getchar(); byte != EOF; byte = std::getchar()) {
    if (byte == '\n') {
      return true;
    }
    line += static_cast<char>(byte);
  }
  return false;
}

Request read_request(const std::string& line) {
  Request request;
  std::istringstream fields(line);
  std::getline(fields, request.grammar, '\t');
  std::getline(fields, request.file, '\t');
  for (std::string number; std::getline(fields, number, ',');) {
    request.lines.push_back(static_cast<std::uint32_t>(std::stoul(number)));
  }
  return request;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    return 2;
  }
  Request last;
  repomap::ParsedFile file;
  for (std::string line; read_line(line);) {
    Request request = read_request(line);
    if (last.file != request.file || last.grammar != request.grammar) {
      file = repomap::parse_file(argv[1], request.grammar, repomap::read_whole_file(request.file));
    }
    const std::string tree = repomap::render_tree(file.text, file.scopes, request.lines);
    std::printf("%zu\n", tree.size());
    std::fwrite(tree.data(), 1, tree.size(), stdout);
    std::fflush(stdout);
    last = std::move(request);
  }
  return 0;
}
