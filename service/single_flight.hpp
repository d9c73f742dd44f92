// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "service/request_context.hpp"

namespace repomap {

/// Lets one thread compute what several ask for at the same time, while the others wait for what it finds.
/// Thread-safe.
template <typename Value>
class SingleFlight {
 public:
  using Shared = Result<std::shared_ptr<const Value>>;

  /// The value of `key`: computed here, or by whoever has begun it already; a failure is that of all who waited.
  /// Errors: those of `compute`; those of RequestContext::check() while waiting.
  Shared join(const std::string& key, const RequestContext& context, const std::function<Result<Value>()>& compute)
      EXCLUDES(mutex_) {
    auto own = std::make_shared<Flight>();
    const std::shared_ptr<Flight> flight = board(key, own);
    if (flight != own) {
      return wait(*flight, context);
    }
    Landing landing{*this, key, own};
    if (auto value = compute()) {
      landing.value = std::make_shared<const Value>(std::move(*value));
    } else {
      landing.value = std::unexpected(std::move(value).error());
    }
    return landing.value;
  }

  /// How many calls wait for what another one computes.
  std::size_t waiting() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return waiting_;
  }

 private:
  struct Flight {
    std::optional<Shared> value;
  };

  /// Tells those who wait, also if the computation has thrown.
  struct Landing {
    SingleFlight& owner;
    const std::string& key;
    const std::shared_ptr<Flight>& flight;
    Shared value = fail(ErrorCode::kIo, "the computation that this request waited for has failed");

    ~Landing() { owner.land(key, *flight, value); }
  };

  std::shared_ptr<Flight> board(const std::string& key, const std::shared_ptr<Flight>& own) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return flights_.try_emplace(key, own).first->second;
  }

  Shared wait(const Flight& flight, const RequestContext& context) EXCLUDES(mutex_) {
    constexpr std::chrono::milliseconds kLookUp{50};
    MutexLock lock(mutex_);
    ++waiting_;
    Status wanted = context.check();
    while (!flight.value && wanted) {
      landed_.wait_for(mutex_, kLookUp);
      wanted = context.check();
    }
    --waiting_;
    if (flight.value) {
      return *flight.value;
    }
    return std::unexpected(std::move(wanted).error());
  }

  void land(const std::string& key, Flight& flight, const Shared& value) EXCLUDES(mutex_) {
    {
      MutexLock lock(mutex_);
      flight.value = value;
      flights_.erase(key);
    }
    landed_.notify_all();
  }

  mutable Mutex mutex_;
  CondVar landed_;
  std::size_t waiting_ GUARDED_BY(mutex_) = 0;
  std::map<std::string, std::shared_ptr<Flight>> flights_ GUARDED_BY(mutex_);  // their values too
};

}  // namespace repomap
