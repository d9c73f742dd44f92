// SPDX-License-Identifier: Apache-2.0
//
// embed_cache DIRECTORY FILE...: counts the words of files, and keeps the counts in a cache of three tiers: memory, a
// store in DIRECTORY, and a backend of our own. A second run counts nothing.
#include <cstdio>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/digest.hpp"
#include "core/base/file_system.hpp"
#include "core/cache/disk_backend.hpp"
#include "core/cache/memory_backend.hpp"
#include "core/cache/tiered_cache.hpp"
#include "shared_map_backend.hpp"

namespace {

using repomap::CacheItem;
using repomap::CacheKey;
using repomap::CacheTag;
using repomap::Result;

/// Memory in front of a store on disk in front of our own backend.
Result<std::unique_ptr<repomap::TieredCache>> open_cache(const std::string& directory) {
  const repomap::Clock& clock = repomap::system_clock();

  repomap::MemoryBackendSettings memory;
  memory.limit_bytes = 8U << 20U;

  repomap::DiskStoreConfig disk;
  disk.directory = directory;
  disk.settings = repomap::CacheSettings{};
  disk.settings->size_limit_bytes = 256U << 20U;
  disk.settings->eviction = repomap::EvictionPolicy::kLeastRecentlyUsed;
  auto store = repomap::DiskBackend::open(disk);
  if (!store) {
    return std::unexpected(store.error());
  }

  std::vector<std::unique_ptr<repomap::CacheBackend>> tiers;
  tiers.push_back(std::make_unique<repomap::MemoryBackend>(memory, clock));
  tiers.push_back(std::move(*store));
  tiers.push_back(std::make_unique<SharedMapBackend>());
  return std::make_unique<repomap::TieredCache>(std::move(tiers), repomap::TieredCacheSettings{}, clock);
}

std::string count_words(const std::string& text) {
  std::istringstream words(text);
  std::size_t count = 0;
  for (std::string word; words >> word;) {
    ++count;
  }
  return std::to_string(count);
}

/// The key is made of what the value is computed from: the content, and a version that changes when count_words() does.
CacheKey key_of(const std::string& text) {
  return CacheKey::from_text("words").add_integer(1).add_digest(repomap::digest_of(text));
}

void print_words(repomap::CacheBackend& cache, const std::string& path, const std::string& text) {
  const CacheKey key = key_of(text);
  if (const auto found = cache.get_many({&key, 1}); found && found->front()) {
    std::printf("%s: %s words, from the cache\n", path.c_str(), found->front()->value->c_str());
    return;
  }
  CacheItem item;
  item.key = key;
  item.entry.value = std::make_shared<const std::string>(count_words(text));
  item.entry.tags = {CacheTag::file(path)};  // evict() finds it by this
  item.entry.expires = repomap::system_clock().now() + std::chrono::days(30);
  // A cache that cannot keep something is no reason to fail: the value is there all the same.
  static_cast<void>(cache.put_many({&item, 1}));
  std::printf("%s: %s words, counted\n", path.c_str(), item.entry.value->c_str());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: embed_cache DIRECTORY FILE...\n");
    return 2;
  }
  const auto cache = open_cache(argv[1]);
  if (!cache) {
    std::fprintf(stderr, "embed_cache: %s\n", cache.error().message.c_str());
    return 1;
  }
  const auto files = repomap::make_posix_file_system();
  for (int i = 2; i < argc; ++i) {
    const auto text = files->read_file(argv[i], std::uint64_t{1} << 30U);
    if (!text) {
      std::fprintf(stderr, "embed_cache: %s\n", text.error().message.c_str());
      return 1;
    }
    print_words(**cache, argv[i], *text);
  }
  for (const repomap::BackendStats& tier : (*cache)->stats().tiers) {
    std::printf("%-10s %llu hits, %llu misses\n", tier.name.c_str(), static_cast<unsigned long long>(tier.hits),
                static_cast<unsigned long long>(tier.misses));
  }
  return 0;
}
