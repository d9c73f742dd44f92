// SPDX-License-Identifier: Apache-2.0
#include "service/symbol_proximity.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <tuple>
#include <utility>

namespace repomap {
namespace {

// Where what the files of a directory define is at hand in all of them, without an import.
constexpr std::array<std::string_view, 8> kPackageDirectoryLanguages = {"csharp", "go",     "groovy", "hcl",
                                                                        "java",   "kotlin", "scala",  "swift"};
// A file of this name stands for its directory.
constexpr std::array<std::string_view, 5> kDirectoryFiles = {"__init__", "index", "init", "lib", "mod"};

bool is_one_of(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::string_view directory_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view last_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// Without what follows the first dot, unless the name begins with it.
std::string_view stem_of(std::string_view path) {
  const std::string_view name = last_name(path);
  return name.substr(0, name.find('.', 1));
}

/// Whether `path` is `tail`, or ends in it behind a slash.
bool ends_in_path(std::string_view path, std::string_view tail) {
  return path.ends_with(tail) && (path.size() == tail.size() || path[path.size() - tail.size() - 1] == '/');
}

}  // namespace

SymbolProximity::SymbolProximity(std::string path, const FileTags& tags)
    : path_(std::move(path)), is_package_directory_(is_one_of(kPackageDirectoryLanguages, tags.language)) {
  for (const Tag& tag : tags.tags) {
    if (tag.role != Role::kReference || tag.kind != SymbolKind::kImport) {
      continue;
    }
    std::string_view name = tags.name(tag);
    while (name.starts_with("../") || name.starts_with("./")) {
      name.remove_prefix(name.find('/') + 1);
    }
    if (name.contains('/')) {
      whole_paths_.emplace(name);
      whole_paths_.emplace(name.substr(0, name.find('.', name.rfind('/') + 2)));
    } else if (!name.empty()) {
      names_.emplace(name);
      names_.emplace(stem_of(name));
    }
  }
}

bool SymbolProximity::imports(std::string_view path) const {
  const std::string_view directory = directory_of(path);
  const std::string_view stem = stem_of(path);
  if (names_.contains(stem) || names_.contains(last_name(directory))) {
    return true;
  }
  const std::string_view without_extension = path.substr(0, path.size() - last_name(path).size() + stem.size());
  const std::string_view meant = is_one_of(kDirectoryFiles, stem) ? directory : without_extension;
  return std::ranges::any_of(whole_paths_, [&](std::string_view imported) {
    return ends_in_path(path, imported) || ends_in_path(without_extension, imported) || ends_in_path(meant, imported);
  });
}

Nearness SymbolProximity::of(std::string_view path, std::string_view name) const {
  if (path == path_) {
    return Nearness::kSameFile;
  }
  const bool is_beside = is_package_directory_ && directory_of(path) == directory_of(path_);
  if (is_beside || imports(path)) {
    return Nearness::kImported;
  }
  return names_.contains(name) ? Nearness::kImportedName : Nearness::kElsewhere;
}

void sort_by_proximity(std::vector<SymbolHit>& hits, const NameMatcher& matcher) {
  std::vector<std::pair<int, SymbolHit>> rated;
  rated.reserve(hits.size());
  for (SymbolHit& hit : hits) {
    rated.emplace_back(matcher.match(hit.name, hit.scope).value_or(0), std::move(hit));
  }
  std::ranges::stable_sort(rated, [](const auto& left, const auto& right) {
    const SymbolHit& a = left.second;
    const SymbolHit& b = right.second;
    return std::tie(left.first, a.nearness, b.rank, a.path, a.line, a.column) <
           std::tie(right.first, b.nearness, a.rank, b.path, b.line, b.column);
  });
  hits.clear();
  std::ranges::transform(rated, std::back_inserter(hits), [](auto& entry) { return std::move(entry.second); });
}

}  // namespace repomap
