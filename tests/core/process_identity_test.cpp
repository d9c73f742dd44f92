// SPDX-License-Identifier: Apache-2.0
#include "core/base/process_identity.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <vector>

#include "core/base/task_pool.hpp"

namespace repomap {
namespace {

/// A child that waits to be killed, or that has ended and is not yet waited for.
class Child {
 public:
  enum class Fate : std::uint8_t { kLives, kIsZombie };

  explicit Child(Fate fate) {
    std::array<int, 2> channel{};
    EXPECT_EQ(::pipe(channel.data()), 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      const std::string bytes = encode_process_identity(this_process());
      const bool is_written = ::write(channel[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
      while (is_written && fate == Fate::kLives) {
        ::pause();
      }
      ::_exit(0);
    }
    ::close(channel[1]);
    std::array<char, 1024> buffer{};
    const ssize_t got = ::read(channel[0], buffer.data(), buffer.size());
    identity = decode_process_identity({buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))}).value();
    ::close(channel[0]);
    if (fate == Fate::kIsZombie) {
      siginfo_t info{};
      EXPECT_EQ(::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT), 0);
    }
  }
  ~Child() { end(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void end() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
      pid_ = 0;
    }
  }

  ProcessIdentity identity;

 private:
  pid_t pid_ = 0;
};

TEST(ProcessIdentity, KnowsItselfAndLives) {
  const ProcessIdentity& self = this_process();
  EXPECT_EQ(self.pid, ::getpid());
  EXPECT_FALSE(self.host.empty());
  EXPECT_GT(self.start_time, 0U);
  EXPECT_EQ(liveness_of(self), Liveness::kAlive);
}

TEST(ProcessIdentity, SeesAnotherProcessLiveAndDie) {
  Child child(Child::Fate::kLives);
  EXPECT_NE(child.identity, this_process());
  EXPECT_EQ(liveness_of(child.identity), Liveness::kAlive);
  child.end();
  EXPECT_EQ(liveness_of(child.identity), Liveness::kDead);
}

TEST(ProcessIdentity, ZombieIsDead) {
  const Child child(Child::Fate::kIsZombie);
  EXPECT_EQ(liveness_of(child.identity), Liveness::kDead);
}

TEST(ProcessIdentity, NumberGivenToALaterProcessIsDead) {
  const Child child(Child::Fate::kLives);
  ProcessIdentity earlier = child.identity;
  earlier.start_time -= 1;
  EXPECT_EQ(liveness_of(earlier), Liveness::kDead);
}

TEST(ProcessIdentity, OtherBootsAndNamespacesAreUnknown) {
  ProcessIdentity other = this_process();
  other.boot_id = "another";
  EXPECT_EQ(liveness_of(other), Liveness::kUnknown);
  other = this_process();
  other.pid_namespace += 1;
  EXPECT_EQ(liveness_of(other), Liveness::kUnknown);
  other = this_process();
  other.pid = -1;
  EXPECT_EQ(liveness_of(other), Liveness::kUnknown);
}

TEST(ProcessIdentity, EncodingRoundTripsAndRefusesDamage) {
  const std::string bytes = encode_process_identity(this_process());
  EXPECT_EQ(decode_process_identity(bytes).value(), this_process());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_process_identity(bytes.substr(0, size))) << size;
  }
  EXPECT_FALSE(decode_process_identity(bytes + "x"));
}

TEST(ProcessIdentity, ForkGenerationCountsForks) {
  const std::uint64_t before = fork_generation();
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(fork_generation() == before + 1 && this_process().pid == ::getpid() ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(fork_generation(), before);
}

TEST(ProcessIdentity, ThreadsHaveNumbersOfTheirOwn) {
  TaskPool pool(2);
  std::vector<std::uint64_t> by_worker(pool.width());
  pool.run_all(200, [&](std::size_t, std::size_t worker) { by_worker[worker] = this_thread_number(); });
  for (const std::uint64_t number : by_worker) {
    EXPECT_NE(number, this_thread_number());
  }
  EXPECT_EQ(this_thread_number(), this_thread_number());
}

}  // namespace
}  // namespace repomap
