// SPDX-License-Identifier: Apache-2.0
//
// Bytes that claim to be a repository's encoded symbols: refused, or a value that ranking can read. The input is taken
// as it is, and as numbers of which a nearly right encoding is made.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/byte_codec.hpp"
#include "core/model/repo_symbols_codec.hpp"

namespace repomap {
namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void try_symbols(std::string_view bytes) {
  const auto symbols = decode_repo_symbols(bytes);
  if (!symbols) {
    return;
  }
  require(symbols->files.size() == symbols->paths.size());
  require(std::ranges::is_sorted(symbols->paths, std::less_equal<>{}));
  std::size_t name_bytes = 0;
  for (const FileSymbolsView row : symbols->files.rows()) {
    for (const StringPool::Id id : row.definitions) {
      require(id > 0 && id < symbols->identifiers.size());
      name_bytes += symbols->identifiers.at(id).size();
    }
    for (const ReferenceCount& reference : row.references) {
      require(reference.identifier > 0 && reference.identifier < symbols->identifiers.size() && reference.count > 0);
      name_bytes += symbols->identifiers.at(reference.identifier).size();
    }
  }
  require(name_bytes > 0 || symbols->files.arrays().definitions.empty());
  const std::string encoded = encode(*symbols);
  const auto again = decode_repo_symbols(encoded);
  require(again.has_value() && encode(*again) == encoded);
}

/// Takes numbers from the front of the input; nearly all are small.
class Input {
 public:
  explicit Input(std::string_view bytes) : bytes_(bytes) {}

  std::uint32_t number() {
    if (bytes_.empty()) {
      return 1;
    }
    const auto value = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    return value == 0xff ? 0xffffffffU : value & 0x07U;
  }

 private:
  std::string_view bytes_;
};

void add_strings(ByteWriter& writer, std::uint32_t count, Input& input) {
  std::uint32_t end = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    end += input.number();
    writer.add_u32(end);
  }
  for (std::uint32_t i = 0; i < std::min(end, 100U); ++i) {
    writer.add_u8(static_cast<std::uint8_t>('a' + i));
  }
}

std::string nearly_right(std::string_view bytes) {
  Input input(bytes);
  const std::uint32_t files = input.number() & 7U;
  const std::uint32_t identifiers = input.number() & 7U;
  const std::uint32_t definitions = input.number() & 7U;
  const std::uint32_t references = input.number() & 7U;
  ByteWriter writer;
  writer.add_u8(1);
  for (const std::uint32_t count : {files, identifiers, definitions, references}) {
    writer.add_varint(count);
  }
  add_strings(writer, files, input);
  add_strings(writer, identifiers, input);
  const std::uint32_t words = 2 * files + definitions + 2 * references;
  for (std::uint32_t i = 0; i < words; ++i) {
    writer.add_u32(input.number());
  }
  return writer.take();
}

}  // namespace
}  // namespace repomap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  repomap::try_symbols(bytes);
  repomap::try_symbols(repomap::nearly_right(bytes));
  return 0;
}
