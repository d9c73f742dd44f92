// SPDX-License-Identifier: Apache-2.0
#include "service/repo_state.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace repomap {

Result<FileList> list_selection(const FileSelection& selection) {
  ListOptions options;
  options.subtrees = selection.subtrees;
  options.submodules = selection.submodules;
  options.stats = StatPolicy::kRead;
  return list_files(selection.root, options);
}

FileReport join_reports(FileList list, IndexReport index, std::chrono::system_clock::time_point as_of) {
  FileReport report;
  report.listed = list.files.size();
  report.notices = std::move(list.notices);
  report.skipped = std::move(list.skipped);
  std::ranges::copy(index.skipped, std::back_inserter(report.skipped));
  std::ranges::sort(report.skipped, {}, &SkippedFile::path);
  report.freshness.as_of = as_of;
  report.freshness.indexed = index.parsed;
  report.freshness.skipped = report.skipped.size();
  report.index = std::move(index);
  return report;
}

Result<RepoState> RepoStateBuilder::build(const FileSelection& selection, const Indexer::Progress& progress) {
  const auto as_of = std::chrono::system_clock::now();
  RepoState state;
  state.root = selection.root;
  REPOMAP_ASSIGN(FileList list, list_selection(selection));
  state.outlines.resize(list.files.size());
  std::vector<FileSymbols> rows(list.files.size());
  Mutex mutex;
  // Names are interned in the order in which files happen to finish; no result depends on it (RepoSymbols).
  const auto take = [&](std::size_t index, const FileTags& tags) {
    FileTags outline = tags.outline();
    MutexLock lock(mutex);
    rows[index] = to_file_symbols(tags, state.symbols.identifiers);
    state.outlines[index] = std::move(outline);
  };
  IndexReport report = indexer_.run(selection.root, list.files, take, progress);
  state.symbols.files = to_symbol_table(rows);
  state.symbols.paths.reserve(list.files.size());
  std::ranges::transform(list.files, std::back_inserter(state.symbols.paths), &ListedFile::path);
  state.report = join_reports(std::move(list), std::move(report), as_of);
  return state;
}

}  // namespace repomap
