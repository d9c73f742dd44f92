// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.hpp"
#include "core/model/file_version.hpp"
#include "service/file_report.hpp"
#include "service/file_selection.hpp"
#include "service/index_turn.hpp"
#include "service/indexer.hpp"
#include "service/manifest_cache.hpp"
#include "watcher/file_lister.hpp"
#include "watcher/open_directory.hpp"

namespace repomap {

/// What the files of a repository are at one moment: all that is known without looking into their tags. Immutable once
/// made, so any thread may read it.
struct RepoScan {
  std::string root;
  std::vector<std::string> paths;                           ///< relative to the root, sorted as bytes, distinct
  std::vector<FileVersion> versions;                        ///< by path
  std::map<std::string, Digest, std::less<>> fingerprints;  ///< of the languages of tagged files
  std::vector<std::string> rule_files;                      ///< FileList::rule_files
  FileReport report;

  /// The digest of all that ranking depends on: the paths, and the symbols of each file.
  Digest symbols_state() const;

  /// The digest of the paths and their contents.
  Digest content_state() const;

  /// The digest of the paths alone.
  Digest paths_state() const;
};

/// Receives a directory that is about to be read.
using DirectoryVisitor = std::function<void(const std::string& path, const OpenDirectory& directory)>;

/// Who is told what during a scan, and who may end it. All may be empty. Borrowed for the length of the scan.
struct ScanHooks {
  /// Of the files that must be read, how many are done. From the pool's threads.
  Indexer::Progress progress = {};
  /// Receives the tags that had to be extracted; `file` is an index in RepoScan::paths. From the pool's threads.
  std::function<void(std::size_t file, const FileTags& tags)> tags = {};
  /// Each directory before it is read, as ListOptions::on_directory. From one thread of the pool.
  DirectoryVisitor directory = {};
  /// The scan before any file is read: those files that must be are `pending`, and have no version yet.
  std::function<void(const RepoScan& scan, std::span<const std::size_t> pending)> listed = {};
  /// What one of those has come to. From the pool's threads.
  std::function<void(std::size_t file, const FileVersion& version)> settled = {};
  IndexOrder order = IndexOrder::kLargestFirst;
  /// As IndexWork::rest.
  std::function<void(std::chrono::nanoseconds)> rest = {};
  /// Ends the scan with its error.
  WorkCheck check = {};
};

/// Looks at a repository: lists its files and finds out what their contents come to. A file is read only if its stat,
/// compared with the latest manifest, leaves doubt; it is parsed only if no cache knows its content. The manifest is
/// then brought up to date. Borrows everything. Used by one thread at a time.
class RepoScanner {
 public:
  /// What a run may remember and where; they outlive the scanner. Those of contents are asked for only if a file must
  /// be read, so that they need not be opened otherwise.
  struct Caches {
    ManifestCache& manifests;
    std::function<ScanCache&()> scans;
    std::function<TagCache&()> tags;
    std::function<LeaseTable*()> leases;  ///< where processes meet that would index the same; may give null
  };

  RepoScanner(const FileSystem& file_system, const LanguageRegistry& registry, Indexer& indexer, Caches caches,
              const Clock& clock);

  /// Errors: those of list_selection() and of ScanHooks::check.
  Result<RepoScan> scan(const FileSelection& selection, const ScanHooks& hooks);

 private:
  class Comparison;

  struct Look;

  Result<Look> look(const FileSelection& selection, const ScanHooks& hooks) const;
  Result<Look> look_in_turn(const FileSelection& selection, const ScanHooks& hooks,
                            std::optional<IndexTurn>& turn) const;
  RepoManifest recall(const FileSelection& selection) const;

  const FileSystem& file_system_;
  const LanguageRegistry& registry_;
  Indexer& indexer_;
  const Caches caches_;
  const Clock& clock_;
};

/// The digest of what decides, besides its content and its language's fingerprint, what a file comes to.
Digest scan_environment(const LanguageRegistry& registry, const FileLimits& limits);

/// The counts of a scan whose versions are known.
IndexReport index_report(const RepoScan& scan, const IndexCounts& counts);

/// Fills in what follows from the versions. REQUIRES: report.skipped holds what the list has left out, and no more.
void complete_report(RepoScan& scan, const IndexCounts& counts, Clock::WallTime as_of);

/// The files of a selection, without their stat. Errors: those of list_files(); kNotFound for one of the paths that
/// selects nothing.
Result<FileList> list_selection(const FileSelection& selection, const DirectoryVisitor& visitor = {},
                                const WorkCheck& check = {});

/// Whether a path is `directory` or lies below it; everything lies below "".
bool is_or_is_below(std::string_view path, std::string_view directory);

}  // namespace repomap
