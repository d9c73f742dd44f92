// SPDX-License-Identifier: Apache-2.0
#include "service/repository_snapshot.hpp"

namespace repomap {

std::size_t RepositorySnapshot::memory_bytes() const {
  std::size_t bytes = sizeof(RepositorySnapshot);
  for (const std::string& path : state.scan.paths) {
    bytes += sizeof(std::string) + path.capacity();
  }
  for (const FileVersion& version : state.scan.versions) {
    bytes += sizeof(FileVersion) + version.detail.capacity();
  }
  for (const SkippedFile& file : state.scan.report.skipped) {
    bytes += sizeof(SkippedFile) + file.path.capacity() + file.detail.capacity();
  }
  bytes += definitions ? definitions->memory_bytes() : 0;
  return bytes + (state.symbols ? state.symbols->memory_bytes() : 0);
}

}  // namespace repomap
