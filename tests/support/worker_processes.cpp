// SPDX-License-Identifier: Apache-2.0
#include "tests/support/worker_processes.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace repomap {

void WorkerProcesses::Journal::write_line(std::string line) const {
  line += '\n';
  // At most PIPE_BUF bytes are written as one.
  if (::write(descriptor_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    ::_exit(3);
  }
}

WorkerProcesses::~WorkerProcesses() {
  for (std::size_t worker = 0; worker < workers_.size(); ++worker) {
    kill(worker);
    static_cast<void>(wait(worker));
    ::close(workers_[worker].journal);
  }
}

std::size_t WorkerProcesses::start(const Body& body) {
  std::array<int, 2> channel{};
  if (::pipe(channel.data()) != 0) {
    std::abort();
  }
  const pid_t pid = ::fork();
  if (pid < 0) {
    std::abort();
  }
  if (pid == 0) {
    ::close(channel[0]);
    ::_exit(body(Journal(channel[1])));
  }
  ::close(channel[1]);
  workers_.push_back({pid, channel[0], {}, false, -1});
  return workers_.size() - 1;
}

bool WorkerProcesses::fill(Worker& worker) {
  std::array<char, 4096> block{};
  while (true) {
    const ssize_t got = ::read(worker.journal, block.data(), block.size());
    if (got > 0) {
      worker.buffer.append(block.data(), static_cast<std::size_t>(got));
      return true;
    }
    if (got == 0 || errno != EINTR) {
      return false;
    }
  }
}

std::string WorkerProcesses::read_line(std::size_t worker) {
  Worker& source = workers_.at(worker);
  while (source.buffer.find('\n') == std::string::npos) {
    if (!fill(source)) {
      return {};
    }
  }
  const std::size_t end = source.buffer.find('\n');
  std::string line = source.buffer.substr(0, end);
  source.buffer.erase(0, end + 1);
  return line;
}

std::vector<std::string> WorkerProcesses::read_to_end(std::size_t worker) {
  std::vector<std::string> lines;
  while (true) {
    std::string line = read_line(worker);
    if (line.empty()) {
      return lines;
    }
    lines.push_back(std::move(line));
  }
}

void WorkerProcesses::kill(std::size_t worker) {
  if (!workers_.at(worker).is_waited) {
    ::kill(workers_[worker].pid, SIGKILL);
  }
}

int WorkerProcesses::wait(std::size_t worker) {
  Worker& target = workers_.at(worker);
  if (!target.is_waited) {
    while (fill(target)) {
    }
    int status = 0;
    while (::waitpid(target.pid, &status, 0) < 0 && errno == EINTR) {
    }
    target.is_waited = true;
    target.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  return target.status;
}

}  // namespace repomap
