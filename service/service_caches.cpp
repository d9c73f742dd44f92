// SPDX-License-Identifier: Apache-2.0
#include "service/service_caches.hpp"

#include "core/cache/sharded_store.hpp"

namespace repomap {

LeaseTable* ServiceCaches::leases() {
  ShardedStore* const store = manager_.store(CacheKind::kRuntime);
  MutexLock lock(mutex_);
  if (!leases_ && store != nullptr) {
    leases_.emplace(store->shard(0));
  }
  return leases_ ? &*leases_ : nullptr;
}

}  // namespace repomap
