// SPDX-License-Identifier: Apache-2.0
#include "service/index_turn.hpp"

#include <fmt/format.h>

#include "core/base/log.hpp"

namespace repomap {
namespace {

/// How long it waits before it asks whether it should go on.
constexpr std::chrono::milliseconds kLookUp{100};

}  // namespace

IndexTurn::IndexTurn(LeaseTable* leases, const std::string& root, const Clock& clock) : clock_(clock) {
  if (leases != nullptr) {
    lock_.emplace(*leases, fmt::format("index:{}", root), kTimeToLive);
  }
}

Result<IndexTurn::Outcome> IndexTurn::take(const WorkCheck& check) {
  renewed_ns_ = clock_.monotonic().count();
  if (!lock_) {
    return Outcome::kAtOnce;
  }
  const auto is_taken = lock_->try_acquire({});
  if (!is_taken || *is_taken) {
    return Outcome::kAtOnce;
  }
  log_info("another process is indexing this repository; waiting for it");
  Result<bool> waited = false;
  while (waited && !*waited) {
    REPOMAP_TRY(ask(check));
    waited = lock_->try_acquire(kLookUp);
  }
  renewed_ns_ = clock_.monotonic().count();
  return waited ? Outcome::kAfterWaiting : Outcome::kAtOnce;
}

void IndexTurn::keep() {
  const std::int64_t now = clock_.monotonic().count();
  std::int64_t renewed = renewed_ns_.load();
  constexpr std::int64_t kEvery = std::chrono::nanoseconds(kTimeToLive).count() / 3;
  if (lock_ && now - renewed > kEvery && renewed_ns_.compare_exchange_strong(renewed, now)) {
    // Whoever takes an expired turn does work twice, and nothing wrong.
    static_cast<void>(lock_->renew());
  }
}

}  // namespace repomap
