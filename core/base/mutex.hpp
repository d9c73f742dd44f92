// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define REPOMAP_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define REPOMAP_THREAD_ANNOTATION(x)
#endif

#define CAPABILITY(x) REPOMAP_THREAD_ANNOTATION(capability(x))
#define SCOPED_CAPABILITY REPOMAP_THREAD_ANNOTATION(scoped_lockable)
#define GUARDED_BY(x) REPOMAP_THREAD_ANNOTATION(guarded_by(x))
#define REQUIRES(...) REPOMAP_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define ACQUIRE(...) REPOMAP_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define RELEASE(...) REPOMAP_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define EXCLUDES(...) REPOMAP_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))

namespace repomap {

/// std::mutex with clang's thread-safety annotations (https://clang.llvm.org/docs/ThreadSafetyAnalysis.html).
class CAPABILITY("mutex") Mutex {
 public:
  void lock() ACQUIRE() { mutex_.lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

/// Holds a Mutex for the length of a scope.
class SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() RELEASE() { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

/// A condition variable for Mutex. Waits may wake without cause: test the condition in a loop.
class CondVar {
 public:
  void wait(Mutex& mutex) REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  /// Waits for at most `duration` of real time, whatever clock the caller measures with.
  void wait_for(Mutex& mutex, std::chrono::nanoseconds duration) REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait_for(lock, duration);
    lock.release();
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace repomap
