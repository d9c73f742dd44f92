// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/model/file_tags.hpp"
#include "core/model/repo_symbols.hpp"
#include "core/model/skipped_file.hpp"
#include "service/indexer.hpp"

namespace repomap {

/// Which files of a repository a request is about.
struct FileSelection {
  std::string root;                   ///< absolute
  std::vector<std::string> subtrees;  ///< directories relative to the root; none: all
  SubmodulePolicy submodules = SubmodulePolicy::kSkip;
};

/// How true an answer is to the files.
struct Freshness {
  std::chrono::system_clock::time_point as_of;  ///< nothing that was saved before is missing
  std::size_t indexed = 0;                      ///< files whose tags are in the answer
  std::size_t pending = 0;                      ///< files still to be read
  std::size_t skipped = 0;
  std::string watcher = "off";
};

/// What a request about many files has seen.
struct FileReport {
  IndexReport index;
  std::size_t listed = 0;            ///< files in the list
  std::vector<SkippedFile> skipped;  ///< by the list and by the index, sorted by path
  std::vector<std::string> notices;

  Freshness freshness;
};

/// All that a map of a repository is made from. Immutable once built, so any thread may read it.
struct RepoState {
  std::string root;
  RepoSymbols symbols;
  std::vector<std::optional<FileTags>> outlines;  ///< by path, definitions only; nothing for a file without tags
  FileReport report;
};

/// Reads a repository into a state. Borrows the indexer. Used by one thread at a time.
class RepoStateBuilder {
 public:
  explicit RepoStateBuilder(Indexer& indexer) : indexer_(indexer) {}

  /// Errors: those of list_files().
  Result<RepoState> build(const FileSelection& selection, const Indexer::Progress& progress);

 private:
  Indexer& indexer_;
};

/// The files of a selection, with their stat. Errors: those of list_files().
Result<FileList> list_selection(const FileSelection& selection);

/// One report of what the list and the index have left out.
FileReport join_reports(FileList list, IndexReport index, std::chrono::system_clock::time_point as_of);

}  // namespace repomap
