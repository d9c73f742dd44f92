// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/base/mutex.hpp"
#include "service/map_answer.hpp"

namespace repomap {

/// The maps that were asked for lately, by root: those worth making again after a change, before anybody asks.
/// Thread-safe.
class RecentMaps {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// How many are remembered of one root, and for how long.
  static constexpr std::size_t kPerRoot = 4;
  static constexpr std::chrono::minutes kLifetime{5};

  void note(const MapQuery& query, TimePoint now) EXCLUDES(mutex_);

  /// The latest first.
  std::vector<MapQuery> of(const std::string& root, TimePoint now) const EXCLUDES(mutex_);

 private:
  struct Entry {
    MapQuery query;
    TimePoint asked;
  };

  mutable Mutex mutex_;
  std::map<std::string, std::vector<Entry>> entries_ GUARDED_BY(mutex_);  // the latest last
};

}  // namespace repomap
