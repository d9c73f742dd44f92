// SPDX-License-Identifier: Apache-2.0
#include "tests/ranking/symbols_text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <random>
#include <sstream>

namespace repomap {
namespace {

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, '\t');) {
    fields.push_back(field);
  }
  return fields;
}

void apply_to_request(const std::string& verb, const std::string& value, MapRequest& request) {
  if (verb == "chat") {
    request.chat_files.push_back(value);
  } else if (verb == "mention-file") {
    request.mentioned_files.push_back(value);
  } else if (verb == "mention") {
    request.mentioned_identifiers.push_back(value);
  } else if (verb == "query") {
    request.query = value;
  } else if (verb == "mode") {
    request.rank_mode = value == "aider" ? RankMode::kAider : RankMode::kAnchored;
  } else {
    std::abort();
  }
}

}  // namespace

RankingCase parse_ranking_case(const std::string& text) {
  RankingCase result;
  RepoSymbols& symbols = result.symbols;
  std::vector<FileSymbols> rows;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    const std::vector<std::string> fields = fields_of(line);
    if (fields.size() < 2) {
      continue;
    }
    if (fields[0] == "file") {
      symbols.paths.push_back(fields[1]);
      rows.emplace_back();
    } else if (fields[0] == "def") {
      rows.back().definitions.push_back(symbols.identifiers.add(fields[1]));
    } else if (fields[0] == "ref") {
      const auto count = static_cast<std::uint32_t>(std::stoul(fields.at(2)));
      rows.back().references.push_back({symbols.identifiers.add(fields[1]), count});
    } else {
      apply_to_request(fields[0], fields[1], result.request);
    }
  }
  symbols.files = to_symbol_table(rows);
  return result;
}

RepoSymbols reinterned(const RepoSymbols& symbols, unsigned seed) {
  std::vector<StringPool::Id> order(symbols.identifiers.size() - 1);
  std::iota(order.begin(), order.end(), StringPool::Id{1});
  std::shuffle(order.begin(), order.end(), std::mt19937(seed));
  RepoSymbols result;
  result.paths = symbols.paths;
  std::vector<StringPool::Id> renamed(symbols.identifiers.size(), 0);
  for (const StringPool::Id id : order) {
    renamed[id] = result.identifiers.add(symbols.identifiers.at(id));
  }
  for (const FileSymbolsView row : symbols.files.rows()) {
    FileSymbols file;
    for (const StringPool::Id id : row.definitions) {
      file.definitions.push_back(renamed[id]);
    }
    for (const ReferenceCount& reference : row.references) {
      file.references.push_back({renamed[reference.identifier], reference.count});
    }
    result.files.push_back(file);
  }
  return result;
}

}  // namespace repomap
