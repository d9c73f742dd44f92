// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace repomap {

/// Runs functions in child processes that are forks of the test. Each writes lines to its own journal, which the test
/// can read also after the child was killed. Used by one thread. The destructor kills and waits for all.
///
/// The test must not hold store handles open over start() that the child then uses: each child opens its own.
class WorkerProcesses {
 public:
  /// A worker's journal: a pipe. Each line is in it, whole, when write_line() returns.
  class Journal {
   public:
    explicit Journal(int descriptor) : descriptor_(descriptor) {}
    void write_line(std::string line) const;

   private:
    int descriptor_;
  };

  /// Gives the process's exit status; 0: all was well.
  using Body = std::function<int(const Journal& journal)>;

  WorkerProcesses() = default;
  ~WorkerProcesses();
  WorkerProcesses(const WorkerProcesses&) = delete;
  WorkerProcesses& operator=(const WorkerProcesses&) = delete;

  /// Starts a worker; gives its number.
  std::size_t start(const Body& body);

  /// The next line of its journal; waits for it. "": the worker has ended.
  std::string read_line(std::size_t worker);
  /// All lines that are left, up to its end.
  std::vector<std::string> read_to_end(std::size_t worker);

  void kill(std::size_t worker);
  /// Waits for its end; gives the exit status, or -1 if it was killed or crashed. Journals are read to the end first,
  /// so that no worker waits for a full pipe.
  int wait(std::size_t worker);

 private:
  struct Worker {
    pid_t pid = -1;
    int journal = -1;
    std::string buffer;  // read, not yet given
    bool is_waited = false;
    int status = -1;
  };

  bool fill(Worker& worker);

  std::vector<Worker> workers_;
};

}  // namespace repomap
