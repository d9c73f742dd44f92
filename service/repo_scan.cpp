// SPDX-License-Identifier: Apache-2.0
//
// A scan is a merge of two sorted lists: the files that are there, and those of the latest manifest. Where both have a
// file with one stat, and the language's fingerprint is what it was, the old version holds. The others go through the
// indexer. The next manifest has what was found, and keeps what the selection left out.
#include "service/repo_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "core/base/byte_codec.hpp"
#include "watcher/stat_reader.hpp"

namespace repomap {
namespace {

/// Rises with every change of our own code that can change what a content comes to, besides its tags.
constexpr std::uint32_t kScanVersion = 1;

/// From so many doubtful files on, processes wait for each other.
constexpr std::size_t kManyFiles = 128;

/// Whether what became of the file may become of it again as long as its stat stays: not where the reason lies outside.
bool is_lasting(const FileVersion& version) {
  return version.outcome != FileOutcome::kRefused ||
         (version.reason != SkipReason::kUnreadable && version.reason != SkipReason::kVanished &&
          version.reason != SkipReason::kLanguageOff);
}

/// Whether no directories are given, or the path lies in one of them.
bool lies_in(std::string_view path, const std::vector<std::string>& directories) {
  return directories.empty() ||
         std::ranges::any_of(directories, [path](const std::string& one) { return is_or_is_below(path, one); });
}

bool is_selected(std::string_view path, const FileSelection& selection) {
  return lies_in(path, selection.subtrees) && lies_in(path, selection.paths);
}

/// Keeps of the list what is, or is below, one of `paths`. Errors: kNotFound for a path that selects nothing.
Status keep_selected(const std::vector<std::string>& paths, FileList& list) {
  for (const std::string& path : paths) {
    const auto is_below = [&path](const auto& file) { return is_or_is_below(file.path, path); };
    if (!path.empty() && std::ranges::none_of(list.files, is_below) && std::ranges::none_of(list.skipped, is_below)) {
      return fail(ErrorCode::kNotFound, fmt::format("{}: no such file in the repository, or it is ignored", path));
    }
  }
  std::erase_if(list.files, [&paths](const ListedFile& file) { return !lies_in(file.path, paths); });
  std::erase_if(list.skipped, [&paths](const SkippedFile& file) { return !lies_in(file.path, paths); });
  return {};
}

/// The files of both, sorted by path; of equal paths the new one.
std::vector<ManifestFile> merge(std::vector<ManifestFile> kept, std::vector<ManifestFile> files) {
  if (kept.empty()) {
    return files;
  }
  std::vector<ManifestFile> merged;
  merged.reserve(kept.size() + files.size());
  std::ranges::merge(std::make_move_iterator(kept.begin()), std::make_move_iterator(kept.end()),
                     std::make_move_iterator(files.begin()), std::make_move_iterator(files.end()),
                     std::back_inserter(merged), {}, &ManifestFile::path, &ManifestFile::path);
  return merged;
}

}  // namespace

bool is_or_is_below(std::string_view path, std::string_view directory) {
  return directory.empty() ||
         (path.starts_with(directory) && (path.size() == directory.size() || path[directory.size()] == '/'));
}

IndexReport index_report(const RepoScan& scan, const IndexCounts& counts) {
  IndexReport report;
  report.parsed = counts.parsed;
  report.bytes = counts.bytes;
  std::size_t tagged = 0;
  for (std::size_t i = 0; i < scan.paths.size(); ++i) {
    const FileVersion& version = scan.versions[i];
    if (version.outcome == FileOutcome::kTagged) {
      ++tagged;
      report.tags += version.tags;
    } else if (version.outcome == FileOutcome::kUnknownLanguage) {
      ++report.unknown;
    } else {
      report.skipped.push_back({scan.paths[i], version.reason, version.detail});
    }
  }
  report.reused = tagged - counts.parsed;
  return report;
}

void complete_report(RepoScan& scan, const IndexCounts& counts, Clock::WallTime as_of) {
  FileReport& report = scan.report;
  report.listed = scan.paths.size();
  report.index = index_report(scan, counts);
  std::ranges::copy(report.index.skipped, std::back_inserter(report.skipped));
  std::ranges::sort(report.skipped, {}, &SkippedFile::path);
  report.freshness.as_of = as_of;
  report.freshness.indexed = report.index.parsed + report.index.reused;
  report.freshness.skipped = report.skipped.size();
}

Digest RepoScan::symbols_state() const {
  ByteWriter parts;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    parts.add_string(paths[i]);
    parts.add_digest(versions[i].symbols);
  }
  return digest_of(parts.bytes());
}

Digest RepoScan::content_state() const {
  ByteWriter parts;
  for (const auto& [language, fingerprint] : fingerprints) {
    parts.add_string(language);
    parts.add_digest(fingerprint);
  }
  for (std::size_t i = 0; i < paths.size(); ++i) {
    parts.add_string(paths[i]);
    parts.add_u8(static_cast<std::uint8_t>(versions[i].outcome));
    parts.add_digest(versions[i].content);
  }
  return digest_of(parts.bytes());
}

Digest RepoScan::paths_state() const {
  ByteWriter parts;
  for (const std::string& path : paths) {
    parts.add_string(path);
  }
  return digest_of(parts.bytes());
}

// The list of files against the latest manifest.
class RepoScanner::Comparison {
 public:
  Comparison(const FileSelection& selection, FileList list, RepoManifest manifest, LanguageFingerprints& fingerprints)
      : selection_(selection),
        list_(std::move(list)),
        manifest_(std::move(manifest)),
        fingerprints_(fingerprints),
        versions_(list_.files.size()),
        old_(list_.files.size(), nullptr) {
    for (const auto& [language, fingerprint] : manifest_.fingerprints) {
      const auto current = fingerprints_.get(language);
      is_current_[language] = current && *current == fingerprint;
    }
    compare();
  }

  /// What must be read, as indices in the list.
  const std::vector<std::size_t>& doubtful() const { return doubtful_; }

  std::vector<ListedFile> doubtful_files() const {
    std::vector<ListedFile> files;
    files.reserve(doubtful_.size());
    std::ranges::transform(doubtful_, std::back_inserter(files), [this](std::size_t i) { return list_.files[i]; });
    return files;
  }

  void settle(std::size_t doubt, FileVersion version) { versions_[doubtful_[doubt]] = std::move(version); }

  /// The manifest for the next scan; nothing if it would say the same. REQUIRES: all doubt is settled.
  std::optional<RepoManifest> next_manifest(Clock::WallTime as_of) {
    for (const std::size_t i : doubtful_) {
      is_changed_ |= old_[i] == nullptr || *old_[i] != manifest_file(i, as_of);
    }
    if (!is_changed_ && fingerprints_.stamps() == manifest_.stamps) {
      return std::nullopt;
    }
    RepoManifest next;
    next.environment = manifest_.environment;
    next.stamps = fingerprints_.stamps();
    next.fingerprints = fingerprints_.computed();
    std::vector<ManifestFile> files;
    files.reserve(list_.files.size());
    for (std::size_t i = 0; i < list_.files.size(); ++i) {
      files.push_back(manifest_file(i, as_of));
    }
    next.files = merge(std::move(left_out_), std::move(files));
    return next;
  }

  /// What is known before the doubtful files are read.
  RepoScan known(Clock::WallTime as_of) const {
    RepoScan scan;
    scan.root = selection_.root;
    scan.versions = versions_;
    scan.paths.reserve(list_.files.size());
    std::ranges::transform(list_.files, std::back_inserter(scan.paths), &ListedFile::path);
    scan.fingerprints = fingerprints_.computed();
    scan.rule_files = list_.rule_files;
    scan.report.notices = list_.notices;
    scan.report.skipped = list_.skipped;
    scan.report.freshness.as_of = as_of;
    return scan;
  }

  RepoScan finish(const IndexCounts& counts, Clock::WallTime as_of) {
    RepoScan scan;
    scan.root = selection_.root;
    scan.versions = std::move(versions_);
    scan.paths.reserve(list_.files.size());
    std::ranges::transform(list_.files, std::back_inserter(scan.paths),
                           [](ListedFile& file) { return std::move(file.path); });
    scan.fingerprints = fingerprints_.computed();
    scan.rule_files = std::move(list_.rule_files);
    scan.report.notices = std::move(list_.notices);
    scan.report.skipped = std::move(list_.skipped);
    complete_report(scan, counts, as_of);
    return scan;
  }

 private:
  void compare() {
    auto& files = manifest_.files;
    std::size_t next = 0;
    for (std::size_t i = 0; i < list_.files.size(); ++i) {
      while (next < files.size() && files[next].path < list_.files[i].path) {
        pass_over(files[next++]);
      }
      const bool is_listed = next < files.size() && files[next].path == list_.files[i].path;
      old_[i] = is_listed ? &files[next++] : nullptr;
      if (old_[i] != nullptr && holds(*old_[i], list_.files[i].stat)) {
        versions_[i] = old_[i]->version;
      } else {
        doubtful_.push_back(i);
      }
    }
    while (next < files.size()) {
      pass_over(files[next++]);
    }
  }

  void pass_over(ManifestFile& file) {
    if (is_selected(file.path, selection_)) {
      is_changed_ = true;
    } else {
      left_out_.push_back(std::move(file));
    }
  }

  bool holds(const ManifestFile& file, const std::optional<FileStat>& stat) const {
    if (!file.stat || file.stat != stat) {
      return false;
    }
    const auto language = is_current_.find(file.version.language);
    return file.version.language.empty() || (language != is_current_.end() && language->second);
  }

  ManifestFile manifest_file(std::size_t index, Clock::WallTime as_of) const {
    const ListedFile& listed = list_.files[index];
    ManifestFile file{listed.path, std::nullopt, versions_[index]};
    if (listed.stat && is_proof(*listed.stat, as_of) && is_lasting(file.version)) {
      file.stat = listed.stat;
    }
    return file;
  }

  const FileSelection& selection_;
  FileList list_;
  RepoManifest manifest_;
  LanguageFingerprints& fingerprints_;
  std::map<std::string, bool, std::less<>> is_current_;  // by language of the manifest
  std::vector<FileVersion> versions_;                    // by file of the list
  std::vector<const ManifestFile*> old_;                 // by file of the list; null for a new one
  std::vector<std::size_t> doubtful_;
  std::vector<ManifestFile> left_out_;  // of the manifest, by the selection
  bool is_changed_ = false;
};

Result<FileList> list_selection(const FileSelection& selection, const DirectoryVisitor& visitor,
                                const WorkCheck& check) {
  ListOptions options;
  options.on_directory = visitor;
  options.check = check;
  options.subtrees = selection.subtrees;
  options.submodules = selection.submodules;
  REPOMAP_ASSIGN(FileList list, list_files(selection.root, options));
  REPOMAP_TRY(keep_selected(selection.paths, list));
  return list;
}

RepoScanner::RepoScanner(const FileSystem& file_system, const LanguageRegistry& registry, Indexer& indexer,
                         Caches caches, const Clock& clock)
    : file_system_(file_system), registry_(registry), indexer_(indexer), caches_(std::move(caches)), clock_(clock) {}

Digest scan_environment(const LanguageRegistry& registry, const FileLimits& limits) {
  ByteWriter parts;
  parts.add_u32(kScanVersion);
  parts.add_u64(limits.size_bytes);
  parts.add_u64(static_cast<std::uint64_t>(limits.time.count()));
  for (const LanguageSpec& spec : registry.specs()) {
    parts.add_string(spec.name);
    for (const auto* names : {&spec.extensions, &spec.file_names, &spec.interpreters}) {
      parts.add_varint(names->size());
      std::ranges::for_each(*names, [&parts](const std::string& name) { parts.add_string(name); });
    }
  }
  return digest_of(parts.bytes());
}

/// What of the latest manifest may be believed.
RepoManifest RepoScanner::recall(const FileSelection& selection) const {
  const Digest now = scan_environment(registry_, indexer_.limits());
  RepoManifest manifest;
  if (auto latest = caches_.manifests.get(selection.root, selection.submodules)) {
    manifest = std::move(*latest);
    if (manifest.environment != now) {
      manifest.files.clear();
    }
  }
  manifest.environment = now;
  return manifest;
}

// The files at one moment, compared with the manifest.
struct RepoScanner::Look {
  Clock::WallTime as_of;
  std::unique_ptr<LanguageFingerprints> fingerprints;
  std::unique_ptr<Comparison> comparison;
};

Result<RepoScanner::Look> RepoScanner::look(const FileSelection& selection, const ScanHooks& hooks) const {
  Look look;
  look.as_of = clock_.now();
  // Walking the tree waits for the kernel, decoding the manifest for memory: they go well together.
  Result<FileList> listed;
  RepoManifest manifest;
  indexer_.pool().run_all_now(2, [&](std::size_t item, std::size_t /*worker*/) {
    if (item == 0) {
      listed = list_selection(selection, hooks.directory, hooks.check);
    } else {
      manifest = recall(selection);
    }
  });
  REPOMAP_ASSIGN(FileList list, std::move(listed));
  REPOMAP_TRY(read_stats(selection.root, indexer_.pool(), list, hooks.check));
  look.fingerprints = std::make_unique<LanguageFingerprints>(registry_, file_system_, manifest.stamps, look.as_of);
  look.comparison = std::make_unique<Comparison>(selection, std::move(list), std::move(manifest), *look.fingerprints);
  return look;
}

/// Where there is much to read, one process at a time does it, and the others look again when it has finished.
Result<RepoScanner::Look> RepoScanner::look_in_turn(const FileSelection& selection, const ScanHooks& hooks,
                                                    std::optional<IndexTurn>& turn) const {
  REPOMAP_ASSIGN(Look first, look(selection, hooks));
  if (first.comparison->doubtful().size() < kManyFiles) {
    return first;
  }
  turn.emplace(caches_.leases ? caches_.leases() : nullptr, selection.root, clock_);
  REPOMAP_ASSIGN(const IndexTurn::Outcome outcome, turn->take(hooks.check));
  if (outcome == IndexTurn::Outcome::kAtOnce) {
    return first;
  }
  return look(selection, hooks);
}

Result<RepoScan> RepoScanner::scan(const FileSelection& selection, const ScanHooks& hooks) {
  std::optional<IndexTurn> turn;
  REPOMAP_ASSIGN(const Look look, look_in_turn(selection, hooks, turn));
  Comparison& comparison = *look.comparison;
  if (hooks.listed) {
    hooks.listed(comparison.known(look.as_of), comparison.doubtful());
  }
  const std::vector<ListedFile> doubtful = comparison.doubtful_files();
  const auto take = [&](std::size_t doubt, FileVersion version, const FileTags* tags) {
    if (turn) {
      turn->keep();
    }
    if (tags != nullptr && hooks.tags) {
      hooks.tags(comparison.doubtful()[doubt], *tags);
    }
    if (hooks.settled) {
      hooks.settled(comparison.doubtful()[doubt], version);
    }
    comparison.settle(doubt, std::move(version));
  };
  IndexCounts counts;
  if (!doubtful.empty()) {
    counts = indexer_.run({selection.root, doubtful, *look.fingerprints, caches_.scans(), caches_.tags(), hooks.check,
                           hooks.order, hooks.rest},
                          take, hooks.progress);
  }
  REPOMAP_TRY(ask(hooks.check));
  if (const auto next = comparison.next_manifest(look.as_of)) {
    caches_.manifests.set(selection.root, selection.submodules, *next);
  }
  return comparison.finish(counts, look.as_of);
}

}  // namespace repomap
