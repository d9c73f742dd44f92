// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/model/file_tags.hpp"
#include "service/query_backend.hpp"
#include "service/repo_scan.hpp"
#include "service/repository_parts.hpp"
#include "service/symbol_search.hpp"

namespace repomap {

/// Tags that a scan had to extract, until they are asked for. Thread-safe.
class ExtractedTags {
 public:
  void add(std::size_t file, const FileTags& tags) EXCLUDES(mutex_);
  bool contains(std::size_t file) const EXCLUDES(mutex_);
  std::optional<FileTags> take(std::size_t file) EXCLUDES(mutex_);

 private:
  mutable Mutex mutex_;
  std::map<std::size_t, FileTags> tags_ GUARDED_BY(mutex_);
};

/// Whether what was found is what the files of a scan hold, or a file had changed since.
enum class Exactness : std::uint8_t { kExact, kChangedSince };

/// Goes through the tags of scanned files. Borrows the parts; any thread may use one of its own.
class SymbolFinder {
 public:
  /// Receives one file's tags, on the calling thread, in the order of paths.
  using TagsSink = std::function<void(const std::string& path, const FileTags& tags)>;

  explicit SymbolFinder(const RepositoryParts& parts) : parts_(parts) {}

  /// Gives the sink the tags of those files, as indices in scan.paths, which rise; from `extracted` where it has them.
  Exactness emit(const RepoScan& scan, std::span<const std::size_t> files, ExtractedTags& extracted,
                 const TagsSink& sink) const;

  /// Sets the hits in those files, best match first, then by path and line, at most SymbolQuery::limit, and how many
  /// there are.
  Exactness find(const RepoScan& scan, std::span<const std::size_t> files, const SymbolQuery& query,
                 ExtractedTags& extracted, SymbolsAnswer& answer) const;

  /// Gives the hits their source lines for signatures: the tag of a reference does not hold one.
  Exactness read_source_lines(const RepoScan& scan, std::span<SymbolHit> hits) const;

 private:
  const RepositoryParts& parts_;
};

/// The files of a scan that have tags, of that language or, for "", of any.
std::vector<std::size_t> tagged_files(const RepoScan& scan, std::string_view language);

/// How well an occurrence matches a query (NameMatcher::match()), its language and file left aside; nothing if it does
/// not. The matcher is that of the query.
std::optional<int> match_of(const FileTags& tags, const Tag& tag, const SymbolQuery& query, const NameMatcher& matcher);

SymbolHit hit_of(const std::string& path, const FileTags& tags, const Tag& tag);

/// A source line as the signature of a reference: trimmed, valid UTF-8, not too long.
std::string reference_line(std::string_view line);

/// Whether all of these files have in the scan the content that was read.
bool are_current(std::span<const ReadFile> files, const RepoScan& scan);

}  // namespace repomap
