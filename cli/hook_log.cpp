// SPDX-License-Identifier: Apache-2.0
#include "cli/hook_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "cli/quantities.hpp"
#include "cli/terminal.hpp"
#include "cli/visible_text.hpp"
#include "core/base/file_system.hpp"
#include "service/protocol/daemon_address.hpp"

namespace repomap::cli {
namespace {

constexpr off_t kLogLimit = off_t{256} << 10;

}  // namespace

void log_hook_trouble(std::string_view message) {
  if (::isatty(STDERR_FILENO) == 1) {
    print_error(Painter(STDERR_FILENO), visible(message));
  }
  const auto address = find_daemon_address();
  if (!address || !ensure_daemon_directory(*address)) {
    return;
  }
  const std::string log = join_path(address->directory, "hook.log");
  struct stat found{};
  if (::lstat(log.c_str(), &found) == 0 && found.st_size > kLogLimit) {
    static_cast<void>(std::rename(log.c_str(), (log + ".old").c_str()));
  }
  const int descriptor = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
  if (descriptor < 0) {
    return;
  }
  const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  const std::string line = fmt::format("{} {}\n", time_text(now), visible(message));
  static_cast<void>(::write(descriptor, line.data(), line.size()));
  ::close(descriptor);
}

bool is_hook_call(int argc, char** argv) { return argc > 1 && std::string_view(argv[1]) == "hook"; }

}  // namespace repomap::cli
