// SPDX-License-Identifier: Apache-2.0
//
// Index files of any bytes, bare or behind a valid header: decoding may fail, and what it gives is sorted.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "watcher/git_index.hpp"

namespace repomap {
namespace {

void check(const std::string& bytes, std::size_t hash_bytes) {
  const auto index = GitIndex::decode(bytes, hash_bytes);
  if (!index) {
    return;
  }
  for (std::size_t entry = 1; entry < index->size(); ++entry) {
    if (index->path(entry - 1) >= index->path(entry)) {
      std::abort();
    }
  }
}

}  // namespace
}  // namespace repomap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  repomap::check(input, 20);
  for (const char version : {'\2', '\3', '\4'}) {
    std::string header("DIRC\0\0\0\0\0\0\0\2", 12);
    header[7] = version;
    repomap::check(header + input, 20);
    repomap::check(header + input, 32);
  }
  return 0;
}
