// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/mutex.hpp"
#include "service/document.hpp"
#include "service/query_backend.hpp"

namespace repomap {

/// The texts that somebody edits and has not saved, above another one's answers: what a look-up finds in such a file is
/// what its text in the editor holds. Maps and indexes are of the saved files. Borrows the other backend. Thread-safe.
class OverlayBackend final : public QueryBackend {
 public:
  explicit OverlayBackend(QueryBackend& saved) : saved_(saved) {}

  /// `document` is from now on what the file holds; null: what is saved.
  void put(const std::string& root, const std::string& path, std::shared_ptr<const Document> document) EXCLUDES(mutex_);

  /// The file holds from now on something that is no document: nothing is found in it, neither saved nor edited.
  void hide(const std::string& root, const std::string& path) EXCLUDES(mutex_);

  Result<MapAnswer> map(const MapQuery& query, const RequestContext& context) override;
  Result<IndexAnswer> index(const FileSelection& selection, const RequestContext& context) override;
  Result<SymbolsAnswer> symbols(const FileSelection& selection, const SymbolQuery& query,
                                const RequestContext& context) override;
  Result<FileTags> file_tags(const std::string& root, const std::string& path) override;
  Result<std::string> tree(const TreeRequest& request) override;
  Result<RepositoryMoment> sync(const FileSelection& selection, const RequestContext& context) override;

 private:
  using Documents = std::map<std::string, std::shared_ptr<const Document>>;  // by path; null: hidden

  Documents documents_of(const std::string& root) const EXCLUDES(mutex_);

  QueryBackend& saved_;
  mutable Mutex mutex_;
  std::map<std::string, Documents> documents_ GUARDED_BY(mutex_);  // by root
};

}  // namespace repomap
