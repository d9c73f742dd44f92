// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/base/result.hpp"
#include "core/base/task_pool.hpp"
#include "core/model/file_tags.hpp"
#include "parsers/language_registry.hpp"
#include "service/indexer.hpp"
#include "service/resource_paths.hpp"
#include "watcher/file_lister.hpp"

namespace repomap {

/// Which files of a repository a request is about.
struct FileSelection {
  std::string root;                   ///< absolute
  std::vector<std::string> subtrees;  ///< directories relative to the root; none: all
  SubmodulePolicy submodules = SubmodulePolicy::kSkip;
};

/// What a request about many files has seen.
struct FileReport {
  IndexReport index;
  std::size_t listed = 0;            ///< files in the list
  std::vector<SkippedFile> skipped;  ///< by the list and by the index, sorted by path
  std::vector<std::string> notices;
};

struct TagsRequest {
  FileSelection selection;
  std::vector<std::string> paths;  ///< files or directories relative to the root; none: all
  std::string language;            ///< only this one; "" for all
};

/// Whether a language works, and why not.
struct LanguageStatus {
  std::string name;
  std::vector<std::string> extensions;
  std::vector<std::string> file_names;
  bool is_user_language = false;
  std::uint32_t abi_version = 0;  ///< 0 if it does not work
  std::string error;              ///< "" if it works
};

/// The product without protocols: everything that a client can ask is a method here.
/// Owns the thread pool and the loaded languages. Used by one thread at a time.
class Service {
 public:
  struct Options {
    std::size_t jobs = 0;  ///< worker threads; 0: one for each processor
    FileLimits limits;
  };

  Service(Options options, ResourcePaths resources);

  /// Receives one file's tags. Called on this thread's behalf from the pool, one call at a time, in the order of paths.
  using TagsSink = std::function<void(const std::string& path, const FileTags& tags)>;

  /// The tags of the selected files. Errors: those of list_files(); kNotFound for a path that does not exist.
  Result<FileReport> tags(const TagsRequest& request, const TagsSink& sink, const Indexer::Progress& progress);

  /// All languages by name, each loaded to see whether it works.
  std::vector<LanguageStatus> languages();

 private:
  Options options_;
  ResourcePaths resources_;
  std::unique_ptr<FileSystem> file_system_;
  LanguageRegistry registry_;
  TaskPool pool_;
};

}  // namespace repomap
