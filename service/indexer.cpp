// SPDX-License-Identifier: Apache-2.0
//
// Files are cut into chunks, and a worker takes a chunk through four steps: read and admit each file; ask the scan
// cache for all of them at once; extract those that it does not know; store the new products at once. So the disk is
// asked per chunk, not per file.
#include "service/indexer.hpp"

#include <time.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <numeric>
#include <string_view>
#include <utility>

#include "core/model/symbols_digest.hpp"
#include "service/file_admission.hpp"
#include "service/file_signatures.hpp"

namespace repomap {
namespace {

constexpr std::size_t kMaxChunkFiles = 64;
constexpr std::uint64_t kMaxChunkBytes = 1U << 20U;

/// How many of the files that were changed last come first, if any do.
constexpr std::size_t kRecentFiles = 256;

std::uint64_t size_of(const ListedFile& file) { return file.stat ? file.stat->size_bytes : 0; }

/// Ends of consecutive chunks of `order`. The first ones are single large files, the last ones many small files.
std::vector<std::size_t> chunk_ends(std::span<const std::size_t> order, std::span<const ListedFile> files) {
  std::vector<std::size_t> ends;
  std::uint64_t bytes = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    bytes += size_of(files[order[i]]);
    ++count;
    if (count == kMaxChunkFiles || bytes >= kMaxChunkBytes || i + 1 == order.size()) {
      ends.push_back(i + 1);
      bytes = 0;
      count = 0;
    }
  }
  return ends;
}

/// The order in which files are begun, as indices.
std::vector<std::size_t> order_of(const IndexWork& work) {
  std::vector<std::size_t> order(work.files.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  auto rest = std::span(order);
  if (work.order == IndexOrder::kRecentFirst) {
    const auto changed = [&work](std::size_t i) { return work.files[i].stat ? work.files[i].stat->mtime_ns : 0; };
    const std::size_t recent = std::min(kRecentFiles, order.size());
    std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(recent), std::ranges::greater{},
                              changed);
    rest = rest.subspan(recent);
  }
  std::ranges::sort(rest);
  std::ranges::stable_sort(rest, std::ranges::greater{}, [&work](std::size_t i) { return size_of(work.files[i]); });
  return order;
}

/// The time that the calling thread has spent on a processor.
std::chrono::nanoseconds processor_time() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

FileVersion refused(SkippedFile skipped) {
  FileVersion version;
  version.outcome = FileOutcome::kRefused;
  version.reason = skipped.reason;
  version.detail = std::move(skipped.detail);
  return version;
}

}  // namespace

// What the workers of one run share.
struct Indexer::Run {
  bool is_unwanted() const { return !ask(work.check); }

  const IndexWork& work;
  const Consumer& consumer;
  const Progress& progress;
  std::atomic<std::size_t> done = 0;
  std::atomic<std::size_t> parsed = 0;
  std::atomic<std::uint64_t> bytes = 0;
};

// A file of a chunk whose text could be parsed.
struct Indexer::Candidate {
  std::size_t index = 0;
  std::string text;
  Digest fingerprint;
  FileVersion version;
  std::optional<FileTags> tags;
  bool is_known = false;
};

Indexer::Indexer(const FileSystem& file_system, const LanguageRegistry& registry, TaskPool& pool, FileLimits limits)
    : file_system_(file_system), registry_(registry), pool_(pool), limits_(limits) {}

IndexCounts Indexer::run(const IndexWork& work, const Consumer& consumer, const Progress& progress) {
  const std::vector<std::size_t> order = order_of(work);
  const std::vector<std::size_t> ends = chunk_ends(order, work.files);
  Run run{.work = work, .consumer = consumer, .progress = progress};
  std::vector<std::unique_ptr<TagExtractor>> extractors(pool_.width());
  pool_.run_all(ends.size(), [&](std::size_t item, std::size_t worker) {
    if (run.is_unwanted()) {
      return;
    }
    if (!extractors[worker]) {
      extractors[worker] =
          std::make_unique<TagExtractor>(registry_, limits_.time, [&run] { return run.is_unwanted(); });
    }
    const std::size_t begin = item == 0 ? 0 : ends[item - 1];
    const auto started = processor_time();
    index_chunk(std::span(order).subspan(begin, ends[item] - begin), *extractors[worker], run);
    if (work.rest) {
      work.rest(processor_time() - started);
    }
  });
  return {run.parsed, run.bytes};
}

void Indexer::index_chunk(std::span<const std::size_t> chunk, TagExtractor& extractor, Run& run) const {
  std::vector<Candidate> candidates;
  std::vector<Signature> signatures;
  for (const std::size_t index : chunk) {
    if (run.is_unwanted()) {
      return;
    }
    if (auto candidate = admit(index, run)) {
      signatures.push_back(scan_signature(candidate->version.content, candidate->fingerprint));
      candidates.push_back(std::move(*candidate));
    }
  }
  auto known = run.work.scans.batch_get(signatures);
  std::vector<ScanCache::Item> scanned;
  std::vector<TagCache::Item> tagged;
  for (std::size_t i = 0; i < candidates.size() && !run.is_unwanted(); ++i) {
    Candidate& candidate = candidates[i];
    candidate.is_known = known[i] && known[i]->content == candidate.version.content;
    if (candidate.is_known) {
      candidate.version = std::move(*known[i]);
    } else {
      extract(candidate, extractor, run);
    }
    if (!candidate.is_known && candidate.tags) {
      const std::string& path = run.work.files[candidate.index].path;
      scanned.push_back({signatures[i], path, candidate.version});
      tagged.push_back({tags_signature(candidate.version.content, candidate.fingerprint), path, candidate.version.cost,
                        &*candidate.tags});
    }
  }
  // The tags first: what the scan cache knows has been extracted.
  run.work.tags.batch_set(tagged);
  run.work.scans.batch_set(scanned);
  if (run.is_unwanted()) {
    return;  // not all have been extracted
  }
  for (Candidate& candidate : candidates) {
    finish(candidate, run);
  }
}

/// Reads a file; nothing, and the file is finished, if it is not to be parsed.
std::optional<Indexer::Candidate> Indexer::admit(std::size_t index, Run& run) const {
  Candidate candidate;
  candidate.index = index;
  const std::string& path = run.work.files[index].path;
  const auto end = [&](FileVersion version) {
    candidate.version = std::move(version);
    finish(candidate, run);
    return std::nullopt;
  };
  if (!registry_.detector().may_know(path)) {
    return end({});
  }
  auto text = read_settled(join_path(run.work.root, path), run.work.files[index].stat);
  if (!text) {
    return end(refused(refuse_unread(path, text.error())));
  }
  candidate.text = std::move(*text);
  const Digest content = digest_of(candidate.text);
  const std::string_view language = registry_.detector().detect(path, candidate.text);
  FileVersion version;
  if (auto skipped = language.empty() ? std::nullopt : refuse_content(path, candidate.text)) {
    version = refused(std::move(*skipped));
  }
  version.content = content;
  if (language.empty() || version.outcome == FileOutcome::kRefused) {
    return end(std::move(version));
  }
  const auto fingerprint = run.work.fingerprints.get(language);
  if (!fingerprint) {
    return end(refused({path, SkipReason::kLanguageOff, fingerprint.error().message}));
  }
  candidate.fingerprint = *fingerprint;
  candidate.version = std::move(version);
  candidate.version.language = language;
  return candidate;
}

/// The content of a file, read anew where it changed meanwhile, so that no half-written state is taken for one. A file
/// that never rests is taken as it is in the end.
Result<std::string> Indexer::read_settled(const std::string& path, std::optional<FileStat> before) const {
  constexpr int kAttempts = 4;
  auto text = file_system_.read_file(path, limits_.size_bytes);
  for (int attempt = 1; text && attempt < kAttempts; ++attempt) {
    const auto after = file_system_.stat(path);
    if (!after || !before || *after == *before) {
      break;
    }
    before = *after;
    text = file_system_.read_file(path, limits_.size_bytes);
  }
  return text;
}

void Indexer::extract(Candidate& candidate, TagExtractor& extractor, Run& run) const {
  const std::string& path = run.work.files[candidate.index].path;
  const std::string name = candidate.version.language;
  const auto language = registry_.load(name);
  if (!language) {
    candidate.version = refused({path, SkipReason::kLanguageOff, language.error().message});
    return;
  }
  const auto start = std::chrono::steady_clock::now();
  auto tags = extractor.extract(**language, candidate.text);
  const Digest content = candidate.version.content;
  if (tags) {
    candidate.version.outcome = FileOutcome::kTagged;
    candidate.version.symbols = symbols_digest(*tags);
    candidate.version.tags = static_cast<std::uint32_t>(tags->tags.size());
    candidate.tags = std::move(*tags);
    ++run.parsed;
    run.bytes += candidate.text.size();
  } else {
    candidate.version = refused({path, SkipReason::kTooSlow, tags.error().message});
    candidate.version.content = content;
    candidate.version.language = name;
  }
  candidate.version.cost =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
}

void Indexer::finish(Candidate& candidate, Run& run) {
  run.consumer(candidate.index, std::move(candidate.version), candidate.tags ? &*candidate.tags : nullptr);
  const std::size_t done = ++run.done;
  if (run.progress) {
    run.progress(done, run.work.files.size());
  }
}

}  // namespace repomap
