// SPDX-License-Identifier: Apache-2.0
#include "service/tag_loader.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "service/file_admission.hpp"
#include "service/file_signatures.hpp"

namespace repomap {
namespace {

constexpr std::size_t kChunkFiles = 128;

}  // namespace

TagLoader::TagLoader(const FileSystem& file_system, const LanguageRegistry& registry, TaskPool& pool, FileLimits limits,
                     TagCache& cache)
    : file_system_(file_system), registry_(registry), pool_(pool), limits_(limits), cache_(cache) {}

std::size_t TagLoader::load_many(const RepoScan& scan, std::span<const std::size_t> files, const Consumer& consumer) {
  extracted_ = 0;
  std::vector<std::unique_ptr<TagExtractor>> extractors(pool_.width());
  pool_.run_all_now((files.size() + kChunkFiles - 1) / kChunkFiles, [&](std::size_t item, std::size_t worker) {
    if (!extractors[worker]) {
      extractors[worker] = std::make_unique<TagExtractor>(registry_, limits_.time);
    }
    const std::size_t begin = item * kChunkFiles;
    load_chunk(scan, files.subspan(begin, std::min(kChunkFiles, files.size() - begin)), *extractors[worker], consumer);
  });
  return extracted_;
}

void TagLoader::load_chunk(const RepoScan& scan, std::span<const std::size_t> files, TagExtractor& extractor,
                           const Consumer& consumer) {
  std::vector<std::size_t> wanted;
  std::vector<Signature> signatures;
  for (const std::size_t file : files) {
    const FileVersion& version = scan.versions[file];
    const auto fingerprint = scan.fingerprints.find(version.language);
    if (version.outcome == FileOutcome::kTagged && fingerprint != scan.fingerprints.end()) {
      wanted.push_back(file);
      signatures.push_back(tags_signature(version.content, fingerprint->second));
    }
  }
  auto cached = cache_.batch_get(signatures);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (cached[i]) {
      consumer(wanted[i], cached[i]->tags, TagsBasis::kScannedContent);
      continue;
    }
    const auto start = std::chrono::steady_clock::now();
    auto loaded = extract(scan, wanted[i], extractor);
    if (!loaded) {
      continue;
    }
    ++extracted_;
    if (loaded->basis == TagsBasis::kScannedContent) {
      const auto cost = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
      const TagCache::Item item{signatures[i], scan.paths[wanted[i]], cost, &loaded->tags};
      cache_.batch_set({&item, 1});
    }
    consumer(wanted[i], loaded->tags, loaded->basis);
  }
}

std::optional<TagLoader::Loaded> TagLoader::extract(const RepoScan& scan, std::size_t file,
                                                    TagExtractor& extractor) const {
  const std::string& path = scan.paths[file];
  const auto text = file_system_.read_file(join_path(scan.root, path), limits_.size_bytes);
  if (!text || refuse_content(path, *text)) {
    return std::nullopt;
  }
  const auto language = registry_.load(registry_.detector().detect(path, *text));
  if (!language) {
    return std::nullopt;
  }
  auto tags = extractor.extract(**language, *text);
  if (!tags) {
    return std::nullopt;
  }
  const bool is_same = tags->content == scan.versions[file].content && tags->language == scan.versions[file].language;
  return Loaded{std::move(*tags), is_same ? TagsBasis::kScannedContent : TagsBasis::kChangedContent};
}

}  // namespace repomap
