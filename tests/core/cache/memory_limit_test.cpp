// SPDX-License-Identifier: Apache-2.0
//
// The monitor in a process whose memory is limited in earnest: more is put into a cache than there is.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "core/base/file_system.hpp"
#include "core/cache/memory_backend.hpp"
#include "core/cache/memory_files.hpp"
#include "core/cache/memory_monitor.hpp"
#include "tests/support/single_operations.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define REPOMAP_TEST_IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define REPOMAP_TEST_IS_SANITIZED 1
#endif
#endif
#ifndef REPOMAP_TEST_IS_SANITIZED
#define REPOMAP_TEST_IS_SANITIZED 0
#endif

namespace repomap {
namespace {

constexpr std::uint64_t kMega = std::uint64_t{1} << 20U;
constexpr std::uint64_t kLimit = 128 * kMega;
constexpr std::uint64_t kConfigured = 512 * kMega;
constexpr std::uint64_t kValueBytes = 64U << 10U;  // from the heap, so that freeing it does not by itself give it back

/// A cache that may use four times what there is, with a monitor that is asked now and then.
class LimitedProcess {
 public:
  LimitedProcess()
      : files_(make_posix_file_system()),
        cache_({.limit_bytes = kConfigured, .limit_items = 0}, system_clock()),
        monitor_({{&cache_, kConfigured}}, {.floor_bytes = 8 * kMega, .interval = std::chrono::milliseconds(0)},
                 make_linux_memory_source(*files_)) {}

  /// Puts so many bytes, of which 1 MB at most between two looks of the monitor.
  void put_bytes(std::uint64_t bytes) {
    for (std::uint64_t done = 0; done < bytes; done += kValueBytes) {
      const std::uint64_t number = next_++;
      put(cache_, make_item(std::to_string(number), std::string(kValueBytes, static_cast<char>(number))));
      if (done % kMega == 0) {
        monitor_.check();
      }
    }
  }

  bool serves_the_latest() {
    const std::uint64_t number = next_ - 1;
    return get(cache_, std::to_string(number)) == std::string(kValueBytes, static_cast<char>(number));
  }

  MemoryMonitor& monitor() { return monitor_; }
  MemoryBackend& cache() { return cache_; }

 private:
  std::unique_ptr<FileSystem> files_;
  MemoryBackend cache_;
  MemoryMonitor monitor_;
  std::uint64_t next_ = 0;
};

[[noreturn]] void finish(LimitedProcess& process, const char* failure) {
  const MemoryMonitorStats stats = process.monitor().stats();
  std::fprintf(stderr, "%s: budget %llu, used %llu, limit %llu, free %llu, lowered %llu, raised %llu\n",
               failure == nullptr ? "as expected" : failure, static_cast<unsigned long long>(stats.budget_bytes),
               static_cast<unsigned long long>(stats.used_bytes),
               static_cast<unsigned long long>(stats.reading.limit_bytes.value_or(0)),
               static_cast<unsigned long long>(stats.reading.free_bytes.value_or(0)),
               static_cast<unsigned long long>(stats.lowered), static_cast<unsigned long long>(stats.raised));
  std::_Exit(failure == nullptr ? 0 : 1);
}

void* allocate_ballast(std::uint64_t bytes) {
  void* ballast = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  return ballast == MAP_FAILED ? nullptr : ballast;
}

/// In the control group. Without the monitor the kernel would kill the process.
[[noreturn]] void live_in_control_group(const std::string& directory) {
  std::ofstream(directory + "/cgroup.procs") << ::getpid() << std::flush;
  LimitedProcess process;
  process.put_bytes(3 * kLimit);
  const MemoryMonitorStats full = process.monitor().stats();
  if (full.reading.limit_bytes != kLimit || full.lowered == 0 || full.budget_bytes >= kLimit) {
    finish(process, "the budget was not lowered");
  }
  if (!process.serves_the_latest()) {
    finish(process, "the cache does not work");
  }
  // Somebody else needs memory, and then does not any more.
  process.monitor().check();
  const std::uint64_t ballast_bytes = process.monitor().stats().reading.free_bytes.value_or(0) * 9 / 10;
  void* ballast = allocate_ballast(ballast_bytes);
  for (int look = 0; look < 5; ++look) {
    process.monitor().check();
  }
  const std::uint64_t lowest = process.monitor().stats().budget_bytes;
  if (ballast == nullptr || lowest >= full.budget_bytes) {
    finish(process, "the budget did not yield");
  }
  ::munmap(ballast, ballast_bytes);
  for (int look = 0; look < 20; ++look) {
    process.monitor().check();
  }
  finish(process, process.monitor().stats().budget_bytes > lowest ? nullptr : "the budget did not recover");
}

/// With a bound on its address space. Without the monitor it would run out of memory.
[[noreturn]] void live_in_address_space() {
  const auto files = make_posix_file_system();
  const std::string statm = files->read_file("/proc/self/statm", 4096).value_or("0");
  const rlim_t used = std::strtoull(statm.c_str(), nullptr, 10) * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
  const struct rlimit bound = {.rlim_cur = used + kLimit, .rlim_max = used + kLimit};
  ::setrlimit(RLIMIT_AS, &bound);
  LimitedProcess process;
  process.put_bytes(3 * kLimit);
  const bool is_lowered = process.monitor().stats().lowered > 0 && process.cache().size_bytes() < kLimit;
  finish(process, !is_lowered ? "the budget was not lowered"
                              : (process.serves_the_latest() ? nullptr : "the cache does not work"));
}

/// A control group of its own with a memory limit, if this process may make one.
class LimitedControlGroup {
 public:
  LimitedControlGroup() {
    const auto files = make_posix_file_system();
    constexpr std::uint64_t kFileLimit = 1U << 20U;
    const auto own = find_memory_cgroup(files->read_file("/proc/self/cgroup", kFileLimit).value_or(""),
                                        files->read_file("/proc/self/mountinfo", kFileLimit).value_or(""));
    if (!own) {
      why_not_ = "no control groups for memory are mounted";
      return;
    }
    directory_ = own->directories.front() + "/repomap-test-" + std::to_string(::getpid());
    std::error_code error;
    if (!std::filesystem::create_directory(directory_, error)) {
      why_not_ = "no control group can be made: " + error.message();
      directory_.clear();
      return;
    }
    const bool is_v1 = own->version == CgroupVersion::kV1;
    std::ofstream limit(directory_ + (is_v1 ? "/memory.limit_in_bytes" : "/memory.max"));
    limit << kLimit << std::flush;
    if (!limit) {
      why_not_ = "a control group was made, but it takes no memory limit";
    }
  }
  ~LimitedControlGroup() {
    if (!directory_.empty()) {
      ::rmdir(directory_.c_str());
    }
  }
  LimitedControlGroup(const LimitedControlGroup&) = delete;
  LimitedControlGroup& operator=(const LimitedControlGroup&) = delete;

  const std::string& directory() const { return directory_; }
  const std::string& why_not() const { return why_not_; }

 private:
  std::string directory_;
  std::string why_not_;
};

TEST(MemoryLimit, TheCacheYieldsInAControlGroup) {
  if (REPOMAP_TEST_IS_SANITIZED) {
    GTEST_SKIP() << "a sanitizer needs more memory than the limit";
  }
  const LimitedControlGroup group;
  if (!group.why_not().empty()) {
    GTEST_SKIP() << group.why_not();
  }
  EXPECT_EXIT(live_in_control_group(group.directory()), testing::ExitedWithCode(0), "as expected");
}

TEST(MemoryLimit, TheCacheYieldsInABoundedAddressSpace) {
  if (REPOMAP_TEST_IS_SANITIZED) {
    GTEST_SKIP() << "a sanitizer needs more address space than the limit";
  }
  EXPECT_EXIT(live_in_address_space(), testing::ExitedWithCode(0), "as expected");
}

}  // namespace
}  // namespace repomap
