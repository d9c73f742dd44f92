// SPDX-License-Identifier: Apache-2.0
#include "core/model/stored_map.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/base/byte_codec.hpp"

namespace repomap {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint64_t kMaxWord = 0xffffffff;

// The fewest bytes that one element of each list can have.
constexpr std::uint64_t kBytesOfFile = 11;
constexpr std::uint64_t kBytesOfSymbol = 11;
constexpr std::uint64_t kBytesOfExplanation = 29;
constexpr std::uint64_t kBytesOfReference = 9;
constexpr std::uint64_t kBytesOfPull = 2;
constexpr std::uint64_t kBytesOfReadFile = 17;

template <typename T, typename Add>
void add_list(const std::vector<T>& list, ByteWriter& writer, const Add& add) {
  writer.add_varint(list.size());
  for (const T& element : list) {
    add(element, writer);
  }
}

/// Stops early where the reader fails.
template <typename T, typename Read>
std::vector<T> read_list(ByteReader& reader, std::uint64_t bytes_each, const Read& read) {
  const std::uint64_t count = reader.read_count(bytes_each);
  std::vector<T> list;
  for (std::uint64_t i = 0; i < count && !reader.has_failed(); ++i) {
    list.push_back(read(reader));
  }
  return list;
}

std::uint32_t read_word(ByteReader& reader) { return static_cast<std::uint32_t>(reader.read_bounded(kMaxWord)); }

void add_word(std::uint32_t word, ByteWriter& writer) { writer.add_varint(word); }

void add_text(const std::string& text, ByteWriter& writer) { writer.add_string(text); }

std::string read_text(ByteReader& reader) { return std::string(reader.read_string()); }

void add_symbol(const MapSymbol& symbol, ByteWriter& writer) {
  writer.add_string(symbol.name);
  writer.add_u8(static_cast<std::uint8_t>(symbol.kind));
  writer.add_varint(symbol.line);
  writer.add_double(symbol.rank);
}

MapSymbol read_symbol(ByteReader& reader) {
  MapSymbol symbol;
  symbol.name = reader.read_string();
  const std::uint8_t kind = reader.read_u8();
  if (kind > static_cast<std::uint8_t>(SymbolKind::kSymbol)) {
    reader.set_failed();
    return symbol;
  }
  symbol.kind = static_cast<SymbolKind>(kind);
  symbol.line = read_word(reader);
  symbol.rank = reader.read_double();
  return symbol;
}

void add_file(const MapFile& file, ByteWriter& writer) {
  writer.add_string(file.path);
  writer.add_double(file.rank);
  add_list(file.lines, writer, add_word);
  add_list(file.symbols, writer, add_symbol);
}

MapFile read_file(ByteReader& reader) {
  MapFile file;
  file.path = reader.read_string();
  file.rank = reader.read_double();
  file.lines = read_list<std::uint32_t>(reader, 1, read_word);
  file.symbols = read_list<MapSymbol>(reader, kBytesOfSymbol, read_symbol);
  return file;
}

void add_reference(const SymbolExplanation::Reference& reference, ByteWriter& writer) {
  writer.add_string(reference.path);
  writer.add_double(reference.share);
}

SymbolExplanation::Reference read_reference(ByteReader& reader) {
  std::string path = read_text(reader);
  return {std::move(path), reader.read_double()};
}

void add_pull(const SymbolExplanation::Pull& pull, ByteWriter& writer) {
  writer.add_string(pull.kind);
  writer.add_string(pull.detail);
}

SymbolExplanation::Pull read_pull(ByteReader& reader) {
  std::string kind = read_text(reader);
  return {std::move(kind), read_text(reader)};
}

void add_explanation(const SymbolExplanation& explanation, ByteWriter& writer) {
  writer.add_string(explanation.path);
  writer.add_string(explanation.name);
  writer.add_double(explanation.rank);
  writer.add_double(explanation.graph_rank);
  writer.add_double(explanation.file_rank);
  writer.add_varint(explanation.referencing_files);
  add_list(explanation.strongest_references, writer, add_reference);
  add_list(explanation.pulls, writer, add_pull);
}

SymbolExplanation read_explanation(ByteReader& reader) {
  SymbolExplanation explanation;
  explanation.path = reader.read_string();
  explanation.name = reader.read_string();
  explanation.rank = reader.read_double();
  explanation.graph_rank = reader.read_double();
  explanation.file_rank = reader.read_double();
  explanation.referencing_files = static_cast<std::size_t>(reader.read_varint());
  explanation.strongest_references = read_list<SymbolExplanation::Reference>(reader, kBytesOfReference, read_reference);
  explanation.pulls = read_list<SymbolExplanation::Pull>(reader, kBytesOfPull, read_pull);
  return explanation;
}

void add_read_file(const ReadFile& file, ByteWriter& writer) {
  writer.add_string(file.path);
  writer.add_digest(file.content);
}

ReadFile read_read_file(ByteReader& reader) {
  std::string path = read_text(reader);
  return {std::move(path), reader.read_digest()};
}

}  // namespace

std::string encode(const StoredMap& stored) {
  ByteWriter writer;
  writer.add_u8(kVersion);
  add_list(stored.read, writer, add_read_file);
  writer.add_string(stored.map.text);
  writer.add_varint(stored.map.tokens);
  add_list(stored.map.files, writer, add_file);
  add_list(stored.explanations, writer, add_explanation);
  add_list(stored.notices, writer, add_text);
  return writer.take();
}

Result<StoredMap> decode_stored_map(std::string_view bytes) {
  ByteReader reader(bytes);
  if (const std::uint8_t version = reader.read_u8(); !reader.has_failed() && version != kVersion) {
    return fail(ErrorCode::kUnsupported, "a map in an encoding of another version");
  }
  StoredMap stored;
  stored.read = read_list<ReadFile>(reader, kBytesOfReadFile, read_read_file);
  stored.map.text = reader.read_string();
  stored.map.tokens = static_cast<std::size_t>(reader.read_varint());
  stored.map.files = read_list<MapFile>(reader, kBytesOfFile, read_file);
  stored.explanations = read_list<SymbolExplanation>(reader, kBytesOfExplanation, read_explanation);
  stored.notices = read_list<std::string>(reader, 1, read_text);
  if (!reader.is_finished()) {
    return fail(ErrorCode::kCorrupt, "bytes that are no encoding of a map");
  }
  return stored;
}

}  // namespace repomap
