// SPDX-License-Identifier: Apache-2.0
//
// Bytes that claim to be a repository's manifest: refused, or a manifest with sorted paths that comes back as it is.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "service/repo_manifest.hpp"

namespace repomap {
namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void try_manifest(std::string_view bytes) {
  const auto manifest = decode_repo_manifest(bytes);
  if (!manifest) {
    return;
  }
  for (std::size_t i = 1; i < manifest->files.size(); ++i) {
    require(manifest->files[i - 1].path < manifest->files[i].path);
  }
  const std::string encoded = encode(*manifest);
  const auto again = decode_repo_manifest(encoded);
  require(again.has_value() && again->files == manifest->files);
  require(encode(*again) == encoded);
}

}  // namespace
}  // namespace repomap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  repomap::try_manifest(bytes);
  // With the version in front, and so many digests and tables that the files come within reach.
  repomap::try_manifest('\1' + std::string(18, '\0') + std::string(bytes));
  return 0;
}
