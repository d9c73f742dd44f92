// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "service/file_selection.hpp"
#include "service/query_backend.hpp"
#include "service/repository_parts.hpp"
#include "service/repository_snapshot.hpp"
#include "service/symbol_finder.hpp"
#include "service/symbol_search.hpp"
#include "service/tag_loader.hpp"

namespace repomap {

/// Answers look-ups of names in a snapshot: as the same question was answered before, or from the tags of the files
/// that may hold such a name. Borrows the parts; any thread may use one of its own.
class SymbolLookup {
 public:
  explicit SymbolLookup(const RepositoryParts& parts) : parts_(parts) {}

  /// Sets all of the answer but its report. `extracted` holds tags of the scan that are known already.
  Exactness answer(const RepositorySnapshot& snapshot, const FileSelection& selection, const SymbolQuery& query,
                   ExtractedTags& extracted, SymbolsAnswer& answer) const;

 private:
  Exactness find(const RepositorySnapshot& snapshot, const SymbolQuery& query, ExtractedTags& extracted,
                 SymbolsAnswer& answer) const;
  std::vector<std::size_t> candidates(const RepositorySnapshot& snapshot, const SymbolQuery& query) const;
  TagLoader make_loader() const;
  void rate(const RepositorySnapshot& snapshot, const FileSelection& selection, const std::string& from,
            std::vector<SymbolHit>& hits) const;
  std::optional<FileTags> tags_of(const RepoScan& scan, const std::string& path) const;

  const RepositoryParts& parts_;
};

}  // namespace repomap
