// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/graph_cache.hpp"
#include "service/language_fingerprints.hpp"
#include "service/manifest_cache.hpp"
#include "service/repo_scan.hpp"
#include "service/stage_explanation.hpp"
#include "service/symbols_base.hpp"

namespace repomap {

/// Says of one file what the next request would find in the caches, and why not. Changes nothing.
/// Borrows everything. Used by one thread.
class CacheExplainer {
 public:
  struct Caches {
    ManifestCache& manifests;
    TagCache& tags;
    GraphCache& graphs;
    SymbolsBaseCache& bases;
  };

  CacheExplainer(const FileSystem& file_system, const LanguageRegistry& registry, FileLimits limits, Caches caches)
      : file_system_(file_system), registry_(registry), limits_(limits), caches_(caches) {}

  /// The stages in the order in which a request passes them. `environment` is that of a scan now; `line` as in
  /// SymbolsBuilder. Errors: those of FileSystem::stat and read_file for the file.
  Result<std::vector<StageExplanation>> explain(const FileSelection& selection, const std::string& path,
                                                const Digest& environment, const std::string& line) const;

 private:
  struct Subject;

  static StageExplanation explain_scan(const Subject& subject, const Digest& environment);
  StageExplanation explain_tags(const Subject& subject) const;
  StageExplanation explain_graph(const Subject& subject, const std::string& line) const;

  const FileSystem& file_system_;
  const LanguageRegistry& registry_;
  const FileLimits limits_;
  const Caches caches_;
};

}  // namespace repomap
