// SPDX-License-Identifier: Apache-2.0
// The names that enumerations have in queries, options and output.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "core/model/map_request.hpp"
#include "core/model/skipped_file.hpp"
#include "core/model/symbol_kind.hpp"

namespace repomap {
namespace {

constexpr int kKindCount = static_cast<int>(SymbolKind::kSymbol) + 1;

TEST(SymbolKind, NamesAreDistinctAndRoundTrip) {
  std::set<std::string_view> names;
  for (int i = 0; i < kKindCount; ++i) {
    const auto kind = static_cast<SymbolKind>(i);
    const std::string_view name = kind_name(kind);
    EXPECT_FALSE(name.empty()) << i;
    EXPECT_EQ(kind_from_name(name), kind) << name;
    names.insert(name);
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kKindCount));
}

TEST(SymbolKind, NamesStandForTheKindTheySay) {
  EXPECT_EQ(kind_name(SymbolKind::kFunction), "function");
  EXPECT_EQ(kind_name(SymbolKind::kExtension), "extension");
  EXPECT_EQ(kind_name(SymbolKind::kEnumMember), "enum_member");
  EXPECT_EQ(kind_name(SymbolKind::kTable), "table");
  EXPECT_EQ(kind_name(SymbolKind::kCall), "call");
  EXPECT_EQ(kind_name(SymbolKind::kImplementation), "implementation");
  EXPECT_EQ(kind_name(SymbolKind::kSymbol), "symbol");
}

TEST(SymbolKind, UnknownNamesHaveNoKind) {
  for (const std::string_view name : {"", "Function", "func", "function ", "functions"}) {
    EXPECT_EQ(kind_from_name(name), std::nullopt) << name;
  }
}

TEST(SymbolKind, MembersPackagesAndConstructorsAreNoMapKinds) {
  std::set<std::string_view> left_out;
  for (int i = 0; i < kKindCount; ++i) {
    if (!is_map_kind(static_cast<SymbolKind>(i))) {
      left_out.insert(kind_name(static_cast<SymbolKind>(i)));
    }
  }
  EXPECT_EQ(left_out, (std::set<std::string_view>{"column", "constructor", "enum_member", "field", "key", "label",
                                                  "namespace", "package", "parameter"}));
}

TEST(Role, IsDefOrRef) {
  EXPECT_EQ(role_name(Role::kDefinition), "def");
  EXPECT_EQ(role_name(Role::kReference), "ref");
}

TEST(RankMode, NamesRoundTrip) {
  EXPECT_EQ(rank_mode_name(RankMode::kAnchored), "anchored");
  EXPECT_EQ(rank_mode_name(RankMode::kAider), "aider");
  EXPECT_EQ(rank_mode_from_name("anchored"), RankMode::kAnchored);
  EXPECT_EQ(rank_mode_from_name("aider"), RankMode::kAider);
  EXPECT_EQ(rank_mode_from_name("Aider"), std::nullopt);
  EXPECT_EQ(rank_mode_from_name(""), std::nullopt);
}

TEST(Tokenizer, IsNamedWithOrWithoutBase) {
  EXPECT_EQ(tokenizer_from_name("o200k"), Tokenizer::kO200kBase);
  EXPECT_EQ(tokenizer_from_name("o200k_base"), Tokenizer::kO200kBase);
  EXPECT_EQ(tokenizer_from_name("cl100k"), Tokenizer::kCl100kBase);
  EXPECT_EQ(tokenizer_from_name("cl100k_base"), Tokenizer::kCl100kBase);
  EXPECT_EQ(tokenizer_from_name("chars4"), Tokenizer::kChars4);
  for (const std::string_view name : {"", "o200", "_base", "chars4_base", "O200K", "c"}) {
    EXPECT_EQ(tokenizer_from_name(name), std::nullopt) << name;
  }
  EXPECT_EQ(tokenizer_name(Tokenizer::kCl100kBase), "cl100k_base");
}

TEST(SkipReason, HasANameOfItsOwnForEachReason) {
  constexpr int kCount = static_cast<int>(SkipReason::kVanished) + 1;
  std::set<std::string_view> names;
  for (int reason = 0; reason < kCount; ++reason) {
    names.insert(skip_reason_name(static_cast<SkipReason>(reason)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kCount));
  EXPECT_FALSE(names.contains("unknown"));
}

}  // namespace
}  // namespace repomap
