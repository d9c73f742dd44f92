// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/daemon_launcher.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "core/base/clock.hpp"

namespace repomap {
namespace {

constexpr off_t kLogLimit = off_t{1} << 20;
constexpr std::chrono::milliseconds kPause{10};

/// How the new process begins: its descriptors, directory, session and signals.
class SpawnPlan {
 public:
  explicit SpawnPlan(const std::string& log) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW,
                                     0600);
    posix_spawn_file_actions_adddup2(&actions_, STDOUT_FILENO, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    posix_spawn_file_actions_addchdir_np(&actions_, "/");
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  Result<pid_t> spawn(std::vector<std::string> arguments) const {
    std::vector<char*> pointers;
    pointers.reserve(arguments.size() + 1);
    for (std::string& argument : arguments) {
      pointers.push_back(argument.data());
    }
    pointers.push_back(nullptr);
    pid_t process = -1;
    if (const int error = posix_spawn(&process, "/proc/self/exe", &actions_, &attributes_, pointers.data(), environ);
        error != 0) {
      return std::unexpected(errno_error(error, "starting the daemon"));
    }
    return process;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

void bound_log(const std::string& log) {
  struct stat found{};
  if (lstat(log.c_str(), &found) == 0 && found.st_size > kLogLimit) {
    rename(log.c_str(), (log + ".old").c_str());
  }
}

bool answers(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const bool is_connected = connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  return is_connected;
}

}  // namespace

Result<pid_t> launch_daemon(const DaemonAddress& address, const std::vector<std::string>& arguments,
                            std::chrono::milliseconds patience) {
  REPOMAP_TRY(ensure_daemon_directory(address));
  bound_log(address.log);
  std::vector<std::string> command{"repomap"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  REPOMAP_ASSIGN(const pid_t process, SpawnPlan(address.log).spawn(std::move(command)));
  const Clock& clock = system_clock();
  const auto end = clock.monotonic() + patience;
  while (clock.monotonic() < end) {
    if (answers(address.socket)) {
      return process;
    }
    int status = 0;
    if (waitpid(process, &status, WNOHANG) == process) {
      return fail(ErrorCode::kUnavailable, fmt::format("the daemon has ended at its start; see {}", address.log));
    }
    clock.sleep_for(kPause);
  }
  if (patience.count() > 0) {
    return fail(ErrorCode::kUnavailable, fmt::format("the daemon does not answer yet; see {}", address.log));
  }
  return process;
}

}  // namespace repomap
