// SPDX-License-Identifier: Apache-2.0
//
// Bytes in the place of a value that a typed view of the cache asks for: a value, or a miss that is erased and counted.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/byte_codec.hpp"
#include "core/cache/graph_cache.hpp"
#include "core/cache/map_cache.hpp"
#include "core/cache/memory_backend.hpp"
#include "core/cache/tag_cache.hpp"
#include "core/cache/tree_cache.hpp"

namespace repomap {
namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void put(CacheBackend& backend, const CacheKey& key, std::string_view bytes) {
  const CacheItem item{key, {std::make_shared<const std::string>(bytes), {}, {}}};
  require(backend.put_many({&item, 1}).has_value());
}

void require_erased(CacheBackend& backend, const CacheKey& key, bool is_value, const ViewTroubles& troubles) {
  const auto entries = backend.get_many({&key, 1});
  require(entries.has_value() && entries->front().has_value() == is_value);
  require(troubles.damaged == (is_value ? 0U : 1U) && troubles.failed == 0);
}

void try_tags(CacheBackend& backend, std::string_view bytes, TagsDetail detail) {
  const Signature signature{"tags", {1, 2}, {}, {3, 4}, {}};
  TagCache cache(backend);
  put(backend, signature.key(), bytes);
  const bool is_value = cache.get(signature, detail).has_value();
  require_erased(backend, signature.key(), is_value, cache.troubles());
}

/// With the head that belongs to the signature in front, so that the rest is reached.
std::string with_head(std::string_view bytes) {
  ByteWriter writer;
  writer.add_u8(1);
  add_signature({"tags", {1, 2}, {}, {3, 4}, {}}, writer);
  writer.add_raw(bytes);
  return writer.take();
}

void try_trees(CacheBackend& backend, std::string_view bytes) {
  const TreeKey key{{1, 2}, {3, 4}, {5}};
  TreeCache cache(backend);
  put(backend, key.key(), bytes);
  const bool is_value = cache.get(key).has_value();
  require_erased(backend, key.key(), is_value, cache.troubles());
}

void try_graph(CacheBackend& backend, std::string_view bytes) {
  const CacheKey key = CacheKey::from_text("symbols").add_digest({1, 2});
  GraphCache cache(backend);
  put(backend, key, bytes);
  const bool is_value = cache.get({1, 2}).has_value();
  require_erased(backend, key, is_value, cache.troubles());
}

void try_maps(CacheBackend& backend, std::string_view bytes) {
  const MapKey key;
  MapCache cache(backend);
  put(backend, key.key(), bytes);
  const bool is_value = cache.get(key, [](std::span<const ReadFile>) { return true; }).has_value();
  require_erased(backend, key.key(), is_value, cache.troubles());
}

}  // namespace
}  // namespace repomap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace repomap;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static MemoryBackend backend({}, system_clock());
  for (const TagsDetail detail : {TagsDetail::kAll, TagsDetail::kOutline}) {
    try_tags(backend, bytes, detail);
    try_tags(backend, with_head(bytes), detail);
  }
  try_trees(backend, bytes);
  try_graph(backend, bytes);
  try_maps(backend, bytes);
  return 0;
}
