// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace repomap {

/// How many cache lines a counter is spread over.
inline constexpr std::size_t kCounterStripes = 8;

/// One of the stripes, mostly another one for each thread: taken from where the thread keeps its own variables.
inline std::size_t thread_stripe() {
  static thread_local const char kPlace = 0;
  constexpr unsigned kPageBits = 12;
  const auto address = reinterpret_cast<std::uintptr_t>(&kPlace);
  return ((address >> kPageBits) ^ (address >> (2 * kPageBits))) % kCounterStripes;
}

/// An exact count that threads raise without getting in each other's way. Thread-safe.
class StripedCounter {
 public:
  void add(std::uint64_t count) { stripes_[thread_stripe()].value.fetch_add(count, std::memory_order_relaxed); }

  std::uint64_t total() const {
    std::uint64_t total = 0;
    for (const Stripe& stripe : stripes_) {
      total += stripe.value.load(std::memory_order_relaxed);
    }
    return total;
  }

 private:
  struct alignas(64) Stripe {
    std::atomic<std::uint64_t> value = 0;
  };
  std::array<Stripe, kCounterStripes> stripes_;
};

}  // namespace repomap
