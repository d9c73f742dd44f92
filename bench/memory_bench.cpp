// SPDX-License-Identifier: Apache-2.0
//
// What the tier in memory costs: 100,000 entries of 200 bytes with a label each, asked for one at a time in random
// order, as a table with a list and one lock (the peer) and as MemoryBackend, by one thread and by two.
//
//   repomap_memory_bench [--benchmark_filter=…]
//
// items_per_second is of all threads together. Hits are counted by the backend: its statistics are on.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <list>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/digest.hpp"
#include "core/base/mutex.hpp"
#include "core/cache/memory_backend.hpp"
#include "core/cache/tiered_cache.hpp"

namespace repomap {
namespace {

constexpr std::size_t kEntries = 100'000;
constexpr std::size_t kHotEntries = 2'000;
constexpr std::size_t kValueBytes = 200;
constexpr std::uint64_t kNoLimit = 0;

CacheItem make_item(std::size_t number) {
  const std::string name = std::to_string(number);
  return {CacheKey::from_digest(digest_of(name)),
          {std::make_shared<const std::string>(std::string(kValueBytes, 'v')),
           {CacheTag::file("src/directory/file" + name + ".cpp")},
           std::nullopt}};
}

const std::vector<CacheItem>& all_items() {
  static const std::vector<CacheItem> kItems = [] {
    std::vector<CacheItem> items;
    items.reserve(kEntries);
    for (std::size_t number = 0; number < kEntries; ++number) {
      items.push_back(make_item(number));
    }
    return items;
  }();
  return kItems;
}

/// The first `count` keys in random order, another one for each thread. Made anew in that order, so that only the cache
/// jumps about.
std::vector<CacheKey> shuffled_keys(std::int64_t count, int thread) {
  std::vector<std::size_t> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  std::ranges::shuffle(numbers, std::mt19937(static_cast<unsigned>(thread)));  // NOLINT: the same every time
  std::vector<CacheKey> keys;
  keys.reserve(numbers.size());
  for (const std::size_t number : numbers) {
    keys.push_back(make_item(number).key);
  }
  return keys;
}

/// The peer: what one writes first. Copies the value out.
class PlainLru {
 public:
  void put(const CacheItem& item) {
    const MutexLock lock(mutex_);
    order_.emplace_front(item.key, *item.entry.value);
    index_[item.key] = order_.begin();
  }
  std::optional<std::string> get(const CacheKey& key) {
    const MutexLock lock(mutex_);
    const auto found = index_.find(key);
    if (found == index_.end()) {
      return std::nullopt;
    }
    order_.splice(order_.begin(), order_, found->second);
    return found->second->second;
  }

 private:
  using Order = std::list<std::pair<CacheKey, std::string>>;
  Mutex mutex_;
  Order order_ GUARDED_BY(mutex_);
  std::unordered_map<CacheKey, Order::iterator> index_ GUARDED_BY(mutex_);
};

template <typename Get>
void run_hits(benchmark::State& state, const Get& get) {
  const std::vector<CacheKey> keys = shuffled_keys(state.range(0), state.thread_index());
  std::size_t next = 0;
  for (auto _ : state) {
    if (!get(keys[next])) {
      state.SkipWithError("a key that was put is not there");
    }
    next = next + 1 == keys.size() ? 0 : next + 1;
  }
  state.SetItemsProcessed(state.iterations());
}

void plain_lru_hit(benchmark::State& state) {
  static PlainLru* const kCache = [] {
    auto* cache = new PlainLru;
    for (const CacheItem& item : all_items()) {
      cache->put(item);
    }
    return cache;
  }();
  run_hits(state, [](const CacheKey& key) { return kCache->get(key).has_value(); });
}

std::unique_ptr<MemoryBackend> filled_backend() {
  auto backend = std::make_unique<MemoryBackend>(MemoryBackendSettings{kNoLimit, kNoLimit}, system_clock());
  (void)backend->put_many(all_items());
  return backend;
}

bool has(CacheBackend& backend, const CacheKey& key) {
  const auto found = backend.get_many({&key, 1});
  return found && found->front() && found->front()->value->size() == kValueBytes;
}

void memory_backend_hit(benchmark::State& state) {
  static CacheBackend* const kBackend = filled_backend().release();
  run_hits(state, [](const CacheKey& key) { return has(*kBackend, key); });
}

void tiered_cache_hit(benchmark::State& state) {
  static CacheBackend* const kCache = [] {
    std::vector<std::unique_ptr<CacheBackend>> tiers;
    tiers.push_back(filled_backend());
    tiers.push_back(filled_backend());
    return new TieredCache(std::move(tiers), {}, system_clock());
  }();
  run_hits(state, [](const CacheKey& key) { return has(*kCache, key); });
}

void memory_backend_miss(benchmark::State& state) {
  static CacheBackend* const kBackend = filled_backend().release();
  std::vector<CacheKey> keys;
  for (std::size_t number = 0; number < kEntries; ++number) {
    keys.push_back(CacheKey::from_digest(digest_of("absent" + std::to_string(number))));
  }
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(has(*kBackend, keys[next]));
    next = next + 1 == keys.size() ? 0 : next + 1;
  }
  state.SetItemsProcessed(state.iterations());
}

void memory_backend_put_over_the_limit(benchmark::State& state) {
  MemoryBackend backend({std::uint64_t{4} << 20U, kNoLimit}, system_clock());
  std::size_t next = 0;
  for (auto _ : state) {
    (void)backend.put_many({&all_items()[next], 1});
    next = next + 1 == kEntries ? 0 : next + 1;
  }
  state.SetItemsProcessed(state.iterations());
}

void memory_backend_evict_one_of_many_tags(benchmark::State& state) {
  const auto backend = filled_backend();
  std::size_t next = 0;
  for (auto _ : state) {
    const CacheItem& item = all_items()[next];
    (void)backend->evict(item.entry.tags);
    (void)backend->put_many({&item, 1});
    next = next + 1 == kEntries ? 0 : next + 1;
  }
  state.SetItemsProcessed(state.iterations());
}

/// Of the entries, few are asked for (they are in the processor's cache), or all.
void hot_and_all(benchmark::internal::Benchmark* bench) {
  bench->Arg(kHotEntries)->Arg(kEntries)->Threads(1)->Threads(2)->UseRealTime();
}

BENCHMARK(plain_lru_hit)->Apply(hot_and_all);
BENCHMARK(memory_backend_hit)->Apply(hot_and_all);
BENCHMARK(tiered_cache_hit)->Apply(hot_and_all);
BENCHMARK(memory_backend_miss);
BENCHMARK(memory_backend_put_over_the_limit);
BENCHMARK(memory_backend_evict_one_of_many_tags);

}  // namespace
}  // namespace repomap

BENCHMARK_MAIN();
