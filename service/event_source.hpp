// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "service/service_status.hpp"

namespace repomap {

/// Who tells what happens to repositories. Thread-safe.
class EventSource {
 public:
  /// Called from threads of the source, one event after the other; must return quickly and not call the source.
  using EventSink = std::function<void(const RepositoryEvent&)>;

  virtual ~EventSource() = default;

  /// The number to unsubscribe with. The repository at `root` is kept up to date as long as somebody listens.
  virtual std::uint64_t subscribe(const std::string& root, EventSink sink) = 0;

  /// The sink is not called any more after it.
  virtual void unsubscribe(std::uint64_t subscription) = 0;
};

}  // namespace repomap
