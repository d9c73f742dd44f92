// SPDX-License-Identifier: Apache-2.0
//
// Bytes that claim to be encoded tags: decoded or refused, and what decodes is a value that comes back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/model/file_tags_codec.hpp"
#include "core/model/repo_symbols.hpp"
#include "tests/support/random_tags.hpp"

namespace repomap {
namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void try_tags(std::string_view bytes) {
  const auto outline = decode_outline(bytes);
  if (outline) {
    require(decode_outline(encode(*outline)).has_value());
  }
  const auto tags = decode_file_tags(bytes);
  if (!tags) {
    return;
  }
  require(outline.has_value() && visible_text(*outline).size() == visible_text(tags->outline()).size());
  // Once encoded by us, the bytes stay what they are.
  const std::string encoded = encode(*tags);
  const auto again = decode_file_tags(encoded);
  require(again.has_value() && again->tags.size() == tags->tags.size());
  require(encode(*again) == encoded);
  StringPool identifiers;
  to_file_symbols(*tags, identifiers);
}

}  // namespace
}  // namespace repomap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  repomap::try_tags(bytes);
  // With the version in front, which the rest of the decoder is behind.
  repomap::try_tags('\1' + std::string(bytes));
  return 0;
}
