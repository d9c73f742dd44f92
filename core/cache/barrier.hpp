// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "core/base/result.hpp"

namespace repomap {

/// `function` behind a lock: an object that is called like it, one call at a time over all threads and processes that
/// use a lock of that name. LockType: Lock, RLock or BoundedSemaphore (then so many at a time). Borrows the lock. The
/// function returns a Result or Status; a call fails also where the lock can be neither taken nor given back, the
/// latter because the function took longer than the lock's time to live.
template <typename LockType, typename Function>
auto barrier(LockType& lock, Function function) {
  return [&lock,
          function = std::move(function)](auto&&... args) -> decltype(function(std::forward<decltype(args)>(args)...)) {
    REPOMAP_TRY(lock.acquire());
    auto result = function(std::forward<decltype(args)>(args)...);
    REPOMAP_TRY(lock.release());
    return result;
  };
}

}  // namespace repomap
