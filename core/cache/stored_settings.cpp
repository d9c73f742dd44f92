// SPDX-License-Identifier: Apache-2.0
#include "core/cache/stored_settings.hpp"

#include "core/base/byte_codec.hpp"

namespace repomap {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kLastPolicy = static_cast<std::uint8_t>(EvictionPolicy::kNone);
constexpr std::uint64_t kMaxShards = 256;

}  // namespace

std::string encode_settings(const CacheSettings& settings) {
  ByteWriter writer;
  writer.add_u8(kVersion);
  writer.add_u64(settings.size_limit_bytes);
  writer.add_u64(settings.cull_limit);
  writer.add_u8(static_cast<std::uint8_t>(settings.eviction));
  writer.add_u8(settings.statistics ? 1 : 0);
  writer.add_u8(1);  // reserved
  writer.add_u64(settings.shards);
  writer.add_u64(settings.min_file_bytes);
  writer.add_u8(settings.ttl ? 1 : 0);
  writer.add_u64(settings.ttl ? static_cast<std::uint64_t>(settings.ttl->count()) : 0);
  return writer.take();
}

Result<CacheSettings> decode_settings(std::string_view bytes, CacheSettings settings) {
  ByteReader reader(bytes);
  const std::uint8_t version = reader.read_u8();
  settings.size_limit_bytes = reader.read_u64();
  settings.cull_limit = reader.read_u64();
  const std::uint8_t policy = reader.read_u8();
  settings.statistics = reader.read_u8() != 0;
  reader.read_u8();
  settings.shards = reader.read_u64();
  settings.min_file_bytes = reader.read_u64();
  const bool has_ttl = reader.read_u8() != 0;
  const std::uint64_t ttl = reader.read_u64();
  if (!reader.is_finished() || version != kVersion || policy > kLastPolicy || settings.shards == 0 ||
      settings.shards > kMaxShards) {
    return fail(ErrorCode::kCorrupt, "the settings of a cache do not decode");
  }
  settings.eviction = static_cast<EvictionPolicy>(policy);
  settings.ttl = has_ttl ? std::optional(std::chrono::milliseconds(static_cast<std::int64_t>(ttl))) : std::nullopt;
  return settings;
}

}  // namespace repomap
