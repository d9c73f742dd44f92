// SPDX-License-Identifier: Apache-2.0
#include "core/model/repo_symbols.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/file_tags_builder.hpp"

namespace repomap {
namespace {

using Counts = std::vector<std::pair<std::string, std::uint32_t>>;

std::vector<std::string> definitions(const FileSymbols& symbols, const StringPool& identifiers) {
  std::vector<std::string> names;
  for (const StringPool::Id id : symbols.definitions) {
    names.emplace_back(identifiers.at(id));
  }
  return names;
}

Counts references(const FileSymbols& symbols, const StringPool& identifiers) {
  Counts counts;
  for (const ReferenceCount& reference : symbols.references) {
    counts.emplace_back(identifiers.at(reference.identifier), reference.count);
  }
  return counts;
}

TEST(FileSymbols, AreDistinctAndInTheOrderOfTheFile) {
  const FileTags tags = FileTagsBuilder("c")
                            .refer("z", 0)
                            .define("b", SymbolKind::kFunction, 1)
                            .refer("a", 1)
                            .refer("z", 2)
                            .define("a", SymbolKind::kStruct, 3)
                            .define("b", SymbolKind::kFunction, 4)
                            .refer("z", 5)
                            .build();
  StringPool identifiers;
  const FileSymbols symbols = to_file_symbols(tags, identifiers);
  EXPECT_EQ(definitions(symbols, identifiers), (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(references(symbols, identifiers), (Counts{{"z", 3}, {"a", 1}}));
  EXPECT_EQ(identifiers.size(), 4U);
}

TEST(FileSymbols, LeaveOutDefinitionsThatNoMapShowsButKeepReferencesOfAnyKind) {
  const FileTags tags = FileTagsBuilder("c")
                            .define("point", SymbolKind::kStruct, 0)
                            .define("x", SymbolKind::kField, 1)
                            .define("RED", SymbolKind::kEnumMember, 2)
                            .refer("x", 3, SymbolKind::kField)
                            .build();
  StringPool identifiers;
  const FileSymbols symbols = to_file_symbols(tags, identifiers);
  EXPECT_EQ(definitions(symbols, identifiers), (std::vector<std::string>{"point"}));
  EXPECT_EQ(references(symbols, identifiers), (Counts{{"x", 1}}));
}

TEST(FileSymbols, ShareIdentifiersBetweenFiles) {
  StringPool identifiers;
  const auto first = to_file_symbols(FileTagsBuilder("c").define("f", SymbolKind::kFunction, 0).build(), identifiers);
  const auto second = to_file_symbols(FileTagsBuilder("go").refer("g", 0).refer("f", 1).build(), identifiers);
  EXPECT_EQ(first.definitions.front(), second.references.back().identifier);
  EXPECT_EQ(identifiers.size(), 3U);
}

TEST(FileSymbols, PassOverTagsWithoutAName) {
  StringPool identifiers;
  const auto symbols =
      to_file_symbols(FileTagsBuilder("c").define("", SymbolKind::kFunction, 0).refer("", 1).build(), identifiers);
  EXPECT_TRUE(symbols.definitions.empty());
  EXPECT_TRUE(symbols.references.empty());
}

}  // namespace
}  // namespace repomap
