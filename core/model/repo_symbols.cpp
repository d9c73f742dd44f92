// SPDX-License-Identifier: Apache-2.0
#include "core/model/repo_symbols.hpp"

namespace repomap {

FileSymbols to_file_symbols(const FileTags& tags, StringPool& identifiers) {
  constexpr std::uint32_t kUnseen = 0xffffffff;
  // Each name of the file is interned once, however often it occurs.
  std::vector<StringPool::Id> interned(tags.strings.size(), 0);
  std::vector<std::uint32_t> reference_slot(tags.strings.size(), kUnseen);
  std::vector<bool> defined(tags.strings.size(), false);
  FileSymbols symbols;
  for (const Tag& tag : tags.tags) {
    const bool is_definition = tag.role == Role::kDefinition;
    if (tag.name == 0 || (is_definition && !is_map_kind(tag.kind))) {
      continue;
    }
    if (interned[tag.name] == 0) {
      interned[tag.name] = identifiers.add(tags.name(tag));
    }
    const StringPool::Id identifier = interned[tag.name];
    if (is_definition) {
      if (!defined[tag.name]) {
        defined[tag.name] = true;
        symbols.definitions.push_back(identifier);
      }
    } else if (reference_slot[tag.name] == kUnseen) {
      reference_slot[tag.name] = static_cast<std::uint32_t>(symbols.references.size());
      symbols.references.push_back({identifier, 1});
    } else {
      ++symbols.references[reference_slot[tag.name]].count;
    }
  }
  return symbols;
}

}  // namespace repomap
