// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/repo_symbols.hpp"
#include "ranking/tree_source.hpp"

namespace repomap {

/// Files as lists of lines in memory. A tree has the lines of interest alone, with the renderer's marks.
class FakeTreeSource final : public TreeSource {
 public:
  /// Files must be added in the order of their paths.
  std::uint32_t add_file(std::string path, std::vector<std::string> lines);
  StringPool::Id add_definition(std::uint32_t file, std::string_view name, std::uint32_t line);
  void make_unreadable(std::uint32_t file) { unreadable_.insert(file); }

  const RepoSymbols& symbols() const { return symbols_; }
  std::size_t tree_count() const { return tree_count_; }

  std::vector<MapSymbol> definitions(std::uint32_t file, StringPool::Id identifier) override;
  std::optional<std::string> tree(std::uint32_t file, std::span<const std::uint32_t> lines) override;

 private:
  RepoSymbols symbols_;
  std::vector<std::vector<std::string>> texts_;
  std::map<std::pair<std::uint32_t, StringPool::Id>, std::vector<MapSymbol>> definitions_;
  std::set<std::uint32_t> unreadable_;
  std::size_t tree_count_ = 0;
};

}  // namespace repomap
