// SPDX-License-Identifier: Apache-2.0
//
// A value is: version, signature, cost, encoded tags.
#include "core/cache/tag_cache.hpp"

#include <memory>
#include <utility>

#include "core/base/byte_codec.hpp"
#include "core/cache/memory_backend.hpp"
#include "core/model/file_tags_codec.hpp"

namespace repomap {
namespace {

constexpr std::uint8_t kVersion = 1;

std::string encode_entry(const TagCache::Item& item) {
  ByteWriter writer;
  writer.add_u8(kVersion);
  add_signature(item.signature, writer);
  writer.add_signed(item.cost.count());
  writer.add_raw(encode(*item.tags));
  return writer.take();
}

Result<TagCache::Entry> decode_entry(std::string_view bytes, const Signature& signature, TagsDetail detail) {
  ByteReader reader(bytes);
  if (reader.read_u8() != kVersion || read_signature(reader) != signature) {
    return fail(ErrorCode::kCorrupt, "an entry of tags for another signature");
  }
  TagCache::Entry entry;
  entry.cost = std::chrono::microseconds(reader.read_signed());
  REPOMAP_ASSIGN(entry.tags,
                 detail == TagsDetail::kAll ? decode_file_tags(reader.rest()) : decode_outline(reader.rest()));
  return entry;
}

}  // namespace

std::optional<TagCache::Entry> TagCache::get(const Signature& signature, TagsDetail detail) {
  return std::move(batch_get({&signature, 1}, detail).front());
}

std::vector<std::optional<TagCache::Entry>> TagCache::batch_get(std::span<const Signature> signatures,
                                                                TagsDetail detail) {
  std::vector<CacheKey> keys;
  keys.reserve(signatures.size());
  for (const Signature& signature : signatures) {
    keys.push_back(signature.key());
  }
  return entries_.get<Entry>(
      keys, [&](std::size_t index, std::string_view bytes) { return decode_entry(bytes, signatures[index], detail); });
}

void TagCache::batch_set(std::span<const Item> items) {
  std::vector<CacheItem> encoded;
  encoded.reserve(items.size());
  for (const Item& item : items) {
    CacheEntry entry;
    entry.value = std::make_shared<const std::string>(encode_entry(item));
    entry.tags = {CacheTag::file(item.path), CacheTag::language(item.tags->language)};
    encoded.push_back({item.signature.key(), std::move(entry)});
  }
  entries_.put(encoded);
}

std::size_t TagCache::reduce_l1_size(std::uint64_t size_bytes) {
  return memory_ == nullptr ? 0 : memory_->reduce_to(size_bytes);
}

std::size_t TagCache::evict_lru(std::size_t count) { return memory_ == nullptr ? 0 : memory_->evict_lru(count); }

}  // namespace repomap
