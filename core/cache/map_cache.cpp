// SPDX-License-Identifier: Apache-2.0
//
// A value is: version, cost, encoded map.
#include "core/cache/map_cache.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

#include "core/base/byte_codec.hpp"

namespace repomap {
namespace {

constexpr std::uint8_t kVersion = 1;

void add_texts(const std::vector<std::string>& texts, ByteWriter& writer) {
  writer.add_varint(texts.size());
  for (const std::string& text : texts) {
    writer.add_string(text);
  }
}

Result<MapCache::Entry> decode_entry(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.read_u8() != kVersion) {
    return fail(ErrorCode::kUnsupported, "an entry of maps of another version");
  }
  MapCache::Entry entry;
  entry.cost = std::chrono::microseconds(reader.read_signed());
  REPOMAP_ASSIGN(entry.stored, decode_stored_map(reader.rest()));
  return entry;
}

}  // namespace

CacheKey MapKey::key() const {
  ByteWriter writer;
  writer.add_varint(request.token_budget);
  writer.add_u8(static_cast<std::uint8_t>(request.tokenizer));
  writer.add_u8(static_cast<std::uint8_t>(request.rank_mode));
  writer.add_string(request.query);
  add_texts(request.chat_files, writer);
  add_texts(request.mentioned_files, writer);
  add_texts(request.mentioned_identifiers, writer);
  writer.add_digest(other_files);
  writer.add_digest(state);
  writer.add_digest(code);
  writer.add_u8(is_explained ? 1 : 0);
  return CacheKey::from_text("map").add_digest(digest_of(writer.bytes()));
}

std::optional<MapCache::Entry> MapCache::get(const MapKey& key, const IsCurrent& is_current) {
  return std::move(batch_get({&key, 1}, is_current).front());
}

std::vector<std::optional<MapCache::Entry>> MapCache::batch_get(std::span<const MapKey> keys,
                                                                const IsCurrent& is_current) {
  std::vector<CacheKey> encoded;
  std::ranges::transform(keys, std::back_inserter(encoded), &MapKey::key);
  auto entries =
      entries_.get<Entry>(encoded, [](std::size_t /*index*/, std::string_view bytes) { return decode_entry(bytes); });
  for (std::optional<Entry>& entry : entries) {
    if (entry && !is_current(entry->stored.read)) {
      entry.reset();
    }
  }
  return entries;
}

void MapCache::batch_set(std::span<const Item> items) {
  std::vector<CacheItem> encoded;
  encoded.reserve(items.size());
  for (const Item& item : items) {
    ByteWriter writer;
    writer.add_u8(kVersion);
    writer.add_signed(item.cost.count());
    writer.add_raw(encode(*item.stored));
    CacheEntry entry;
    entry.value = std::make_shared<const std::string>(writer.take());
    std::ranges::transform(item.stored->read, std::back_inserter(entry.tags),
                           [](const ReadFile& file) { return CacheTag::file(file.path); });
    encoded.push_back({item.key.key(), std::move(entry)});
  }
  entries_.put(encoded);
}

}  // namespace repomap
