// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/model/file_tags.hpp"
#include "service/repo_scan.hpp"
#include "service/symbol_search.hpp"
#include "service/tag_loader.hpp"

namespace repomap {

/// Which names the files of a state define, of whatever kind: so that a look-up of a name reads the tags of a few files
/// and not of all. Made when it is first asked; of files whose content is that of a former state nothing is read then.
/// Immutable once made, so any thread may ask.
class DefinitionNames {
 public:
  /// Those of the state that follows the one of `former`; null: the first.
  explicit DefinitionNames(const DefinitionNames* former);

  /// The indices in scan.paths, rising, of all files that may define a name that may match, and possibly of others.
  /// REQUIRES: it is the same scan each time.
  std::vector<std::size_t> files_with(const NameMatcher& matcher, const RepoScan& scan, TagLoader& loader) const
      EXCLUDES(mutex_);

  /// An estimate of what it occupies, as far as it has been made.
  std::size_t memory_bytes() const EXCLUDES(mutex_);

 private:
  struct Table;

  std::shared_ptr<const Table> latest() const EXCLUDES(mutex_);
  static std::shared_ptr<const Table> make(const Table* former, const RepoScan& scan, TagLoader& loader);

  const std::shared_ptr<const Table> former_;  // of a former state; null: none

  mutable Mutex mutex_;
  mutable std::shared_ptr<const Table> table_ GUARDED_BY(mutex_);  // set once
};

}  // namespace repomap
