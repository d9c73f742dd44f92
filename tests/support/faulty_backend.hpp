// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/cache/cache_backend.hpp"

namespace repomap {

enum class BackendOperation : std::uint8_t { kGet, kPut, kErase, kEvict, kClear };

/// When a failing operation fails: without having done anything, or when all is done but the answer.
enum class FaultMoment : std::uint8_t { kBefore, kAfter };

/// A backend that fails on demand, tells when it is called, and counts. Owns the backend that does the work.
/// Thread-safe.
class FaultyBackend final : public CacheBackend {
 public:
  using Hook = std::function<void(BackendOperation)>;

  explicit FaultyBackend(std::unique_ptr<CacheBackend> inner) : inner_(std::move(inner)) {}

  /// From now on every operation fails, until heal().
  void fail_all(ErrorCode code = ErrorCode::kIo, FaultMoment moment = FaultMoment::kBefore);
  /// From now on operations of this sort fail, until heal().
  void fail_only(BackendOperation operation, ErrorCode code = ErrorCode::kIo);
  void heal();

  /// Called at the start of each operation, and at its end before the answer is given. No lock is held.
  void set_before(Hook hook);
  void set_after(Hook hook);

  std::size_t calls(BackendOperation operation) const { return calls_[static_cast<std::size_t>(operation)]; }
  CacheBackend& inner() { return *inner_; }

  Result<std::vector<std::optional<CacheEntry>>> get_many(std::span<const CacheKey> keys) override;
  Status put_many(std::span<const CacheItem> items) override;
  Result<std::size_t> erase(std::span<const CacheKey> keys) override;
  Result<std::size_t> evict(std::span<const CacheTag> tags) override;
  Result<std::size_t> clear() override;
  BackendStats stats() const override { return inner_->stats(); }

 private:
  struct Fault {
    std::optional<BackendOperation> only;
    ErrorCode code = ErrorCode::kIo;
    FaultMoment moment = FaultMoment::kBefore;
  };
  std::optional<Fault> start(BackendOperation operation);
  void finish(BackendOperation operation);
  template <typename Answer, typename Work>
  Answer run(BackendOperation operation, const Work& work);

  const std::unique_ptr<CacheBackend> inner_;
  std::array<std::atomic<std::size_t>, 5> calls_{};
  Mutex mutex_;
  std::optional<Fault> fault_ GUARDED_BY(mutex_);
  Hook before_ GUARDED_BY(mutex_);
  Hook after_ GUARDED_BY(mutex_);
};

}  // namespace repomap
