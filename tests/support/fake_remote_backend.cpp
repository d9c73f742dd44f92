// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_remote_backend.hpp"

#include <algorithm>
#include <ranges>

#include "core/base/byte_codec.hpp"
#include "core/base/digest.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kMaxTags = 1'000;

std::string encode(const CacheEntry& entry) {
  ByteWriter writer;
  writer.add_u8(entry.expires ? 1 : 0);
  writer.add_signed(entry.expires ? entry.expires->time_since_epoch().count() : 0);
  writer.add_varint(entry.tags.size());
  for (const CacheTag& tag : entry.tags) {
    writer.add_string(tag.label);
  }
  writer.add_string(*entry.value);
  writer.add_digest(digest_of(writer.bytes()));
  return writer.take();
}

/// Nothing for bytes that encode() has not made.
std::optional<CacheEntry> decode(std::string_view bytes) {
  ByteReader reader(bytes);
  CacheEntry entry;
  const bool has_expiry = reader.read_u8() != 0;
  const std::int64_t expires = reader.read_signed();
  if (has_expiry) {
    entry.expires = Clock::WallTime(std::chrono::microseconds(expires));
  }
  const std::uint64_t tags = reader.read_bounded(kMaxTags);
  for (std::uint64_t tag = 0; tag < tags; ++tag) {
    entry.tags.push_back({std::string(reader.read_string())});
  }
  entry.value = std::make_shared<const std::string>(reader.read_string());
  const std::string_view signed_part = bytes.substr(0, bytes.size() - reader.rest().size());
  const Digest digest = reader.read_digest();
  return reader.is_finished() && digest == digest_of(signed_part) ? std::optional(std::move(entry)) : std::nullopt;
}

}  // namespace

void FakeRemoteServer::set_reachable(bool reachable) {
  MutexLock lock(mutex_);
  reachable_ = reachable;
}

void FakeRemoteServer::lose_everything() {
  MutexLock lock(mutex_);
  entries_.clear();
}

void FakeRemoteServer::set_latency(std::chrono::nanoseconds latency) {
  MutexLock lock(mutex_);
  latency_ = latency;
}

void FakeRemoteServer::damage_everything() {
  MutexLock lock(mutex_);
  for (auto& [key, bytes] : entries_) {
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x10);
  }
}

std::uint64_t FakeRemoteServer::requests() const {
  MutexLock lock(mutex_);
  return requests_;
}

Status FakeRemoteServer::receive(const Clock& clock) {
  std::chrono::nanoseconds latency{};
  bool reachable = false;
  {
    MutexLock lock(mutex_);
    ++requests_;
    latency = latency_;
    reachable = reachable_;
  }
  if (latency.count() > 0) {
    clock.sleep_for(latency);
  }
  return reachable ? Status() : fail(ErrorCode::kIo, "remote: no route to the server");
}

Result<std::vector<std::optional<CacheEntry>>> FakeRemoteBackend::get_many(std::span<const CacheKey> keys) {
  REPOMAP_TRY(server_->receive(clock_));
  std::vector<std::optional<CacheEntry>> results(keys.size());
  {
    MutexLock lock(server_->mutex_);
    for (std::size_t index = 0; index < keys.size(); ++index) {
      const auto found = server_->entries_.find(keys[index].encoded());
      if (found == server_->entries_.end()) {
        continue;
      }
      results[index] = decode(found->second);
      if (!results[index] || (results[index]->expires && *results[index]->expires <= clock_.now())) {
        results[index].reset();
        server_->entries_.erase(found);
      }
    }
  }
  MutexLock lock(mutex_);
  const auto hits =
      static_cast<std::uint64_t>(std::ranges::count_if(results, [](const auto& r) { return r.has_value(); }));
  stats_.hits += hits;
  stats_.misses += keys.size() - hits;
  return results;
}

Status FakeRemoteBackend::put_many(std::span<const CacheItem> items) {
  REPOMAP_TRY(server_->receive(clock_));
  {
    MutexLock lock(server_->mutex_);
    for (const CacheItem& item : items) {
      server_->entries_[item.key.encoded()] = encode(item.entry);
    }
  }
  MutexLock lock(mutex_);
  stats_.puts += items.size();
  return {};
}

Result<std::size_t> FakeRemoteBackend::erase(std::span<const CacheKey> keys) {
  REPOMAP_TRY(server_->receive(clock_));
  MutexLock lock(server_->mutex_);
  std::size_t erased = 0;
  for (const CacheKey& key : keys) {
    erased += server_->entries_.erase(key.encoded());
  }
  return erased;
}

Result<std::size_t> FakeRemoteBackend::evict(std::span<const CacheTag> tags) {
  REPOMAP_TRY(server_->receive(clock_));
  MutexLock lock(server_->mutex_);
  return std::erase_if(server_->entries_, [&](const auto& stored) {
    const std::optional<CacheEntry> entry = decode(stored.second);
    return !entry || std::ranges::any_of(
                         entry->tags, [&](const CacheTag& tag) { return std::ranges::find(tags, tag) != tags.end(); });
  });
}

Result<std::size_t> FakeRemoteBackend::clear() {
  REPOMAP_TRY(server_->receive(clock_));
  MutexLock lock(server_->mutex_);
  const std::size_t count = server_->entries_.size();
  server_->entries_.clear();
  return count;
}

BackendStats FakeRemoteBackend::stats() const {
  BackendStats stats;
  {
    MutexLock lock(mutex_);
    stats = stats_;
  }
  stats.name = "remote";
  MutexLock lock(server_->mutex_);
  stats.items = server_->entries_.size();
  for (const auto& [key, bytes] : server_->entries_) {
    stats.size_bytes += key.size() + bytes.size();
  }
  return stats;
}

}  // namespace repomap
