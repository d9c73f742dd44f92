// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/mutex.hpp"

namespace repomap {

/// How many durations were at most so long, for the limits of kLimits, and how many there were in all.
struct DurationHistogram {
  static constexpr std::array<double, 13> kLimits{0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1,
                                                  0.3,    1,      3,     10,    30,   100};  // seconds

  std::array<std::uint64_t, kLimits.size()> counts{};  ///< each with those of the smaller limits
  std::uint64_t count = 0;
  std::chrono::nanoseconds sum{};

  void add(std::chrono::nanoseconds duration);
};

/// Counts what a server does. Thread-safe.
class RequestMetrics {
 public:
  struct Outcome {
    std::string method;
    std::string outcome;  ///< "ok", or the class of the failure

    friend auto operator<=>(const Outcome&, const Outcome&) = default;
  };

  struct Snapshot {
    std::map<Outcome, std::uint64_t> requests;
    std::map<std::string, DurationHistogram> durations;  ///< by method
    std::map<std::string, std::uint64_t> refusals;       ///< connections and messages that were not taken, by reason
    std::size_t connections = 0;                         ///< open at present
    std::uint64_t accepted = 0;                          ///< connections so far
    std::size_t under_way = 0;                           ///< requests, waiting ones too
    std::uint64_t answered = 0;                          ///< requests of every outcome
  };

  void request_begun() { ++under_way_; }
  void request_ended(const std::string& method, std::string_view outcome, std::chrono::nanoseconds duration)
      EXCLUDES(mutex_);
  void connection_opened();
  void connection_closed() { --connections_; }

  /// `reason` is one of few fixed words.
  void refused(std::string_view reason) EXCLUDES(mutex_);

  Snapshot snapshot() const EXCLUDES(mutex_);

 private:
  std::atomic<std::size_t> connections_ = 0;
  std::atomic<std::uint64_t> accepted_ = 0;
  std::atomic<std::size_t> under_way_ = 0;

  mutable Mutex mutex_;
  std::map<Outcome, std::uint64_t> requests_ GUARDED_BY(mutex_);
  std::map<std::string, DurationHistogram> durations_ GUARDED_BY(mutex_);
  std::map<std::string, std::uint64_t, std::less<>> refusals_ GUARDED_BY(mutex_);
};

}  // namespace repomap
