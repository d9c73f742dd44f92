// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/model/file_tags.hpp"
#include "service/file_report.hpp"
#include "service/file_selection.hpp"
#include "service/map_answer.hpp"
#include "service/request_context.hpp"
#include "service/symbol_search.hpp"
#include "service/symbols_origin.hpp"

namespace repomap {

struct SymbolsAnswer {
  /// Best match first, then by path and line; where SymbolQuery::from is set, among equal matches the nearest first,
  /// then those of the file of the highest rank.
  std::vector<SymbolHit> hits;
  std::size_t found = 0;  ///< how many there are, with those beyond SymbolQuery::limit
  FileReport report;
};

/// What an indexing run has done.
struct IndexAnswer {
  FileReport report;
  SymbolsOrigin symbols;
  std::chrono::nanoseconds elapsed{};
};

/// At which point of a repository's history of changes an answer stands.
struct RepositoryMoment {
  std::uint64_t generation = 0;
  Freshness freshness;
};

/// One file, and the lines around which its text is wanted, 0-based.
struct TreeRequest {
  std::string root;
  std::string path;
  std::vector<std::uint32_t> lines;
};

/// Who answers questions about repositories: the service in this process, or that of the daemon. Both give the same
/// answers. Thread-safe. Errors of every method, besides its own: kCancelled and kLimitExceeded (RequestContext).
class QueryBackend {
 public:
  virtual ~QueryBackend() = default;

  /// The ranked map. Errors: those of list_selection() and of open_token_counter().
  virtual Result<MapAnswer> map(const MapQuery& query, const RequestContext& context) = 0;

  /// Brings every cache of the repository up to date. Errors: those of list_selection().
  virtual Result<IndexAnswer> index(const FileSelection& selection, const RequestContext& context) = 0;

  /// The occurrences of matching names in the selected files. Errors: those of list_selection().
  virtual Result<SymbolsAnswer> symbols(const FileSelection& selection, const SymbolQuery& query,
                                        const RequestContext& context) = 0;

  /// The tags of one file, ignored or not. Errors: kNotFound, kPermissionDenied, kUnsupported (no known language, or
  /// one that is off, or content that is not parsed: the message says which), kLimitExceeded.
  virtual Result<FileTags> file_tags(const std::string& root, const std::string& path) = 0;

  /// The text of one file around some lines. Errors: those of file_tags(); kInvalidArgument for a line beyond the end.
  virtual Result<std::string> tree(const TreeRequest& request) = 0;

  /// Waits until everything that was saved before the call is in. Errors: those of list_selection().
  virtual Result<RepositoryMoment> sync(const FileSelection& selection, const RequestContext& context) = 0;
};

}  // namespace repomap
