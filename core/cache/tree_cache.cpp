// SPDX-License-Identifier: Apache-2.0
//
// A value is: version, text.
#include "core/cache/tree_cache.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

#include "core/base/byte_codec.hpp"

namespace repomap {
namespace {

constexpr std::uint8_t kVersion = 1;

Result<std::string> decode_text(std::string_view bytes) {
  ByteReader reader(bytes);
  const std::uint8_t version = reader.read_u8();
  const std::string_view text = reader.read_string();
  if (version != kVersion || !reader.is_finished()) {
    return fail(ErrorCode::kCorrupt, "an entry that is no tree");
  }
  return std::string(text);
}

}  // namespace

CacheKey TreeKey::key() const {
  ByteWriter writer;
  writer.add_digest(content);
  writer.add_digest(code);
  for (const std::uint32_t line : lines) {
    writer.add_varint(line);
  }
  return CacheKey::from_text("tree").add_digest(digest_of(writer.bytes()));
}

std::optional<std::string> TreeCache::get(const TreeKey& key) { return std::move(batch_get({&key, 1}).front()); }

std::vector<std::optional<std::string>> TreeCache::batch_get(std::span<const TreeKey> keys) {
  std::vector<CacheKey> encoded;
  std::ranges::transform(keys, std::back_inserter(encoded), &TreeKey::key);
  return entries_.get<std::string>(encoded,
                                   [](std::size_t /*index*/, std::string_view bytes) { return decode_text(bytes); });
}

void TreeCache::batch_set(std::span<const Item> items) {
  std::vector<CacheItem> encoded;
  encoded.reserve(items.size());
  for (const Item& item : items) {
    ByteWriter writer;
    writer.add_u8(kVersion);
    writer.add_string(item.text);
    CacheEntry entry;
    entry.value = std::make_shared<const std::string>(writer.take());
    entry.tags = {CacheTag::file(item.path)};
    encoded.push_back({item.key.key(), std::move(entry)});
  }
  entries_.put(encoded);
}

}  // namespace repomap
