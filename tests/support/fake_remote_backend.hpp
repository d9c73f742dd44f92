// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "core/base/clock.hpp"
#include "core/base/mutex.hpp"
#include "core/cache/cache_backend.hpp"

namespace repomap {

/// The machine that FakeRemoteBackends talk to: it keeps bytes. Thread-safe.
class FakeRemoteServer {
 public:
  /// Unreachable, every request fails; what was stored stays.
  void set_reachable(bool reachable);
  /// Restarted without its memory.
  void lose_everything();
  /// How long each request takes, of the client's clock.
  void set_latency(std::chrono::nanoseconds latency);
  /// Flips a bit of every stored entry.
  void damage_everything();
  std::uint64_t requests() const;

 private:
  friend class FakeRemoteBackend;

  /// A request over the network. Errors: kIo while the server is unreachable.
  Status receive(const Clock& clock) EXCLUDES(mutex_);

  mutable Mutex mutex_;
  std::map<std::string, std::string> entries_ GUARDED_BY(mutex_);  // encoded key to encoded entry
  bool reachable_ GUARDED_BY(mutex_) = true;
  std::chrono::nanoseconds latency_ GUARDED_BY(mutex_){};
  std::uint64_t requests_ GUARDED_BY(mutex_) = 0;
};

/// A tier on another machine, as far as a test can tell: what it keeps has gone through bytes and back. Thread-safe.
class FakeRemoteBackend final : public CacheBackend {
 public:
  /// `clock` outlives the backend.
  FakeRemoteBackend(std::shared_ptr<FakeRemoteServer> server, const Clock& clock)
      : server_(std::move(server)), clock_(clock) {}

  Result<std::vector<std::optional<CacheEntry>>> get_many(std::span<const CacheKey> keys) override;
  Status put_many(std::span<const CacheItem> items) override;
  Result<std::size_t> erase(std::span<const CacheKey> keys) override;
  Result<std::size_t> evict(std::span<const CacheTag> tags) override;
  Result<std::size_t> clear() override;
  BackendStats stats() const override;

 private:
  const std::shared_ptr<FakeRemoteServer> server_;
  const Clock& clock_;
  mutable Mutex mutex_;
  BackendStats stats_ GUARDED_BY(mutex_);
};

}  // namespace repomap
