// SPDX-License-Identifier: Apache-2.0
#include "tests/ranking/fake_tree_source.hpp"

namespace repomap {

std::uint32_t FakeTreeSource::add_file(std::string path, std::vector<std::string> lines) {
  symbols_.paths.push_back(std::move(path));
  symbols_.files.push_back({});
  texts_.push_back(std::move(lines));
  return static_cast<std::uint32_t>(symbols_.paths.size() - 1);
}

StringPool::Id FakeTreeSource::add_definition(std::uint32_t file, std::string_view name, std::uint32_t line) {
  const StringPool::Id id = symbols_.identifiers.add(name);
  definitions_[{file, id}].push_back(
      {.name = std::string(name), .kind = SymbolKind::kFunction, .line = line, .rank = 0});
  return id;
}

std::vector<MapSymbol> FakeTreeSource::definitions(std::uint32_t file, StringPool::Id identifier) {
  const auto found = definitions_.find({file, identifier});
  return found == definitions_.end() ? std::vector<MapSymbol>{} : found->second;
}

std::optional<std::string> FakeTreeSource::tree(std::uint32_t file, std::span<const std::uint32_t> lines) {
  ++tree_count_;
  if (unreadable_.contains(file)) {
    return std::nullopt;
  }
  std::string result;
  std::uint32_t next = 0;
  for (const std::uint32_t line : lines) {
    result += line > next ? "⋮\n" : "";
    result.append("│").append(texts_[file][line]).append("\n");
    next = line + 1;
  }
  return result + (next < texts_[file].size() ? "⋮\n" : "");
}

}  // namespace repomap
