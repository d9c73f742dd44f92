// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "core/base/result.hpp"
#include "service/document.hpp"
#include "service/file_limits.hpp"
#include "service/resource_paths.hpp"

namespace repomap {

/// Makes documents out of texts, and keeps the latest, so that many requests about one text parse it once.
/// Opens no cache and starts no thread: who asks for a new document waits until it is parsed.
/// Owns the loaded languages; documents do not need it. Thread-safe.
class Documents {
 public:
  /// Loads no language yet. `limits` hold for each text. Never fails so far; a failure would be one of the resources.
  static Result<std::unique_ptr<Documents>> open(const ResourcePaths& resources, FileLimits limits);
  ~Documents();
  Documents(const Documents&) = delete;
  Documents& operator=(const Documents&) = delete;

  /// The document of a text. Its language follows from `path`, which need not exist, and the text.
  /// Errors: kUnsupported (no known language, or a text that refuse_content() refuses), kLimitExceeded (size or time),
  /// those of LanguageRegistry::load().
  Result<std::shared_ptr<const Document>> make(const std::string& path, std::string text);

  /// The document of the file `path`, relative to `root`, as it is on disk. Errors: those of make() and
  /// FileSystem::read_file().
  Result<std::shared_ptr<const Document>> read(const std::string& root, const std::string& path);

 private:
  struct State;
  explicit Documents(std::unique_ptr<State> state);

  const std::unique_ptr<State> state_;
};

}  // namespace repomap
