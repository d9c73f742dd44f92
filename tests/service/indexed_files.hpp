// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "parsers/language_registry.hpp"
#include "service/indexer.hpp"
#include "service/repo_state.hpp"
#include "tests/service/memory_caches.hpp"
#include "tests/support/fake_file_system.hpp"

namespace repomap {

/// The languages of the build, loaded once for each test binary.
const LanguageRegistry& built_in_registry();

/// A repository in memory, at "/repo". Used by one thread.
class IndexedFiles {
 public:
  explicit IndexedFiles(const std::map<std::string, std::string>& files);

  FakeFileSystem& files() { return file_system_; }
  const FakeFileSystem& files() const { return file_system_; }
  void put(const std::string& path, std::string content) { file_system_.put(absolute(path), std::move(content)); }
  static std::string absolute(const std::string& path) { return "/repo/" + path; }

  /// Its files with their sizes, sorted, as the lister gives them.
  std::vector<ListedFile> list() const;

  /// What an index run with so many workers finds out, under the limits, with or without the caches of earlier runs.
  RepoScan scan(std::size_t jobs, FileLimits limits, const LanguageRegistry& registry, MemoryCaches& caches) const;

  /// The state that an index run with so many workers makes, under the limits, with empty caches.
  RepoState state(std::size_t jobs = 0, FileLimits limits = {});

  /// Those that the latest state() has filled.
  MemoryCaches& caches() { return *caches_; }

 private:
  std::vector<std::string> paths_;
  FakeFileSystem file_system_;
  std::unique_ptr<MemoryCaches> caches_;
};

}  // namespace repomap
