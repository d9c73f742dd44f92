// SPDX-License-Identifier: Apache-2.0
#include "core/cache/store_context.hpp"

#include <algorithm>

#include "core/base/file_system.hpp"

namespace repomap {
namespace {

constexpr std::size_t kManyAccesses = 4096;

}  // namespace

bool AccessLog::record(std::int64_t id, std::int64_t stamp_us) {
  MutexLock lock(mutex_);
  auto& [last_us, count] = uses_[id];
  last_us = stamp_us;
  ++count;
  return uses_.size() >= kManyAccesses;
}

void AccessLog::forget(std::int64_t id) {
  MutexLock lock(mutex_);
  uses_.erase(id);
}

bool AccessLog::is_empty() const {
  MutexLock lock(mutex_);
  return uses_.empty();
}

std::vector<EntryUse> AccessLog::take() {
  std::vector<EntryUse> uses;
  MutexLock lock(mutex_);
  uses.reserve(uses_.size());
  for (const auto& [id, use] : uses_) {
    uses.push_back({id, use.first, use.second});
  }
  uses_.clear();
  return uses;
}

StoreContext::StoreContext(const DiskStoreConfig& config, CacheSettings initial)
    : directory(config.directory),
      clock(config.clock),
      storage(join_path(config.directory, "values"), config.codec, initial.synchronous),
      current_(initial) {
  set_settings(settings());
}

CacheSettings StoreContext::settings() const {
  MutexLock lock(mutex_);
  return current_;
}

void StoreContext::set_settings(const CacheSettings& settings) {
  MutexLock lock(mutex_);
  current_ = settings;
  has_statistics = settings.statistics;
  logs_accesses = settings.eviction == EvictionPolicy::kLeastRecentlyUsed ||
                  settings.eviction == EvictionPolicy::kLeastFrequentlyUsed;
}

std::int64_t StoreContext::next_stamp() {
  const std::int64_t now = now_us();
  std::int64_t last = last_stamp_us.load(std::memory_order_relaxed);
  std::int64_t next = 0;
  do {
    next = std::max(now, last + 1);
  } while (!last_stamp_us.compare_exchange_weak(last, next, std::memory_order_relaxed));
  return next;
}

void StoreContext::raise_stamp(std::int64_t stamp_us) {
  std::int64_t last = last_stamp_us.load(std::memory_order_relaxed);
  while (last < stamp_us && !last_stamp_us.compare_exchange_weak(last, stamp_us, std::memory_order_relaxed)) {
  }
}

}  // namespace repomap
