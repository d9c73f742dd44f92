// SPDX-License-Identifier: Apache-2.0
//
// A value is: version, the content's version.
#include "core/cache/scan_cache.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

#include "core/model/file_version_codec.hpp"

namespace repomap {
namespace {

constexpr std::uint8_t kVersion = 1;

Result<FileVersion> decode_entry(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.read_u8() != kVersion) {
    return fail(ErrorCode::kUnsupported, "an entry of scan of another version");
  }
  FileVersion version = read_file_version(reader);
  if (!reader.is_finished()) {
    return fail(ErrorCode::kCorrupt, "an entry of scan does not decode");
  }
  return version;
}

}  // namespace

std::vector<std::optional<FileVersion>> ScanCache::batch_get(std::span<const Signature> signatures) {
  std::vector<CacheKey> keys;
  keys.reserve(signatures.size());
  std::ranges::transform(signatures, std::back_inserter(keys), &Signature::key);
  return entries_.get<FileVersion>(keys,
                                   [](std::size_t /*index*/, std::string_view bytes) { return decode_entry(bytes); });
}

void ScanCache::batch_set(std::span<const Item> items) {
  std::vector<CacheItem> encoded;
  encoded.reserve(items.size());
  for (const Item& item : items) {
    ByteWriter writer;
    writer.add_u8(kVersion);
    add_file_version(item.version, writer);
    CacheEntry entry;
    entry.value = std::make_shared<const std::string>(writer.take());
    entry.tags = {CacheTag::file(item.path), CacheTag::language(item.version.language)};
    encoded.push_back({item.signature.key(), std::move(entry)});
  }
  entries_.put(encoded);
}

}  // namespace repomap
