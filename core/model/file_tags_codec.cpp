// SPDX-License-Identifier: Apache-2.0
//
// The layout puts the definitions and the strings that they use in front, so that an outline is a prefix. Strings are
// numbered anew by first use, which makes the bytes independent of how the extractor met them and lets the pool be
// restored as a block. Lines are the distance to the tag before; what is equal to the tag before, or nearly always the
// same, is a bit in the byte of the kind.
#include "core/model/file_tags_codec.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "core/base/byte_codec.hpp"

namespace repomap {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kSyntaxErrors = 0x01;

// The byte of a tag: its kind and two flags.
constexpr std::uint8_t kKindMask = 0x3f;
constexpr std::uint8_t kSameScope = 0x40;     // as the tag before in the same list
constexpr std::uint8_t kSeveralLines = 0x80;  // end_line follows
static_assert(static_cast<std::uint8_t>(SymbolKind::kSymbol) <= kKindMask);

constexpr std::uint64_t kMaxWord = 0xffffffff;
constexpr std::uint64_t kBytesOfScope = 3;  // at least
constexpr std::uint64_t kBytesOfTag = 4;    // at least

/// The strings of a FileTags in the order in which an encoding first uses them.
class StringOrder {
 public:
  explicit StringOrder(const StringPool& strings) : strings_(strings), renamed_(strings.size(), 0) {}

  StringPool::Id add(StringPool::Id id) {
    if (id != 0 && renamed_[id] == 0) {
      order_.push_back(id);
      renamed_[id] = static_cast<StringPool::Id>(order_.size());
    }
    return renamed_[id];
  }

  /// The strings added since the last call: their number, their lengths, their bytes.
  void write_new(ByteWriter& writer) {
    writer.add_varint(order_.size() - written_);
    for (std::size_t i = written_; i < order_.size(); ++i) {
      writer.add_varint(strings_.at(order_[i]).size());
    }
    for (; written_ < order_.size(); ++written_) {
      writer.add_raw(strings_.at(order_[written_]));
    }
  }

 private:
  const StringPool& strings_;
  std::vector<StringPool::Id> renamed_;
  std::vector<StringPool::Id> order_;
  std::size_t written_ = 0;
};

/// The strings read so far, as StringPool::restore() takes them.
struct StringBlock {
  std::string bytes;
  std::vector<std::uint32_t> ends;

  void read_more(ByteReader& reader) {
    const std::uint64_t count = reader.read_count(2);
    std::uint64_t end = bytes.size();
    ends.reserve(ends.size() + static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count; ++i) {
      end += reader.read_bounded(kMaxWord);
      if (end > kMaxWord) {
        reader.set_failed();
        return;
      }
      ends.push_back(static_cast<std::uint32_t>(end));
    }
    bytes += reader.read_raw(end - bytes.size());
  }

  std::size_t size() const { return ends.size() + 1; }
};

/// One of the two lists of tags, written or read in order.
class TagList {
 public:
  explicit TagList(Role role) : role_(role) { previous_.role = role; }

  void write(Tag tag, StringOrder& order, ByteWriter& writer) {
    tag.name = order.add(tag.name);
    tag.scope = order.add(tag.scope);
    tag.signature = role_ == Role::kDefinition ? order.add(tag.signature) : 0;
    const bool is_same_scope = tag.scope == previous_.scope;
    const bool has_several_lines = tag.end_line != tag.line;
    writer.add_u8(static_cast<std::uint8_t>(static_cast<std::uint8_t>(tag.kind) | (is_same_scope ? kSameScope : 0) |
                                            (has_several_lines ? kSeveralLines : 0)));
    writer.add_varint(tag.name);
    if (!is_same_scope) {
      writer.add_varint(tag.scope);
    }
    // References have none.
    if (role_ == Role::kDefinition) {
      writer.add_varint(tag.signature);
    }
    // Modulo 2^32, so that every number comes back.
    writer.add_varint(static_cast<std::uint32_t>(tag.line - previous_.line));
    writer.add_varint(static_cast<std::uint32_t>(tag.column - column_base(tag.line)));
    if (has_several_lines) {
      writer.add_varint(static_cast<std::uint32_t>(tag.end_line - tag.line));
    }
    previous_ = tag;
  }

  /// The next tag; of a reader that has failed, any.
  const Tag& read(ByteReader& reader, std::size_t strings) {
    const std::uint8_t head = reader.read_u8();
    if ((head & kKindMask) > static_cast<std::uint8_t>(SymbolKind::kSymbol)) {
      reader.set_failed();
      return previous_;
    }
    const std::uint32_t last_line = previous_.line;
    previous_.kind = static_cast<SymbolKind>(head & kKindMask);
    previous_.name = read_id(reader, strings);
    if ((head & kSameScope) == 0) {
      previous_.scope = read_id(reader, strings);
    }
    if (role_ == Role::kDefinition) {
      previous_.signature = read_id(reader, strings);
    }
    previous_.line = last_line + read_word(reader);
    const std::uint32_t base = previous_.line == last_line ? previous_.column : 0;
    previous_.column = base + read_word(reader);
    previous_.end_line = previous_.line + ((head & kSeveralLines) != 0 ? read_word(reader) : 0);
    return previous_;
  }

 private:
  static std::uint32_t read_word(ByteReader& reader) {
    return static_cast<std::uint32_t>(reader.read_bounded(kMaxWord));
  }
  static StringPool::Id read_id(ByteReader& reader, std::size_t strings) {
    return static_cast<StringPool::Id>(reader.read_bounded(strings - 1));
  }

  std::uint32_t column_base(std::uint32_t line) const { return line == previous_.line ? previous_.column : 0; }

  Role role_;
  Tag previous_;
};

void write_head(const FileTags& tags, ByteWriter& writer) {
  writer.add_string(tags.language);
  writer.add_u8(tags.has_syntax_errors ? kSyntaxErrors : 0);
  writer.add_varint(tags.line_count);
  writer.add_varint(tags.scopes.size());
  std::uint32_t start = 0;
  for (const ScopeSpan& scope : tags.scopes) {
    writer.add_varint(static_cast<std::uint32_t>(scope.start - start));
    writer.add_varint(static_cast<std::uint32_t>(scope.last - scope.start));
    writer.add_varint(static_cast<std::uint32_t>(scope.header_end - scope.start));
    start = scope.start;
  }
}

void read_head(ByteReader& reader, FileTags& tags) {
  tags.language = reader.read_string();
  const std::uint8_t flags = reader.read_u8();
  tags.has_syntax_errors = flags == kSyntaxErrors;
  if (flags > kSyntaxErrors) {
    reader.set_failed();
  }
  tags.line_count = static_cast<std::uint32_t>(reader.read_bounded(kMaxWord));
  const auto count = static_cast<std::size_t>(reader.read_count(kBytesOfScope));
  tags.scopes.reserve(count);
  std::uint32_t start = 0;
  for (std::size_t i = 0; i < count; ++i) {
    start += static_cast<std::uint32_t>(reader.read_bounded(kMaxWord));
    const auto last = start + static_cast<std::uint32_t>(reader.read_bounded(kMaxWord));
    const auto header_end = start + static_cast<std::uint32_t>(reader.read_bounded(kMaxWord));
    tags.scopes.push_back({start, last, header_end});
  }
}

/// The tags of one role and the strings that are new in them, strings first.
void write_tags(const FileTags& tags, Role role, StringOrder& order, ByteWriter& writer) {
  ByteWriter list;
  TagList encoder(role);
  std::size_t count = 0;
  for (const Tag& tag : tags.tags) {
    if (tag.role == role) {
      encoder.write(tag, order, list);
      ++count;
    }
  }
  order.write_new(writer);
  writer.add_varint(count);
  writer.add_raw(list.bytes());
}

/// Everything up to the references.
Status read_outline(ByteReader& reader, FileTags& tags, StringBlock& strings) {
  const std::uint8_t version = reader.read_u8();
  if (!reader.has_failed() && version != kVersion) {
    return fail(ErrorCode::kUnsupported, "tags in an encoding of another version");
  }
  tags.content = reader.read_digest();
  read_head(reader, tags);
  strings.read_more(reader);
  const auto count = static_cast<std::size_t>(reader.read_count(kBytesOfTag));
  tags.tags.reserve(count);
  TagList definitions(Role::kDefinition);
  for (std::size_t i = 0; i < count; ++i) {
    tags.tags.push_back(definitions.read(reader, strings.size()));
  }
  return {};
}

/// Reads the references and puts them between the definitions, which stand before references at the same place.
void read_references(ByteReader& reader, FileTags& tags, StringBlock& strings) {
  strings.read_more(reader);
  const auto count = static_cast<std::size_t>(reader.read_count(kBytesOfTag));
  const std::vector<Tag> definitions = std::exchange(tags.tags, {});
  tags.tags.reserve(definitions.size() + count);
  TagList references(Role::kReference);
  auto definition = definitions.begin();
  for (std::size_t i = 0; i < count; ++i) {
    const Tag& reference = references.read(reader, strings.size());
    while (definition != definitions.end() &&
           std::tie(definition->line, definition->column) <= std::tie(reference.line, reference.column)) {
      tags.tags.push_back(*definition++);
    }
    tags.tags.push_back(reference);
  }
  tags.tags.insert(tags.tags.end(), definition, definitions.end());
}

Status finish(const ByteReader& reader, bool is_whole, StringBlock strings, FileTags& tags) {
  if (!is_whole || reader.has_failed()) {
    return fail(ErrorCode::kCorrupt, "bytes that are no encoding of tags");
  }
  REPOMAP_ASSIGN(tags.strings, StringPool::restore(std::move(strings.bytes), std::move(strings.ends)));
  return {};
}

}  // namespace

std::string encode(const FileTags& tags) {
  ByteWriter writer;
  writer.add_u8(kVersion);
  writer.add_digest(tags.content);
  write_head(tags, writer);
  StringOrder order(tags.strings);
  write_tags(tags, Role::kDefinition, order, writer);
  write_tags(tags, Role::kReference, order, writer);
  return writer.take();
}

Result<FileTags> decode_file_tags(std::string_view bytes) {
  ByteReader reader(bytes);
  FileTags tags;
  StringBlock strings;
  REPOMAP_TRY(read_outline(reader, tags, strings));
  read_references(reader, tags, strings);
  REPOMAP_TRY(finish(reader, reader.is_finished(), std::move(strings), tags));
  return tags;
}

Result<FileTags> decode_outline(std::string_view bytes) {
  ByteReader reader(bytes);
  FileTags tags;
  StringBlock strings;
  REPOMAP_TRY(read_outline(reader, tags, strings));
  REPOMAP_TRY(finish(reader, true, std::move(strings), tags));
  return tags;
}

}  // namespace repomap
