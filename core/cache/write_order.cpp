// SPDX-License-Identifier: Apache-2.0
#include "core/cache/write_order.hpp"

namespace repomap {

void WriteOrder::begin_write(std::span<const std::uint64_t> hashes) {
  MutexLock lock(mutex_);
  while (is_any_busy_locked(hashes)) {
    changed_.wait(mutex_);
  }
  busy_.insert(hashes.begin(), hashes.end());
}

void WriteOrder::end_write(std::span<const std::uint64_t> hashes) {
  {
    MutexLock lock(mutex_);
    release_locked(hashes);
    // At the end: who has read while this was going on must not promote what it found either.
    for (const std::uint64_t hash : hashes) {
      ++versions_[hash % kVersions];
    }
  }
  changed_.notify_all();
}

WriteOrder::Snapshot WriteOrder::snapshot(std::span<const std::uint64_t> hashes) {
  Snapshot snapshot;
  snapshot.versions.reserve(hashes.size());
  MutexLock lock(mutex_);
  snapshot.removals = removals_;
  for (const std::uint64_t hash : hashes) {
    snapshot.versions.push_back(versions_[hash % kVersions]);
  }
  return snapshot;
}

std::vector<std::uint64_t> WriteOrder::begin_promotion(std::span<const std::uint64_t> hashes, const Snapshot& before) {
  std::vector<std::uint64_t> admitted;
  MutexLock lock(mutex_);
  if (removing_ > 0 || removals_ != before.removals) {
    return admitted;
  }
  for (std::size_t index = 0; index < hashes.size(); ++index) {
    const std::uint64_t hash = hashes[index];
    if (versions_[hash % kVersions] == before.versions[index] && !busy_.contains(hash)) {
      admitted.push_back(hash);
    }
  }
  busy_.insert(admitted.begin(), admitted.end());
  copying_ += admitted.empty() ? 0 : 1;
  return admitted;
}

void WriteOrder::end_promotion(std::span<const std::uint64_t> hashes) {
  if (!hashes.empty()) {
    end_late_write(hashes);
  }
}

void WriteOrder::begin_late_write(std::span<const std::uint64_t> hashes) {
  MutexLock lock(mutex_);
  while (removing_ > 0 || is_any_busy_locked(hashes)) {
    changed_.wait(mutex_);
  }
  busy_.insert(hashes.begin(), hashes.end());
  ++copying_;
}

void WriteOrder::end_late_write(std::span<const std::uint64_t> hashes) {
  {
    MutexLock lock(mutex_);
    release_locked(hashes);
    --copying_;
  }
  changed_.notify_all();
}

void WriteOrder::begin_removal() {
  MutexLock lock(mutex_);
  ++removing_;  // from here on no copy begins
  while (copying_ > 0) {
    changed_.wait(mutex_);
  }
}

void WriteOrder::end_removal() {
  {
    MutexLock lock(mutex_);
    --removing_;
    ++removals_;
  }
  changed_.notify_all();
}

bool WriteOrder::is_any_busy_locked(std::span<const std::uint64_t> hashes) const {
  for (const std::uint64_t hash : busy_.empty() ? std::span<const std::uint64_t>() : hashes) {
    if (busy_.contains(hash)) {
      return true;
    }
  }
  return false;
}

void WriteOrder::release_locked(std::span<const std::uint64_t> hashes) {
  for (const std::uint64_t hash : hashes) {
    busy_.erase(hash);
  }
}

}  // namespace repomap
