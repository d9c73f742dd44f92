// SPDX-License-Identifier: Apache-2.0
#include "service/symbols_base.hpp"

#include <array>
#include <memory>
#include <utility>

#include "core/base/byte_codec.hpp"

namespace repomap {
namespace {

constexpr std::uint8_t kFormatVersion = 1;

CacheKey key_of(const std::string& line) { return CacheKey::from_text("base").add_bytes(line); }

std::string encode(const SymbolsBase& base) {
  ByteWriter writer;
  writer.add_u8(kFormatVersion);
  writer.add_digest(base.state);
  writer.add_varint(base.symbols.size());
  for (const Digest& symbols : base.symbols) {
    writer.add_digest(symbols);
  }
  return writer.take();
}

Result<SymbolsBase> decode(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.read_u8() != kFormatVersion) {
    return fail(ErrorCode::kUnsupported, "a base of another version");
  }
  SymbolsBase base;
  base.state = reader.read_digest();
  base.symbols.resize(reader.read_count(sizeof(Digest)));
  for (Digest& symbols : base.symbols) {
    symbols = reader.read_digest();
  }
  if (!reader.is_finished()) {
    return fail(ErrorCode::kCorrupt, "a base does not decode");
  }
  return base;
}

}  // namespace

std::optional<SymbolsBase> SymbolsBaseCache::get(const std::string& line) {
  const std::array keys = {key_of(line)};
  auto bases =
      entries_.get<SymbolsBase>(keys, [](std::size_t /*index*/, std::string_view bytes) { return decode(bytes); });
  return std::move(bases.front());
}

void SymbolsBaseCache::set(const std::string& line, const SymbolsBase& base) {
  CacheItem item;
  item.key = key_of(line);
  item.entry.value = std::make_shared<const std::string>(encode(base));
  entries_.put({&item, 1});
}

}  // namespace repomap
