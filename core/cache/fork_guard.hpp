// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace repomap {

/// What must not be in the midst of something when the process forks. While registered, fork(2) calls before_fork() in
/// the thread that forks, and then one of the others in the same thread of each process. The order among several is
/// that of their addresses.
class ForkGuard {
 public:
  virtual ~ForkGuard() = default;
  virtual void before_fork() = 0;
  virtual void after_fork_in_parent() = 0;
  virtual void after_fork_in_child() = 0;
};

// Thread-safe. REQUIRES: not called from a ForkGuard.
void register_fork_guard(ForkGuard& guard);
void unregister_fork_guard(ForkGuard& guard);

}  // namespace repomap
