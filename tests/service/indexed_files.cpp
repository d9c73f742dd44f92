// SPDX-License-Identifier: Apache-2.0
#include "tests/service/indexed_files.hpp"

#include "core/base/task_pool.hpp"
#include "service/language_fingerprints.hpp"
#include "service/symbols_builder.hpp"
#include "service/tag_loader.hpp"

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

RepoScan IndexedFiles::scan(std::size_t jobs, FileLimits limits, const LanguageRegistry& registry,
                            MemoryCaches& caches) const {
  TaskPool pool(jobs);
  Indexer indexer(file_system_, registry, pool, limits);
  const std::unique_ptr<FileSystem> real_files = make_posix_file_system();
  LanguageFingerprints fingerprints(registry, *real_files, {}, system_clock().now());
  const std::vector<ListedFile> files = list();
  RepoScan scan;
  scan.root = "/repo";
  scan.paths = paths_;
  scan.versions.resize(files.size());
  const auto take = [&scan](std::size_t index, FileVersion version, const FileTags* /*tags*/) {
    scan.versions[index] = std::move(version);
  };
  const IndexCounts counts = indexer.run({scan.root, files, fingerprints, caches.scans, caches.tags}, take, nullptr);
  scan.fingerprints = fingerprints.computed();
  scan.report.listed = files.size();
  scan.report.index = index_report(scan, counts);
  return scan;
}

RepoState IndexedFiles::state(std::size_t jobs, FileLimits limits) {
  caches_ = std::make_unique<MemoryCaches>();
  RepoState state{scan(jobs, limits, built_in_registry(), *caches_), {}};
  TaskPool pool(jobs);
  TagLoader loader(file_system_, built_in_registry(), pool, limits, caches_->tags);
  SymbolsCollector nothing;
  state.symbols = std::make_shared<const SymbolGraph>(
      SymbolsBuilder(caches_->graphs, caches_->bases, loader).build(state.scan, "/repo", nothing).first);
  return state;
}

}  // namespace repomap
