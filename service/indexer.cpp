// SPDX-License-Identifier: Apache-2.0
#include "service/indexer.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include "service/file_admission.hpp"

namespace repomap {

// What the workers of one run share.
struct Indexer::Run {
  const std::string& root;
  std::span<const ListedFile> files;
  const Consumer& consumer;
  const Progress& progress;
  std::atomic<std::size_t> done = 0;
  std::atomic<std::size_t> parsed = 0;
  std::atomic<std::size_t> unknown = 0;
  std::atomic<std::size_t> tags = 0;
  std::atomic<std::uint64_t> bytes = 0;
  Mutex mutex{};
  std::vector<SkippedFile> skipped GUARDED_BY(mutex){};
};

Indexer::Indexer(const FileSystem& file_system, const LanguageRegistry& registry, TaskPool& pool, FileLimits limits)
    : file_system_(file_system), registry_(registry), pool_(pool), limits_(limits) {}

IndexReport Indexer::run(const std::string& root, std::span<const ListedFile> files, const Consumer& consumer,
                         const Progress& progress) {
  load_languages(files);
  std::vector<std::size_t> order(files.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{}, [files](std::size_t index) {
    return files[index].stat ? files[index].stat->size_bytes : 0;
  });
  Run run{.root = root, .files = files, .consumer = consumer, .progress = progress};
  std::vector<std::unique_ptr<TagExtractor>> extractors(pool_.width());
  pool_.run_all(order.size(), [&](std::size_t item, std::size_t worker) {
    if (!extractors[worker]) {
      extractors[worker] = std::make_unique<TagExtractor>(registry_, limits_.time);
    }
    index_file(order[item], *extractors[worker], run);
  });
  IndexReport report;
  report.parsed = run.parsed;
  report.unknown = run.unknown;
  report.tags = run.tags;
  report.bytes = run.bytes;
  MutexLock lock(run.mutex);
  report.skipped = std::move(run.skipped);
  std::ranges::sort(report.skipped, {}, &SkippedFile::path);
  return report;
}

// Two workers that meet a language at once would both compile its query; so each is loaded once, ahead, in parallel.
void Indexer::load_languages(std::span<const ListedFile> files) {
  std::set<std::string_view> names;
  for (const ListedFile& file : files) {
    const std::string_view name = registry_.detector().detect(file.path, {});
    if (!name.empty()) {
      names.insert(name);
    }
  }
  const std::vector<std::string_view> list(names.begin(), names.end());
  pool_.run_all(list.size(), [&](std::size_t item, std::size_t /*worker*/) {
    // A language that does not load is reported with the files it costs.
    static_cast<void>(registry_.load(list[item]));
  });
}

void Indexer::index_file(std::size_t index, TagExtractor& extractor, Run& run) const {
  const std::string& path = run.files[index].path;
  if (!registry_.detector().may_know(path)) {
    ++run.unknown;
  } else if (auto refused = extract(path, extractor, run, index)) {
    MutexLock lock(run.mutex);
    run.skipped.push_back(std::move(*refused));
  }
  const std::size_t done = ++run.done;
  if (run.progress) {
    run.progress(done, run.files.size());
  }
}

std::optional<SkippedFile> Indexer::extract(const std::string& path, TagExtractor& extractor, Run& run,
                                            std::size_t index) const {
  const auto text = file_system_.read_file(join_path(run.root, path), limits_.size_bytes);
  if (!text) {
    return refuse_unread(path, text.error());
  }
  const std::string_view name = registry_.detector().detect(path, *text);
  if (name.empty()) {
    ++run.unknown;
    return std::nullopt;
  }
  if (auto refused = refuse_content(path, *text)) {
    return refused;
  }
  const auto language = registry_.load(name);
  if (!language) {
    return SkippedFile{path, SkipReason::kLanguageOff, language.error().message};
  }
  auto tags = extractor.extract(**language, *text);
  if (!tags) {
    return SkippedFile{path, SkipReason::kTooSlow, tags.error().message};
  }
  ++run.parsed;
  run.bytes += text->size();
  run.tags += tags->tags.size();
  run.consumer(index, std::move(*tags));
  return std::nullopt;
}

}  // namespace repomap
