// SPDX-License-Identifier: Apache-2.0
#include "core/model/repo_symbols.hpp"

#include <algorithm>
#include <utility>

namespace repomap {
namespace {

/// Whether the ends never fall and the last of them is `size`.
bool parts(const std::vector<std::uint32_t>& ends, std::size_t size) {
  return std::ranges::is_sorted(ends) && (ends.empty() ? 0 : ends.back()) == size;
}

}  // namespace

void SymbolTable::push_back(FileSymbolsView row) {
  arrays_.definitions.insert(arrays_.definitions.end(), row.definitions.begin(), row.definitions.end());
  arrays_.references.insert(arrays_.references.end(), row.references.begin(), row.references.end());
  arrays_.definition_ends.push_back(static_cast<std::uint32_t>(arrays_.definitions.size()));
  arrays_.reference_ends.push_back(static_cast<std::uint32_t>(arrays_.references.size()));
}

Result<SymbolTable> SymbolTable::restore(Arrays arrays, std::size_t identifiers) {
  const bool is_parted = arrays.definition_ends.size() == arrays.reference_ends.size() &&
                         parts(arrays.definition_ends, arrays.definitions.size()) &&
                         parts(arrays.reference_ends, arrays.references.size());
  // Without branches, so that it runs at the speed of memory. An identifier of 0 wraps around to the largest number.
  const std::size_t limit = identifiers - 1;
  bool is_bad = false;
  for (const StringPool::Id identifier : arrays.definitions) {
    is_bad |= std::size_t{identifier} - 1 >= limit;
  }
  for (const ReferenceCount& reference : arrays.references) {
    is_bad |= std::size_t{reference.identifier} - 1 >= limit;
    is_bad |= reference.count == 0;
  }
  if (!is_parted || is_bad) {
    return fail(ErrorCode::kCorrupt, "the rows of a symbol table do not fit its identifiers");
  }
  SymbolTable table;
  table.arrays_ = std::move(arrays);
  return table;
}

SymbolTable to_symbol_table(std::span<const FileSymbols> rows) {
  SymbolTable table;
  for (const FileSymbols& row : rows) {
    table.push_back(row);
  }
  return table;
}

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
