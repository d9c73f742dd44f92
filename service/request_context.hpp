// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "core/base/result.hpp"

namespace repomap {

/// What a request may be answered from while a repository is still being indexed.
enum class Completeness : std::uint8_t {
  kWhole,    ///< wait until everything is in
  kPartial,  ///< after a moment answer from what is there; Freshness::pending says what is missing
};

/// Under which terms a request is answered. Borrows what it points to for the length of the request.
struct RequestContext {
  /// Told how many of the files that must be read are done. Called from several threads.
  std::function<void(std::size_t done, std::size_t total)> progress = {};
  std::optional<std::chrono::steady_clock::time_point> deadline = {};
  const std::atomic<bool>* cancelled = nullptr;  ///< set by whoever no longer wants the answer
  std::uint64_t min_generation = 0;              ///< answer not before the repository has reached it
  Completeness completeness = Completeness::kWhole;

  /// Errors: kCancelled; kLimitExceeded once the deadline is over.
  Status check() const;
};

}  // namespace repomap
