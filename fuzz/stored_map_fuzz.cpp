// SPDX-License-Identifier: Apache-2.0
//
// Bytes that claim to be an encoded map, and bytes that claim to be compressed: decoded or refused.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/base/compression.hpp"
#include "core/model/stored_map.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kLimit = 1U << 20U;

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void try_map(std::string_view bytes) {
  const auto stored = decode_stored_map(bytes);
  if (!stored) {
    return;
  }
  const std::string encoded = encode(*stored);
  const auto again = decode_stored_map(encoded);
  require(again.has_value() && encode(*again) == encoded);
}

void try_compression(std::string_view bytes) {
  const auto content = decompress(bytes, kLimit);
  require(!content || content->size() <= kLimit);
  const auto back = decompress(compress(bytes), kLimit);
  require(bytes.size() > kLimit || (back.has_value() && *back == bytes));
}

}  // namespace
}  // namespace repomap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  repomap::try_map(bytes);
  repomap::try_map('\1' + std::string(bytes));
  repomap::try_compression(bytes);
  return 0;
}
