// SPDX-License-Identifier: Apache-2.0
#include "core/cache/fork_guard.hpp"

#include <pthread.h>

#include <functional>
#include <set>

#include "core/base/mutex.hpp"

namespace repomap {
namespace {

// The handlers of the C library take no argument, so what they work on cannot be handed to them. It is never destroyed:
// a process can fork while it ends.
struct Registry {
  Mutex mutex;
  std::set<ForkGuard*, std::less<>> guards GUARDED_BY(mutex);
};

Registry& registry() {
  static auto* const kRegistry = new Registry();
  return *kRegistry;
}

#if defined(__clang__)
#define REPOMAP_UNCHECKED_LOCKING __attribute__((no_thread_safety_analysis))
#else
#define REPOMAP_UNCHECKED_LOCKING
#endif

// The mutex is held from before the fork until after it, over three functions.
REPOMAP_UNCHECKED_LOCKING void before_fork() {
  registry().mutex.lock();
  for (ForkGuard* guard : registry().guards) {
    guard->before_fork();
  }
}

REPOMAP_UNCHECKED_LOCKING void after_fork_in_parent() {
  for (ForkGuard* guard : registry().guards) {
    guard->after_fork_in_parent();
  }
  registry().mutex.unlock();
}

REPOMAP_UNCHECKED_LOCKING void after_fork_in_child() {
  for (ForkGuard* guard : registry().guards) {
    guard->after_fork_in_child();
  }
  registry().mutex.unlock();
}

}  // namespace

void register_fork_guard(ForkGuard& guard) {
  static const bool kInstalled = [] {
    pthread_atfork(&before_fork, &after_fork_in_parent, &after_fork_in_child);
    return true;
  }();
  static_cast<void>(kInstalled);
  MutexLock lock(registry().mutex);
  registry().guards.insert(&guard);
}

void unregister_fork_guard(ForkGuard& guard) {
  MutexLock lock(registry().mutex);
  registry().guards.erase(&guard);
}

}  // namespace repomap
