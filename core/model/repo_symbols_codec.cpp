// SPDX-License-Identifier: Apache-2.0
#include "core/model/repo_symbols_codec.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/base/byte_codec.hpp"

namespace repomap {
namespace {

constexpr std::uint8_t kVersion = 1;

static_assert(std::endian::native == std::endian::little && sizeof(ReferenceCount) == 8);

template <typename T>
void add_array(ByteWriter& writer, std::span<const T> values) {
  static_assert(std::has_unique_object_representations_v<T>);
  writer.add_raw({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
}

template <typename T>
std::vector<T> read_array(ByteReader& reader, std::uint64_t count) {
  static_assert(std::is_trivially_copyable_v<T>);
  // A product that overflows would be a small number.
  const std::string_view raw = reader.read_raw(count > reader.rest().size() ? ~std::uint64_t{0} : count * sizeof(T));
  std::vector<T> values(raw.size() / sizeof(T));
  if (!raw.empty()) {
    std::memcpy(values.data(), raw.data(), raw.size());
  }
  return values;
}

/// The pool of `count` strings, their ends and bytes.
Result<StringPool> read_pool(ByteReader& reader, std::uint64_t count) {
  auto ends = read_array<std::uint32_t>(reader, count);
  std::string bytes(reader.read_raw(ends.empty() ? 0 : ends.back()));
  return StringPool::restore(std::move(bytes), std::move(ends));
}

void add_paths(ByteWriter& writer, const std::vector<std::string>& paths) {
  std::vector<std::uint32_t> ends;
  std::string bytes;
  for (const std::string& path : paths) {
    bytes += path;
    ends.push_back(static_cast<std::uint32_t>(bytes.size()));
  }
  add_array(writer, std::span<const std::uint32_t>(ends));
  writer.add_raw(bytes);
}

/// Errors: kCorrupt unless the paths rise, so that they are distinct and none is empty.
Result<std::vector<std::string>> read_paths(ByteReader& reader, std::uint64_t count) {
  REPOMAP_ASSIGN(const StringPool pool, read_pool(reader, count));
  std::vector<std::string> paths;
  paths.reserve(pool.size());
  for (StringPool::Id id = 1; id < pool.size(); ++id) {
    if (pool.at(id) <= pool.at(id - 1)) {
      return fail(ErrorCode::kCorrupt, "the paths of a repository's symbols do not rise");
    }
    paths.emplace_back(pool.at(id));
  }
  return paths;
}

}  // namespace

std::string encode(const RepoSymbols& symbols) {
  const SymbolTable::Arrays& arrays = symbols.files.arrays();
  ByteWriter writer;
  writer.add_u8(kVersion);
  writer.add_varint(symbols.paths.size());
  writer.add_varint(symbols.identifiers.ends().size());
  writer.add_varint(arrays.definitions.size());
  writer.add_varint(arrays.references.size());
  add_paths(writer, symbols.paths);
  add_array(writer, symbols.identifiers.ends());
  writer.add_raw(symbols.identifiers.bytes());
  add_array(writer, std::span(arrays.definition_ends));
  add_array(writer, std::span(arrays.reference_ends));
  add_array(writer, std::span(arrays.definitions));
  add_array(writer, std::span(arrays.references));
  return writer.take();
}

Result<RepoSymbols> decode_repo_symbols(std::string_view bytes) {
  ByteReader reader(bytes);
  if (const std::uint8_t version = reader.read_u8(); !reader.has_failed() && version != kVersion) {
    return fail(ErrorCode::kUnsupported, "a repository's symbols in an encoding of another version");
  }
  const std::uint64_t files = reader.read_varint();
  const std::uint64_t identifiers = reader.read_varint();
  const std::uint64_t definitions = reader.read_varint();
  const std::uint64_t references = reader.read_varint();
  RepoSymbols symbols;
  REPOMAP_ASSIGN(symbols.paths, read_paths(reader, files));
  REPOMAP_ASSIGN(symbols.identifiers, read_pool(reader, identifiers));
  SymbolTable::Arrays arrays;
  arrays.definition_ends = read_array<std::uint32_t>(reader, files);
  arrays.reference_ends = read_array<std::uint32_t>(reader, files);
  arrays.definitions = read_array<StringPool::Id>(reader, definitions);
  arrays.references = read_array<ReferenceCount>(reader, references);
  if (!reader.is_finished()) {
    return fail(ErrorCode::kCorrupt, "bytes that are no encoding of a repository's symbols");
  }
  REPOMAP_ASSIGN(symbols.files, SymbolTable::restore(std::move(arrays), symbols.identifiers.size()));
  return symbols;
}

}  // namespace repomap
