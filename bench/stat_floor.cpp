// SPDX-License-Identifier: Apache-2.0
//
// The least that an answer about unchanged files can cost without a watcher: lstat(2) of each path on standard input,
// on one thread. Prints the median milliseconds of so many rounds: repomap_stat_floor ROUNDS < paths
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

int main(int count, char** arguments) {
  const auto rounds = static_cast<std::size_t>(count > 1 ? std::max(1, std::atoi(arguments[1])) : 9);
  std::vector<std::string> paths;
  std::ifstream input("/dev/stdin");
  for (std::string path; std::getline(input, path);) {
    paths.push_back(path);
  }
  std::vector<double> milliseconds;
  std::size_t found = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    for (const std::string& path : paths) {
      struct stat info{};
      found += ::lstat(path.c_str(), &info) == 0 ? 1U : 0U;
    }
    milliseconds.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::ranges::sort(milliseconds);
  fmt::print("{:.3f}\n", milliseconds[rounds / 2]);
  return found == rounds * paths.size() ? 0 : 1;
}
