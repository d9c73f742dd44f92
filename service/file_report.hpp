// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/model/skipped_file.hpp"

namespace repomap {

/// What a request has done and found.
struct IndexReport {
  std::size_t parsed = 0;            ///< files whose tags were extracted
  std::size_t reused = 0;            ///< files whose tags were known
  std::size_t unknown = 0;           ///< files of no known language
  std::size_t tags = 0;              ///< definitions and references of all files
  std::uint64_t bytes = 0;           ///< of the parsed files
  std::vector<SkippedFile> skipped;  ///< sorted by path
};

/// How true an answer is to the files.
struct Freshness {
  std::uint64_t generation = 1;                 ///< of the repository's state, rising while a process lives
  std::chrono::system_clock::time_point as_of;  ///< nothing that was saved before is missing
  std::size_t indexed = 0;                      ///< files whose tags are in the answer
  std::size_t pending = 0;                      ///< files still to be read
  std::size_t skipped = 0;
  std::string watcher = "off";
};

/// What a request about many files has seen.
struct FileReport {
  IndexReport index;
  std::size_t listed = 0;            ///< files in the list
  std::vector<SkippedFile> skipped;  ///< by the list and by the index, sorted by path
  std::vector<std::string> notices;

  Freshness freshness;
};

}  // namespace repomap
