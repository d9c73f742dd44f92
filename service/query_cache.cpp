// SPDX-License-Identifier: Apache-2.0
//
// A value is: version, number of hits, hits.
#include "service/query_cache.hpp"

#include <array>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include "core/base/byte_codec.hpp"

namespace repomap {
namespace {

constexpr std::uint8_t kVersion = 2;
constexpr std::uint64_t kMinHitBytes = 10;  // of the shortest: five empty strings, two enumerations, three numbers

CacheKey key_of(const SymbolQuery& query, const Digest& contents) {
  CacheKey key = CacheKey::from_text("symbols").add_digest(contents).add_text(query.pattern).add_text(query.language);
  key.add_integer(static_cast<std::int64_t>(query.match)).add_integer(static_cast<std::int64_t>(query.role));
  return key.add_integer(query.kind ? static_cast<std::int64_t>(*query.kind) : -1);
}

void add_hit(const SymbolHit& hit, ByteWriter& writer) {
  for (const std::string* text : {&hit.path, &hit.name, &hit.scope, &hit.signature, &hit.language}) {
    writer.add_string(*text);
  }
  writer.add_u8(static_cast<std::uint8_t>(hit.role));
  writer.add_u8(static_cast<std::uint8_t>(hit.kind));
  writer.add_varint(hit.line);
  writer.add_varint(hit.column);
  writer.add_varint(hit.end_line);
}

SymbolHit read_hit(ByteReader& reader) {
  constexpr std::uint64_t kMaxNumber = std::numeric_limits<std::uint32_t>::max();
  SymbolHit hit;
  for (std::string* text : {&hit.path, &hit.name, &hit.scope, &hit.signature, &hit.language}) {
    *text = reader.read_string();
  }
  const std::uint8_t role = reader.read_u8();
  const std::uint8_t kind = reader.read_u8();
  if (role > static_cast<std::uint8_t>(Role::kReference) || kind > static_cast<std::uint8_t>(SymbolKind::kSymbol)) {
    reader.set_failed();
    return hit;
  }
  hit.role = static_cast<Role>(role);
  hit.kind = static_cast<SymbolKind>(kind);
  hit.line = static_cast<std::uint32_t>(reader.read_bounded(kMaxNumber));
  hit.column = static_cast<std::uint32_t>(reader.read_bounded(kMaxNumber));
  hit.end_line = static_cast<std::uint32_t>(reader.read_bounded(kMaxNumber));
  return hit;
}

Result<std::vector<SymbolHit>> decode(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.read_u8() != kVersion) {
    return fail(ErrorCode::kUnsupported, "an entry of query of another version");
  }
  std::vector<SymbolHit> hits(reader.read_count(kMinHitBytes));
  for (SymbolHit& hit : hits) {
    hit = read_hit(reader);
  }
  if (!reader.is_finished()) {
    return fail(ErrorCode::kCorrupt, "an entry of query does not decode");
  }
  return hits;
}

}  // namespace

std::optional<std::vector<SymbolHit>> QueryCache::get(const SymbolQuery& query, const Digest& contents) {
  const std::array keys = {key_of(query, contents)};
  auto answers = entries_.get<std::vector<SymbolHit>>(
      keys, [](std::size_t /*index*/, std::string_view bytes) { return decode(bytes); });
  return std::move(answers.front());
}

void QueryCache::set(const SymbolQuery& query, const Digest& contents, const std::vector<SymbolHit>& hits) {
  ByteWriter writer;
  writer.add_u8(kVersion);
  writer.add_varint(hits.size());
  for (const SymbolHit& hit : hits) {
    add_hit(hit, writer);
  }
  CacheItem item;
  item.key = key_of(query, contents);
  item.entry.value = std::make_shared<const std::string>(writer.take());
  entries_.put({&item, 1});
}

}  // namespace repomap
