// SPDX-License-Identifier: Apache-2.0
//
// The times of the store on disk, in microseconds for one operation: medians over chunks, so that one checkpoint or one
// busy neighbour does not decide.
//
//   repomap_store_bench DIRECTORY [ITEMS]    DIRECTORY is made, filled and left; ITEMS is 100000 unless given
//
// bench/vs_diskcache.py measures python-diskcache in the same way on the same disk and prints the ratios.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/cache/disk_store.hpp"

namespace repomap {
namespace {

constexpr std::size_t kValueBytes = 200;
constexpr std::size_t kBatch = 1000;

/// The operations of a run, timed in chunks.
template <typename Operation>
void measure(const char* name, std::size_t count, std::size_t chunk, Operation&& operation) {
  std::vector<double> times;
  for (std::size_t done = 0; done + chunk <= count; done += chunk) {
    const auto start = system_clock().monotonic();
    for (std::size_t i = done; i < done + chunk; ++i) {
      operation(i);
    }
    const auto took = system_clock().monotonic() - start;
    times.push_back(static_cast<double>(took.count()) / 1000.0 / static_cast<double>(chunk));
  }
  std::ranges::sort(times);
  double sum = 0;
  for (const double time : times) {
    sum += time;
  }
  fmt::print("{{\"name\": \"{}\", \"median_us\": {:.2f}, \"mean_us\": {:.2f}, \"p99_us\": {:.2f}}}\n", name,
             times[times.size() / 2], sum / static_cast<double>(times.size()), times[times.size() * 99 / 100]);
  std::fflush(stdout);
}

void require(bool condition, const char* what) {
  if (!condition) {
    fmt::print(stderr, "failed: {}\n", what);
    std::exit(1);
  }
}

CacheKey key_of(std::size_t i) { return CacheKey::from_text(fmt::format("key-{:08}", i)); }

void run(const std::string& directory, std::size_t items) {
  DiskStoreConfig config;
  config.directory = directory;
  config.settings = CacheSettings{};
  auto store = DiskStore::open(config).value();
  std::vector<CacheKey> keys;
  for (std::size_t i = 0; i < items; ++i) {
    keys.push_back(key_of(i));
  }
  const std::string value(kValueBytes, 'v');
  // One in a hundred has the tag that is evicted at the end.
  const std::vector<CacheTag> rare = {{"rare"}};
  measure("put_many_1000", items / kBatch, 1, [&](std::size_t batch) {
    std::vector<StoreItem> batch_items;
    for (std::size_t i = batch * kBatch; i < (batch + 1) * kBatch; ++i) {
      batch_items.push_back({&keys[i], value, i % 100 == 0 ? &rare : nullptr, std::nullopt});
    }
    require(store->put_many(batch_items).has_value(), "put_many");
  });
  std::mt19937 random(1);
  std::vector<CacheKey> shuffled = keys;
  std::ranges::shuffle(shuffled, random);
  measure("get_hit", items, 100, [&](std::size_t i) { require(store->get(shuffled[i])->has_value(), "get"); });
  measure("get_hot", items, 100, [&](std::size_t i) { require(store->get(keys[i % 100])->has_value(), "get"); });
  measure("get_miss", items, 100, [&](std::size_t i) {
    require(!store->get(CacheKey::from_integer(static_cast<std::int64_t>(i)))->has_value(), "miss");
  });
  measure("get_many_1000", items / kBatch, 1, [&](std::size_t batch) {
    require(store->get_many({&shuffled[batch * kBatch], kBatch}).has_value(), "get_many");
  });
  measure("set", items / 10, 10, [&](std::size_t i) { require(store->set(shuffled[i], value).has_value(), "set"); });
  measure("set_new", items / 10, 10,
          [&](std::size_t i) { require(store->set(key_of(items + i), value).has_value(), "set"); });
  measure("erase", items / 10, 10,
          [&](std::size_t i) { require(store->erase(key_of(items + i)).value_or(false), "erase"); });
  const auto start = system_clock().monotonic();
  const Removal removal = store->evict(rare);
  const auto took = static_cast<double>((system_clock().monotonic() - start).count()) / 1000.0;
  fmt::print("{{\"name\": \"evict_tag\", \"removed\": {}, \"median_us\": {:.0f}}}\n", removal.removed, took);
}

}  // namespace
}  // namespace repomap

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: repomap_store_bench DIRECTORY [ITEMS]\n");
    return 2;
  }
  constexpr std::size_t kItems = 100'000;
  repomap::run(argv[1], argc > 2 ? std::strtoul(argv[2], nullptr, 10) : kItems);
  return 0;
}
