// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "watcher/inotify_watcher.hpp"

namespace repomap {

/// The bytes of an event as the kernel writes them: the name ends with NUL and is padded.
inline std::string event_bytes(int watch, std::uint32_t mask, std::string_view name) {
  inotify_event header{};
  header.wd = watch;
  header.mask = mask;
  header.len = name.empty() ? 0 : static_cast<std::uint32_t>((name.size() / 16 + 1) * 16);
  std::string bytes(sizeof(header) + header.len, '\0');
  std::memcpy(bytes.data(), &header, sizeof(header));
  std::ranges::copy(name, bytes.begin() + sizeof(header));
  return bytes;
}

/// What a test lets a FakeInotify do, and sees of it. Outlives it.
struct FakeKernel {
  std::size_t limit = 1'000'000;    ///< of watches
  std::size_t queue_limit = 16384;  ///< of events
  bool is_unreadable = false;
  bool is_endless = false;               ///< the queue is never taken from
  std::map<std::uint64_t, int> watches;  ///< by inode
  std::vector<int> ended;
  std::vector<std::string> queue;
  int next_watch = 1;

  void tell(int watch, std::uint32_t mask, std::string_view name = {}) {
    if (queue.size() < queue_limit) {
      queue.push_back(event_bytes(watch, mask, name));
    } else if (queue.size() == queue_limit) {
      queue.push_back(event_bytes(-1, IN_Q_OVERFLOW, {}));
    }
  }
};

/// An inotify instance without a kernel. As there, a watch that ends leaves an event.
class FakeInotify final : public InotifyInstance {
 public:
  explicit FakeInotify(FakeKernel& kernel) : kernel_(kernel), descriptor_(::eventfd(0, EFD_CLOEXEC)) {}
  ~FakeInotify() override { ::close(descriptor_); }
  FakeInotify(const FakeInotify&) = delete;
  FakeInotify& operator=(const FakeInotify&) = delete;

  Result<int> add(const OpenDirectory& directory) override {
    const std::uint64_t inode = directory.identity()->inode;
    if (const auto known = kernel_.watches.find(inode); known != kernel_.watches.end()) {
      return known->second;
    }
    if (kernel_.watches.size() >= kernel_.limit) {
      return fail(ErrorCode::kNoSpace, "no more watches");
    }
    return kernel_.watches[inode] = kernel_.next_watch++;
  }

  void remove(int watch) override {
    kernel_.ended.push_back(watch);
    std::erase_if(kernel_.watches, [watch](const auto& entry) { return entry.second == watch; });
    kernel_.tell(watch, IN_IGNORED);
  }

  Result<std::size_t> read(std::span<char> buffer) override {
    if (kernel_.is_unreadable) {
      return fail(ErrorCode::kIo, "broken");
    }
    std::size_t used = 0;
    std::size_t events = 0;
    while (events < kernel_.queue.size() && used + kernel_.queue[events].size() <= buffer.size()) {
      std::ranges::copy(kernel_.queue[events], buffer.begin() + static_cast<std::ptrdiff_t>(used));
      used += kernel_.queue[events++].size();
    }
    if (!kernel_.is_endless) {
      kernel_.queue.erase(kernel_.queue.begin(), kernel_.queue.begin() + static_cast<std::ptrdiff_t>(events));
    }
    return used;
  }

  int descriptor() const override { return descriptor_; }

 private:
  FakeKernel& kernel_;
  int descriptor_;
};

}  // namespace repomap
