// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "core/base/process_identity.hpp"

namespace repomap {

/// A T that a forked child does not share with its parent: the child gets a fresh one at its first use.
///
/// For mutexes and what they guard: a thread that the fork did not copy may have held them. What the child inherited is
/// never touched again, hence leaked. Owns the T. Thread-safe. REQUIRES: no T of the parent is in use by the forking
/// thread; T is default-constructible.
template <typename T>
class PerProcess {
 public:
  PerProcess() : current_(new Node) {}
  ~PerProcess() {
    Node* const node = current_.load();
    if (node->generation == fork_generation()) {
      delete node;
    }
  }
  PerProcess(const PerProcess&) = delete;
  PerProcess& operator=(const PerProcess&) = delete;

  T& get() {
    Node* node = current_.load(std::memory_order_acquire);
    if (node->generation == fork_generation()) {
      return node->value;
    }
    auto fresh = std::make_unique<Node>();
    if (current_.compare_exchange_strong(node, fresh.get(), std::memory_order_acq_rel)) {
      return fresh.release()->value;
    }
    return node->value;  // another thread of the child was quicker
  }

 private:
  struct Node {
    const std::uint64_t generation = fork_generation();
    T value;
  };

  std::atomic<Node*> current_;
};

}  // namespace repomap
