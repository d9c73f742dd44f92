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
#include "service/map_answer.hpp"
#include "service/repo_state.hpp"
#include "service/resource_paths.hpp"
#include "service/symbol_search.hpp"

namespace repomap {

struct TagsRequest {
  FileSelection selection;
  std::vector<std::string> paths;  ///< files or directories relative to the root; none: all
  std::string language;            ///< only this one; "" for all
};

struct SymbolsAnswer {
  std::vector<SymbolHit> hits;  ///< best match first, then by path and line
  FileReport report;
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

  /// The ranked map. Errors: those of list_files() and of open_token_counter().
  Result<MapAnswer> map(const MapQuery& query, const Indexer::Progress& progress);

  /// The occurrences of matching names in the selected files. Errors: those of list_files().
  Result<SymbolsAnswer> symbols(const FileSelection& selection, const SymbolQuery& query,
                                const Indexer::Progress& progress);

  /// The tags of one file, ignored or not. Errors: kNotFound, kPermissionDenied, kUnsupported (no known language, or
  /// one that is off, or content that is not parsed: the message says which), kLimitExceeded.
  Result<FileTags> file_tags(const std::string& root, const std::string& path);

  /// The text of one file around `lines` (0-based). Errors: those of file_tags(); kInvalidArgument for a line beyond
  /// the end.
  Result<std::string> tree(const std::string& root, const std::string& path, std::vector<std::uint32_t> lines);

  /// The names of all languages, without loading any.
  std::vector<std::string> language_names() const;

  /// All languages by name, each loaded to see whether it works.
  std::vector<LanguageStatus> languages();

 private:
  struct ParsedFile {
    std::string text;
    FileTags tags;
  };

  Result<ParsedFile> parse_file(const std::string& root, const std::string& path);
  void read_source_lines(const std::string& root, std::span<SymbolHit> hits);

  Options options_;
  ResourcePaths resources_;
  std::unique_ptr<FileSystem> file_system_;
  LanguageRegistry registry_;
  TaskPool pool_;
};

}  // namespace repomap
