// SPDX-License-Identifier: Apache-2.0
#include "core/cache/tiered_cache.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <string>
#include <utility>

#include "core/base/log.hpp"

// Every change goes from the farthest tier to the nearest, so that a reader who has seen a new value does not find the
// old one further down when the nearest tier drops the new one. For the same reason an entry leaves the queue of late
// writes only when the far tiers have it, or nothing of its key. Who may write at the same time is up to WriteOrder; it
// is not asked where the nearest tier has everything.

namespace repomap {
namespace {

constexpr std::size_t kLateBatch = 256;

/// As WriteOrder wants them.
std::vector<std::uint64_t> in_order(std::vector<std::uint64_t> hashes) {
  std::ranges::sort(hashes);
  const auto rest = std::ranges::unique(hashes);
  hashes.erase(rest.begin(), rest.end());
  return hashes;
}

std::vector<std::uint64_t> hashes_of(std::span<const CacheKey> keys) {
  std::vector<std::uint64_t> hashes;
  hashes.reserve(keys.size());
  for (const CacheKey& key : keys) {
    hashes.push_back(std::hash<CacheKey>()(key));
  }
  return in_order(std::move(hashes));
}

std::vector<std::uint64_t> hashes_of(std::span<const CacheItem> items) {
  std::vector<std::uint64_t> hashes;
  hashes.reserve(items.size());
  for (const CacheItem& item : items) {
    hashes.push_back(std::hash<CacheKey>()(item.key));
  }
  return in_order(std::move(hashes));
}

std::size_t count_found(std::span<const std::optional<CacheEntry>> entries) {
  return static_cast<std::size_t>(std::ranges::count_if(entries, [](const auto& entry) { return entry.has_value(); }));
}

}  // namespace

TieredCache::TieredCache(std::vector<std::unique_ptr<CacheBackend>> tiers, const TieredCacheSettings& settings,
                         const Clock& clock)
    : settings_(settings), clock_(clock) {
  assert(!tiers.empty());
  for (auto& tier : tiers) {
    tiers_.push_back(std::make_unique<CacheTier>(std::move(tier), tiers_.size() + 1, settings.retry, clock));
  }
  if (is_behind()) {
    worker_ = std::make_unique<PeriodicWorker>("cache-writer", settings.flush_interval, [this] { (void)flush(); });
  }
}

TieredCache::~TieredCache() {
  worker_.reset();
  if (const Status flushed = flush(); !flushed) {
    log_warning(flushed.error().message);
  }
}

Result<std::vector<std::optional<CacheEntry>>> TieredCache::get_many(std::span<const CacheKey> keys) {
  const LatencyTimer timer(get_latency_, clock_);
  std::optional<Entries> nearest = tiers_.front()->get_many(keys);
  bool is_answered = nearest.has_value();
  Entries results = nearest ? std::move(*nearest) : Entries(keys.size());
  const std::size_t found_near = count_found(results);
  if (found_near == keys.size()) {
    hits_.add(found_near);
    return results;
  }
  Search search;
  for (std::size_t place = 0; place < keys.size(); ++place) {
    if (!results[place]) {
      search.keys.push_back(keys[place]);
      search.places.push_back(place);
    }
  }
  is_answered = search_far(std::move(search), results) || is_answered;
  if (!is_answered) {
    return std::unexpected(why_no_tier_works());
  }
  const std::size_t found = count_found(results);
  hits_.add(found);
  misses_.add(keys.size() - found);
  return results;
}

/// Fills in the results of what the nearest tier did not have. Whether anyone could be asked.
bool TieredCache::search_far(Search search, Entries& results) {
  const Hashes hashes = hashes_of(search.keys);
  const WriteOrder::Snapshot before = order_.snapshot(hashes);  // before anything that may be promoted is read
  const std::size_t wanted = search.keys.size();
  if (is_behind()) {
    search_queue(search, results);
  }
  bool is_answered = search.keys.size() < wanted;
  for (std::size_t tier = 1; tier < tiers_.size() && !search.keys.empty(); ++tier) {
    std::optional<Entries> found = tiers_[tier]->get_many(search.keys);
    if (!found) {
      continue;
    }
    is_answered = true;
    std::vector<CacheItem> hits;
    search = collect(search, *found, results, hits);
    promote(hits, tier, hashes, before);
  }
  return is_answered;
}

/// What is queued is newer than what the far tiers have: its keys need no further search, even if it has expired.
void TieredCache::search_queue(Search& search, Entries& results) const {
  Entries queued(search.keys.size());
  if (queue_.find(search.keys, queued) == 0) {
    return;
  }
  Search rest;
  for (std::size_t index = 0; index < queued.size(); ++index) {
    if (!queued[index]) {
      rest.keys.push_back(std::move(search.keys[index]));
      rest.places.push_back(search.places[index]);
    } else if (!queued[index]->expires || *queued[index]->expires > clock_.now()) {
      results[search.places[index]] = std::move(queued[index]);
    }
  }
  search = std::move(rest);
}

/// Moves what was found to its place, and lists it as hits; gives what is left to search.
TieredCache::Search TieredCache::collect(const Search& search, Entries& found, Entries& results,
                                         std::vector<CacheItem>& hits) const {
  Search rest;
  for (std::size_t index = 0; index < found.size(); ++index) {
    if (found[index]) {
      hits.push_back({search.keys[index], *found[index]});
      results[search.places[index]] = std::move(found[index]);
    } else {
      rest.keys.push_back(search.keys[index]);
      rest.places.push_back(search.places[index]);
    }
  }
  return rest;
}

/// Copies what tier `from` had to the nearer ones, as far as nobody has changed it since `before`.
void TieredCache::promote(std::span<const CacheItem> items, std::size_t from, const Hashes& hashes,
                          const WriteOrder::Snapshot& before) {
  if (items.empty()) {
    return;
  }
  // Of the keys of the whole search only those that were found here.
  const Hashes found = hashes_of(items);
  WriteOrder::Snapshot of_found{.removals = before.removals, .versions = {}};
  for (const std::uint64_t hash : found) {
    const auto place = std::ranges::lower_bound(hashes, hash) - hashes.begin();
    of_found.versions.push_back(before.versions[static_cast<std::size_t>(place)]);
  }
  const Hashes admitted = order_.begin_promotion(found, of_found);
  std::vector<CacheItem> copies;
  for (const CacheItem& item : items) {
    if (std::ranges::binary_search(admitted, std::hash<CacheKey>()(item.key))) {
      copies.push_back(item);
    }
  }
  for (std::size_t tier = from; tier-- > 0 && !copies.empty();) {
    tiers_[tier]->offer(copies);
  }
  order_.end_promotion(admitted);
}

Status TieredCache::put_many(std::span<const CacheItem> items) {
  if (items.empty()) {
    return {};
  }
  const LatencyTimer timer(put_latency_, clock_);
  puts_.add(items.size());
  const Hashes hashes = hashes_of(items);
  order_.begin_write(hashes);
  const Status status = is_behind() ? put_behind(items) : put_through(items);
  order_.end_write(hashes);
  if (is_behind()) {
    relieve_queue();
  }
  return status;
}

Status TieredCache::put_through(std::span<const CacheItem> items) {
  bool is_stored = false;
  bool is_too_large = false;
  for (std::size_t tier = tiers_.size(); tier-- > 0;) {
    const CacheTier::PutOutcome outcome = tiers_[tier]->put_many(items);
    is_stored = is_stored || outcome == CacheTier::PutOutcome::kStored;
    is_too_large = is_too_large || outcome == CacheTier::PutOutcome::kTooLarge;
  }
  if (is_stored) {
    return {};
  }
  if (is_too_large) {
    return fail(ErrorCode::kLimitExceeded,
                "an item of " + std::to_string(items.size()) + " is too large for every tier");
  }
  return std::unexpected(why_no_tier_works());
}

Status TieredCache::put_behind(std::span<const CacheItem> items) {
  queue_.add(items);
  (void)tiers_.front()->put_many(items);  // readers find in the queue what it did not take
  return {};
}

void TieredCache::relieve_queue() {
  const std::size_t items = queue_.items();
  const std::uint64_t size_bytes = queue_.size_bytes();
  if (items > settings_.queued_items || size_bytes > settings_.queued_bytes) {
    (void)flush();  // the tiers have counted their failures; the nearest one has the items
  } else if (items > settings_.queued_items / 2 || size_bytes > settings_.queued_bytes / 2) {
    worker_->wake();
  }
}

Result<std::size_t> TieredCache::erase(std::span<const CacheKey> keys) {
  if (keys.empty()) {
    return 0;
  }
  const Hashes hashes = hashes_of(keys);
  order_.begin_write(hashes);
  const std::size_t stored = for_each_tier_from_far([&](CacheTier& tier) { return tier.erase(keys); });
  const std::size_t queued = queue_.erase(keys);
  order_.end_write(hashes);
  return std::max(queued, stored);
}

Result<std::size_t> TieredCache::evict(std::span<const CacheTag> tags) {
  if (tags.empty()) {
    return 0;
  }
  order_.begin_removal();
  const std::vector<CacheKey> queued = queue_.tagged(tags);
  for (std::size_t tier = tiers_.size(); tier-- > 1 && !queued.empty();) {
    tiers_[tier]->erase(queued);  // what these entries were to replace must not come to light
  }
  const std::size_t stored = for_each_tier_from_far([&](CacheTier& tier) { return tier.evict(tags); });
  queue_.evict(queued, tags);
  order_.end_removal();
  return std::max(queued.size(), stored);
}

Result<std::size_t> TieredCache::clear() {
  order_.begin_removal();
  const std::size_t stored = for_each_tier_from_far([](CacheTier& tier) { return tier.clear(); });
  const std::size_t queued = queue_.clear();
  order_.end_removal();
  return std::max(queued, stored);
}

template <typename Work>
std::size_t TieredCache::for_each_tier_from_far(const Work& work) {
  std::size_t largest = 0;
  for (std::size_t tier = tiers_.size(); tier-- > 0;) {
    largest = std::max(largest, work(*tiers_[tier]));
  }
  return largest;
}

Status TieredCache::flush() {
  Status status;
  const std::uint64_t end = queue_.next_number();
  while (true) {
    const std::vector<CacheKey> keys = queue_.oldest(end, kLateBatch);
    if (keys.empty()) {
      return status;
    }
    if (const Status written = write_late(keys); !written) {
      status = written;
    }
  }
}

/// Writes what of these keys is still queued to the far tiers. Readers find it in the queue until it is there.
Status TieredCache::write_late(std::span<const CacheKey> keys) {
  const Hashes hashes = hashes_of(keys);
  order_.begin_late_write(hashes);
  const std::vector<CacheItem> items = queue_.entries(keys);
  bool is_taken = items.empty();
  for (std::size_t tier = tiers_.size(); tier-- > 1 && !items.empty();) {
    is_taken = tiers_[tier]->put_many(items) != CacheTier::PutOutcome::kMissed || is_taken;
  }
  queue_.erase(keys);
  order_.end_late_write(hashes);
  if (!is_taken) {
    return fail(ErrorCode::kIo, "late writing: " + std::to_string(items.size()) +
                                    " entries are in the nearest tier only: " + why_no_tier_works().message);
  }
  return {};
}

Error TieredCache::why_no_tier_works() const {
  std::string reasons;
  for (const auto& tier : tiers_) {
    if (const std::string trouble = tier->trouble(); !trouble.empty()) {
      reasons += (reasons.empty() ? "" : "; ") + trouble;
    }
  }
  return {ErrorCode::kIo, "no tier of the cache works: " + reasons};
}

BackendStats TieredCache::stats() const {
  BackendStats stats;
  stats.name = "tiered";
  bool is_limited = true;
  for (const auto& tier : tiers_) {
    BackendStats part = tier->stats();
    stats.evictions += part.evictions;
    stats.errors += part.errors;
    stats.skipped += part.skipped;
    stats.items = std::max(stats.items, part.items);
    stats.size_bytes += part.size_bytes;
    stats.limit_bytes += part.limit_bytes;
    is_limited = is_limited && part.limit_bytes != 0;
    if (!part.trouble.empty()) {
      stats.trouble += (stats.trouble.empty() ? "" : "; ") + part.trouble;
    }
    stats.tiers.push_back(std::move(part));
  }
  stats.limit_bytes = is_limited ? stats.limit_bytes : 0;
  stats.hits = hits_.total();
  stats.misses = misses_.total();
  stats.puts = puts_.total();
  stats.get_latency = get_latency_.summary();
  stats.put_latency = put_latency_.summary();
  return stats;
}

}  // namespace repomap
