// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "core/base/result.hpp"
#include "core/model/change_batch.hpp"
#include "service/repo_scan.hpp"
#include "service/repository_parts.hpp"
#include "service/symbols_builder.hpp"

namespace repomap {

/// What the states of a selection follow each other in; all work trees of a repository share it.
std::string line_of(const FileSelection& selection);

/// Finds out what a repository is: from all of its files, or from a former state and what may have changed since.
/// Thread-safe, but for the caller's own arguments.
class StateBuilder {
 public:
  explicit StateBuilder(RepositoryParts parts) : parts_(parts) {}

  /// Looks at every file. Errors: those of list_selection(); kCancelled.
  Result<RepoScan> scan(const FileSelection& selection, const ScanHooks& hooks) const;

  /// What `former` has become by changes of the paths of `batch` alone: the same as a scan of everything, but for the
  /// moment. Nothing if that cannot be told without looking at everything. Files that are listed again are read again.
  /// REQUIRES: former is a scan of all files of the root of `selection`.
  /// Errors: kNotFound and others for a root that cannot be read; kCancelled.
  Result<std::optional<RepoScan>> apply(const RepoScan& former, const ChangeBatch& batch,
                                        const FileSelection& selection, const ScanHooks& hooks) const;

  /// The symbols of a scan; `fresh` holds those that are known already, and is emptied.
  std::pair<RepoSymbols, SymbolsOrigin> symbols(const RepoScan& scan, const FileSelection& selection,
                                                SymbolsCollector& fresh) const;

  /// The same for a scan that follows a former state, or that is of a part only.
  std::pair<RepoSymbols, SymbolsOrigin> patch_symbols(const RepoScan& scan, FormerSymbols former,
                                                      SymbolsCollector::Rows fresh) const;

 private:
  class Patch;

  const RepositoryParts parts_;
};

}  // namespace repomap
