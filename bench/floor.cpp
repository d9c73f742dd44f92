// SPDX-License-Identifier: Apache-2.0
//
// The least time in which a list of files can be read, parsed and queried for tags with the stock tree-sitter library:
// no look-up tables, allocator, cache, ranking or output of ours. `bench/cold_map` compares a whole cold map with it.
//
//   repomap_floor GRAMMARS_DIR QUERIES_DIR THREADS < list
//
// The list has a line "<language> TAB <path>" for each file. The files are taken by falling size through one atomic
// counter, so the longest never comes last. Prints one line: files, bytes, matches, seconds.
#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <tree_sitter/api.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

struct Grammar {
  const TSLanguage* language = nullptr;
  const TSQuery* query = nullptr;
};

struct File {
  const Grammar* grammar = nullptr;
  std::string path;
  std::int64_t size_bytes = 0;
};

struct Totals {
  std::atomic<std::uint64_t> bytes = 0;
  std::atomic<std::uint64_t> matches = 0;
};

std::string read_whole(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// The query's text with what its "; inherits: a,b" lines name put in front.
std::string query_text(const std::string& directory, const std::string& name) {
  constexpr std::string_view kInherits = "; inherits:";
  std::string text = read_whole(fmt::format("{}/{}.scm", directory, name));
  const auto at = text.find(kInherits);
  if (at == std::string::npos) {
    return text;
  }
  const auto start = at + kInherits.size();
  std::string_view names = std::string_view(text).substr(start, text.find('\n', at) - start);
  std::string inherited;
  while (!names.empty()) {
    const auto end = std::min(names.find(','), names.size());
    std::string one(names.substr(0, end));
    std::erase(one, ' ');
    inherited += query_text(directory, one) + "\n";
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return inherited + text;
}

/// The exported symbol of a grammar, from the manifest beside the grammars.
std::string symbol_of(const std::string& directory, const std::string& name) {
  std::ifstream manifest(directory + "/manifest.tsv");
  for (std::string line; std::getline(manifest, line);) {
    if (line.starts_with(name + "\t")) {
      const auto start = name.size() + 1;
      return line.substr(start, line.find('\t', start) - start);
    }
  }
  return "tree_sitter_" + name;
}

std::optional<Grammar> load_grammar(const std::string& grammars, const std::string& queries, const std::string& name) {
  void* library = dlopen(fmt::format("{}/{}.so", grammars, name).c_str(), RTLD_NOW | RTLD_LOCAL);
  void* entry = library == nullptr ? nullptr : dlsym(library, symbol_of(grammars, name).c_str());
  if (entry == nullptr) {
    fmt::print(stderr, "{}: {}\n", name, dlerror());
    return std::nullopt;
  }
  Grammar grammar;
  grammar.language = reinterpret_cast<const TSLanguage* (*)()>(entry)();
  const std::string text = query_text(queries, name);
  std::uint32_t offset = 0;
  TSQueryError error = TSQueryErrorNone;
  grammar.query = ts_query_new(grammar.language, text.data(), static_cast<std::uint32_t>(text.size()), &offset, &error);
  if (grammar.query == nullptr || text.empty()) {
    fmt::print(stderr, "{}: its query does not compile at byte {}\n", name, offset);
    return std::nullopt;
  }
  return grammar;
}

std::optional<std::vector<File>> read_list(const std::string& grammars, const std::string& queries,
                                           std::map<std::string, Grammar>& loaded) {
  std::vector<File> files;
  for (std::string line; std::getline(std::cin, line);) {
    const auto tab = line.find('\t');
    const std::string name = line.substr(0, tab);
    auto found = loaded.find(name);
    if (found == loaded.end()) {
      const auto grammar = load_grammar(grammars, queries, name);
      if (!grammar) {
        return std::nullopt;
      }
      found = loaded.emplace(name, *grammar).first;
    }
    File file{&found->second, line.substr(tab + 1)};
    struct stat status = {};
    if (stat(file.path.c_str(), &status) == 0) {
      file.size_bytes = status.st_size;
      files.push_back(std::move(file));
    }
  }
  std::ranges::sort(files, std::ranges::greater{}, &File::size_bytes);
  return files;
}

bool read_file(const File& file, std::vector<char>& buffer) {
  buffer.resize(static_cast<std::size_t>(file.size_bytes));
  std::FILE* stream = std::fopen(file.path.c_str(), "rb");
  if (stream == nullptr) {
    return false;
  }
  std::setvbuf(stream, nullptr, _IONBF, 0);
  buffer.resize(std::fread(buffer.data(), 1, buffer.size(), stream));
  return std::fclose(stream) == 0;
}

void work(const std::vector<File>& files, std::atomic<std::size_t>& next, Totals& totals) {
  TSParser* parser = ts_parser_new();
  TSQueryCursor* cursor = ts_query_cursor_new();
  std::vector<char> buffer;
  std::uint64_t matches = 0;
  for (std::size_t index = next++; index < files.size(); index = next++) {
    const File& file = files[index];
    if (!read_file(file, buffer) || !ts_parser_set_language(parser, file.grammar->language)) {
      continue;
    }
    TSTree* tree = ts_parser_parse_string(parser, nullptr, buffer.data(), static_cast<std::uint32_t>(buffer.size()));
    ts_query_cursor_exec(cursor, file.grammar->query, ts_tree_root_node(tree));
    for (TSQueryMatch match; ts_query_cursor_next_match(cursor, &match);) {
      ++matches;
    }
    ts_tree_delete(tree);
    totals.bytes += buffer.size();
  }
  totals.matches += matches;
  ts_query_cursor_delete(cursor);
  ts_parser_delete(parser);
}

}  // namespace

int main(int count, char** arguments) {
  unsigned threads = 0;
  if (count == 4) {
    const std::string_view text = arguments[3];
    std::from_chars(text.data(), text.data() + text.size(), threads);
  }
  if (threads == 0) {
    fmt::print(stderr, "usage: repomap_floor GRAMMARS_DIR QUERIES_DIR THREADS < list\n");
    return 2;
  }
  // The clock covers loading the grammars and listing the sizes, as it does for the map.
  const auto start = std::chrono::steady_clock::now();
  std::map<std::string, Grammar> grammars;
  const auto files = read_list(arguments[1], arguments[2], grammars);
  if (!files) {
    return 1;
  }
  std::atomic<std::size_t> next = 0;
  Totals totals;
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < threads; ++i) {
      workers.emplace_back([&] { work(*files, next, totals); });
    }
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  fmt::print("files {} bytes {} matches {} seconds {:.4f}\n", files->size(), totals.bytes.load(), totals.matches.load(),
             seconds.count());
  return 0;
}
