// SPDX-License-Identifier: Apache-2.0
#include "tests/service/indexed_files.hpp"

#include "core/base/mutex.hpp"
#include "core/base/task_pool.hpp"

namespace repomap {

const LanguageRegistry& built_in_registry() {
  static const LanguageRegistry kRegistry({REPOMAP_GRAMMARS_DIR, REPOMAP_SOURCE_DIR "/parsers/queries"}, {});
  return kRegistry;
}

IndexedFiles::IndexedFiles(const std::map<std::string, std::string>& files) {
  for (const auto& [path, content] : files) {
    paths_.push_back(path);
    put(path, content);
  }
}

std::vector<ListedFile> IndexedFiles::list() const {
  std::vector<ListedFile> files;
  for (const std::string& path : paths_) {
    const auto stat = file_system_.stat(absolute(path));
    files.push_back({path, stat ? *stat : FileStat()});
  }
  return files;
}

RepoState IndexedFiles::state(std::size_t jobs, FileLimits limits) const {
  TaskPool pool(jobs);
  Indexer indexer(file_system_, built_in_registry(), pool, limits);
  const std::vector<ListedFile> files = list();
  RepoState state;
  state.root = "/repo";
  state.symbols.paths = paths_;
  std::vector<FileSymbols> rows(files.size());
  state.outlines.resize(files.size());
  Mutex mutex;
  const auto take = [&](std::size_t index, const FileTags& tags) {
    MutexLock lock(mutex);
    rows[index] = to_file_symbols(tags, state.symbols.identifiers);
    state.outlines[index] = tags.outline();
  };
  FileList listed;
  listed.files = files;
  state.report = join_reports(std::move(listed), indexer.run(state.root, files, take, nullptr), {});
  state.symbols.files = to_symbol_table(rows);
  return state;
}

}  // namespace repomap
