// SPDX-License-Identifier: Apache-2.0
#include "core/model/symbols_digest.hpp"

#include "core/base/byte_codec.hpp"
#include "core/model/repo_symbols.hpp"

namespace repomap {

Digest symbols_digest(const FileTags& tags) {
  StringPool names;
  const FileSymbols symbols = to_file_symbols(tags, names);
  ByteWriter writer;
  writer.add_varint(symbols.definitions.size());
  for (const StringPool::Id definition : symbols.definitions) {
    writer.add_string(names.at(definition));
  }
  for (const ReferenceCount& reference : symbols.references) {
    writer.add_string(names.at(reference.identifier));
    writer.add_varint(reference.count);
  }
  return digest_of(writer.bytes());
}

}  // namespace repomap
