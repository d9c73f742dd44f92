// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/file_tags.hpp"
#include "service/symbol_search.hpp"

namespace repomap {

/// How near other files are to one that asks, by the names in its imports: no import is resolved, so another file of
/// the same name counts too. Immutable, so thread-safe.
class SymbolProximity {
 public:
  /// `tags` are those of the file at `path`.
  SymbolProximity(std::string path, const FileTags& tags);

  /// The same where of the file nothing but its path is known.
  explicit SymbolProximity(std::string path) : path_(std::move(path)) {}

  Nearness of(std::string_view path, std::string_view name) const;

 private:
  bool imports(std::string_view path) const;

  const std::string path_;
  bool is_package_directory_ = false;               // whether a directory is a package in its language
  std::set<std::string, std::less<>> names_;        // imported, last components alone
  std::set<std::string, std::less<>> whole_paths_;  // imported ones that have a directory
};

/// Sorts hits of a query as SymbolsAnswer::hits are, where a file asks: by match, nearness, rank, path and line.
void sort_by_proximity(std::vector<SymbolHit>& hits, const NameMatcher& matcher);

}  // namespace repomap
