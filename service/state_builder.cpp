// SPDX-License-Identifier: Apache-2.0
//
// A batch of changes is told apart by what was known: the path of a known file that still is one needs to be read
// again, and no more. Any other path that exists, or at or below which something was known, is listed again by the
// rules of the whole tree. Where the sentences of the listing could change (they are about the whole), nothing less
// than listing everything will do.
#include "service/state_builder.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/byte_codec.hpp"
#include "service/language_fingerprints.hpp"
#include "service/tag_loader.hpp"
#include "watcher/file_lister.hpp"
#include "watcher/repository_root.hpp"
#include "watcher/stat_reader.hpp"

namespace repomap {
namespace {

/// From so many files on the pool's threads are worth waking.
constexpr std::size_t kManyFiles = 64;

/// Whether one of `paths`, sorted, none below another, is `path` or above it.
bool is_covered(std::string_view path, const std::vector<std::string>& paths) {
  // Those above a path are prefixes of it, and sort before it.
  for (std::string_view above = path;; above = above.substr(0, above.rfind('/'))) {
    if (std::ranges::binary_search(paths, above)) {
      return true;
    }
    if (above.rfind('/') == std::string_view::npos) {
      return std::ranges::binary_search(paths, std::string_view());
    }
  }
}

bool has_below(const std::vector<std::string>& sorted, const std::string& path) {
  const std::string below = path + '/';
  const auto next = std::ranges::lower_bound(sorted, below);
  return next != sorted.end() && next->starts_with(below);
}

}  // namespace

std::string line_of(const FileSelection& selection) {
  ByteWriter line;
  line.add_string(repository_identity(selection.root));
  line.add_u8(selection.submodules == SubmodulePolicy::kEnter ? 1 : 0);
  for (const std::string& subtree : selection.subtrees) {
    line.add_string(subtree);
  }
  return line.take();
}

Result<RepoScan> StateBuilder::scan(const FileSelection& selection, const ScanHooks& hooks) const {
  Indexer indexer(parts_.file_system, parts_.registry, parts_.pool, parts_.limits);
  ServiceCaches& caches = parts_.caches;
  const RepoScanner::Caches used{caches.manifests(), [&caches]() -> ScanCache& { return caches.scans(); },
                                 [&caches]() -> TagCache& { return caches.tags(); },
                                 [&caches] { return caches.leases(); }};
  return RepoScanner(parts_.file_system, parts_.registry, indexer, used, parts_.clock).scan(selection, hooks);
}

std::pair<RepoSymbols, SymbolsOrigin> StateBuilder::symbols(const RepoScan& scan, const FileSelection& selection,
                                                            SymbolsCollector& fresh) const {
  ServiceCaches& caches = parts_.caches;
  TagLoader loader(parts_.file_system, parts_.registry, parts_.pool, parts_.limits, caches.tags());
  return SymbolsBuilder(caches.graphs(), caches.bases(), loader).build(scan, line_of(selection), fresh);
}

std::pair<RepoSymbols, SymbolsOrigin> StateBuilder::patch_symbols(const RepoScan& scan, FormerSymbols former,
                                                                  SymbolsCollector::Rows fresh) const {
  ServiceCaches& caches = parts_.caches;
  TaskPool here(0);
  TagLoader loader(parts_.file_system, parts_.registry, here, parts_.limits, caches.tags());
  return SymbolsBuilder(caches.graphs(), caches.bases(), loader).patch(scan, std::move(former), std::move(fresh));
}

// One application of a batch.
class StateBuilder::Patch {
 public:
  Patch(const RepositoryParts& parts, const RepoScan& former, const FileSelection& selection, const ScanHooks& hooks)
      : parts_(parts), former_(former), selection_(selection), hooks_(hooks), as_of_(parts.clock.now()) {}

  Result<std::optional<RepoScan>> run(const ChangeBatch& batch) {
    sort_out(batch);
    if (!relisted_.empty()) {
      REPOMAP_ASSIGN(const bool is_told, list_again());
      if (!is_told) {
        return std::nullopt;
      }
    }
    merge();
    if (scan_.paths.empty()) {
      return std::nullopt;  // a tree without files has a sentence that says why
    }
    REPOMAP_ASSIGN(const bool is_settled, settle());
    return is_settled ? std::optional(std::move(scan_)) : std::nullopt;
  }

 private:
  /// Which paths are read again, which are listed again.
  void sort_out(const ChangeBatch& batch) {
    for (const std::string& path : batch.paths) {
      const bool is_listed = std::ranges::binary_search(former_.paths, path);
      const auto stat = parts_.file_system.stat(join_path(selection_.root, path));
      if (is_listed && stat && stat->type == FileType::kRegular) {
        read_.push_back({path, *stat});
      } else if (is_listed || stat || was_known(path)) {
        relisted_.push_back(path);
      }
    }
    add_links();
  }

  /// Where files come and go, links lead elsewhere.
  void add_links() {
    std::vector<std::string> links;
    for (const SkippedFile& file : former_.report.skipped) {
      if (!relisted_.empty() && file.reason == SkipReason::kSymlink && !is_covered(file.path, relisted_)) {
        links.push_back(file.path);
      }
    }
    std::ranges::move(links, std::back_inserter(relisted_));
    std::ranges::sort(relisted_);
  }

  bool was_known(const std::string& path) const {
    return has_below(former_.paths, path) ||
           std::ranges::any_of(former_.report.skipped,
                               [&path](const SkippedFile& file) { return is_or_is_below(file.path, path); });
  }

  /// False if the whole tree must be listed.
  Result<bool> list_again() {
    ListOptions options;
    options.submodules = selection_.submodules;
    options.on_directory = hooks_.directory;
    options.check = hooks_.check;
    REPOMAP_ASSIGN(FileList list, list_paths(selection_.root, relisted_, options));
    const bool has_content = !list.files.empty() || !list.skipped.empty();
    if (!has_content && std::ranges::none_of(relisted_, [this](const std::string& path) {
          return std::ranges::binary_search(former_.paths, path) || was_known(path);
        })) {
      relisted_.clear();  // what the rules leave out
      return list.notices.empty();
    }
    if (!list.notices.empty() || !former_.report.notices.empty() ||
        !std::ranges::includes(former_.rule_files, list.rule_files)) {
      return false;
    }
    TaskPool here(0);
    REPOMAP_TRY(read_stats(selection_.root, list.files.size() < kManyFiles ? here : parts_.pool, list, hooks_.check));
    std::ranges::move(list.files, std::back_inserter(read_));
    std::ranges::sort(read_, {}, &ListedFile::path);
    skipped_ = std::move(list.skipped);
    return true;
  }

  /// The paths and versions without those that are listed again, and with the files that are read.
  void merge() {
    scan_.root = former_.root;
    scan_.fingerprints = former_.fingerprints;
    scan_.rule_files = former_.rule_files;
    scan_.paths.reserve(former_.paths.size() + read_.size());
    scan_.versions.reserve(former_.paths.size() + read_.size());
    std::size_t next = 0;
    const auto add_read = [&] {
      rows_.push_back(scan_.paths.size());
      scan_.paths.push_back(read_[next++].path);
      scan_.versions.emplace_back();
    };
    for (std::size_t i = 0; i < former_.paths.size(); ++i) {
      while (next < read_.size() && read_[next].path < former_.paths[i]) {
        add_read();
      }
      if (next < read_.size() && read_[next].path == former_.paths[i]) {
        add_read();
      } else if (relisted_.empty() || !is_covered(former_.paths[i], relisted_)) {
        scan_.paths.push_back(former_.paths[i]);
        scan_.versions.push_back(former_.versions[i]);
      }
    }
    while (next < read_.size()) {
      add_read();
    }
  }

  /// Reads what is to be read. False if a language is not what it was.
  Result<bool> settle() {
    TaskPool here(0);
    Indexer indexer(parts_.file_system, parts_.registry, read_.size() < kManyFiles ? here : parts_.pool, parts_.limits);
    LanguageFingerprints fingerprints(parts_.registry, parts_.file_system, {}, as_of_);
    const auto take = [this](std::size_t file, FileVersion version, const FileTags* tags) {
      if (tags != nullptr && hooks_.tags) {
        hooks_.tags(rows_[file], *tags);
      }
      scan_.versions[rows_[file]] = std::move(version);
    };
    ServiceCaches& caches = parts_.caches;
    const IndexCounts counts = indexer.run(
        {selection_.root, read_, fingerprints, caches.scans(), caches.tags(), hooks_.check, hooks_.order, hooks_.rest},
        take, hooks_.progress);
    REPOMAP_TRY(ask(hooks_.check));
    for (const auto& [language, fingerprint] : fingerprints.computed()) {
      const auto [known, is_new] = scan_.fingerprints.emplace(language, fingerprint);
      if (!is_new && known->second != fingerprint) {
        return false;
      }
    }
    keep_skipped();
    complete_report(scan_, counts, as_of_);
    return true;
  }

  /// What the list has left out, of the former scan and of what is listed again.
  void keep_skipped() {
    const auto& known = former_.report.index.skipped;  // sorted by path, as all lists of skipped files
    for (const SkippedFile& file : former_.report.skipped) {
      if (!std::ranges::binary_search(known, file.path, {}, &SkippedFile::path) && !is_covered(file.path, relisted_)) {
        scan_.report.skipped.push_back(file);
      }
    }
    std::ranges::move(skipped_, std::back_inserter(scan_.report.skipped));
    scan_.report.notices = former_.report.notices;
  }

  const RepositoryParts& parts_;
  const RepoScan& former_;
  const FileSelection& selection_;
  const ScanHooks& hooks_;
  const Clock::WallTime as_of_;
  std::vector<ListedFile> read_;  // sorted by path
  std::vector<std::string> relisted_;
  std::vector<SkippedFile> skipped_;  // by listing again
  std::vector<std::size_t> rows_;     // by read file: its row in the new scan
  RepoScan scan_;
};

Result<std::optional<RepoScan>> StateBuilder::apply(const RepoScan& former, const ChangeBatch& batch,
                                                    const FileSelection& selection, const ScanHooks& hooks) const {
  if (batch.is_desynced() || std::ranges::binary_search(batch.paths, std::string_view())) {
    return std::nullopt;
  }
  return Patch(parts_, former, selection, hooks).run(batch);
}

}  // namespace repomap
