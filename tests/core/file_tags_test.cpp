// SPDX-License-Identifier: Apache-2.0
#include "core/model/file_tags.hpp"

#include <gtest/gtest.h>

#include "tests/support/file_tags_builder.hpp"

namespace repomap {
namespace {

TEST(Outline, KeepsDefinitionsScopesAndIdentity) {
  FileTagsBuilder builder("python");
  builder.define("outer", SymbolKind::kClass, 0).refer("used", 1).define("inner", SymbolKind::kMethod, 2, "outer");
  FileTags tags = builder.build();
  tags.content = digest_of("text");
  tags.scopes = {{0, 2, 1}};
  tags.line_count = 3;
  tags.has_syntax_errors = true;
  const FileTags outline = tags.outline();
  ASSERT_EQ(outline.tags.size(), 2U);
  EXPECT_EQ(outline.name(outline.tags[0]), "outer");
  EXPECT_EQ(outline.name(outline.tags[1]), "inner");
  EXPECT_EQ(outline.scope(outline.tags[1]), "outer");
  EXPECT_EQ(outline.signature(outline.tags[1]), "inner;");
  EXPECT_EQ(outline.tags[1].line, 2U);
  EXPECT_EQ(outline.tags[1].kind, SymbolKind::kMethod);
  EXPECT_EQ(outline.content, tags.content);
  EXPECT_EQ(outline.language, "python");
  EXPECT_EQ(outline.scopes, tags.scopes);
  EXPECT_EQ(outline.line_count, 3U);
  EXPECT_TRUE(outline.has_syntax_errors);
}

TEST(Outline, DropsTheStringsOfReferences) {
  const FileTags outline =
      FileTagsBuilder("c").define("f", SymbolKind::kFunction, 0).refer("used", 1).build().outline();
  for (StringPool::Id id = 0; id < outline.strings.size(); ++id) {
    EXPECT_NE(outline.strings.at(id), "used");
  }
}

}  // namespace
}  // namespace repomap
