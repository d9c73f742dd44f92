// SPDX-License-Identifier: Apache-2.0
#include "service/document.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "service/service.hpp"
#include "tests/service/marked_document.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

using Lines = std::vector<std::string>;

std::shared_ptr<const Document> make(const std::string& path, std::string text) {
  auto document = documents().make(path, std::move(text));
  EXPECT_TRUE(document) << path << ": " << document.error().message;
  return document ? *document : nullptr;
}

std::string text_at(const Document& document, ByteRange range) {
  return document.text().substr(range.begin, range.end - range.begin);
}

/// The identifiers of a text, found byte by byte.
Lines identifiers(const std::string& path, const std::string& text) {
  const auto document = make(path, text);
  Lines names;
  std::uint32_t behind = 0;
  for (std::uint32_t byte = 0; byte < text.size(); ++byte) {
    const auto range = document->identifier_at(byte);
    if (range && range->begin >= behind) {
      names.push_back(text_at(*document, *range));
      behind = range->end;
    }
  }
  return names;
}

TEST(Document, TellsIdentifiersFromOtherWords) {
  EXPECT_EQ(identifiers("a.c", "static int f(node_t *a) { return a->next + 12; } // note\n"),
            (Lines{"f", "node_t", "a", "a", "next"}));
  EXPECT_EQ(identifiers("a.py", "def f(self):\n    '''doc'''\n    return self.x if None else 'text'\n"),
            (Lines{"f", "self", "self", "x"}));
  EXPECT_EQ(identifiers("a.js", "const a = { b: this.c, \"d\": true };\n"), (Lines{"a", "b", "c"}));
  EXPECT_EQ(identifiers("a.rs", "fn f(&self) -> u8 { Self::g(1) }\n"), (Lines{"f", "Self", "g"}));
  EXPECT_EQ(identifiers("a.rb", "def f?\n  @a = B::C\n  nil\nend\n"), (Lines{"f?", "@a", "B", "C"}));
  EXPECT_EQ(identifiers("a.sh", "f() { echo \"$a\" 1; }\n"), (Lines{"f", "echo", "a"}));
  EXPECT_EQ(identifiers("a.go", "package p\nfunc f() { for _, x := range nil { x.y() } }\n"),
            (Lines{"p", "f", "x", "x", "y"}));
  EXPECT_EQ(identifiers("A.java", "class A { int f() { return 1; } }\n"), (Lines{"A", "f"}));
  EXPECT_EQ(identifiers("a.php", "<?php\nfunction f($a) { return null; }\n"), (Lines{"f", "a"}));
  EXPECT_EQ(identifiers("a.js", "let größe = 1;\n"), (Lines{"größe"}));
}

TEST(Document, FindsTheIdentifierThatEndsAtAByte) {
  const auto document = make("a.c", "int abc=de;\n");
  EXPECT_EQ(document->identifier_at(4), (ByteRange{4, 7}));
  EXPECT_EQ(document->identifier_at(6), (ByteRange{4, 7}));
  EXPECT_EQ(document->identifier_at(7), (ByteRange{4, 7}));
  EXPECT_EQ(document->identifier_at(8), (ByteRange{8, 10}));
  EXPECT_EQ(document->identifier_at(3), std::nullopt);
  EXPECT_EQ(document->identifier_at(11), std::nullopt);
  EXPECT_EQ(document->identifier_at(4'000'000'000), std::nullopt);
}

TEST(Document, TheSignBeforeAVariableBelongsToIt) {
  const auto document = make("a.php", "<?php\n$name = 1;\n");
  EXPECT_EQ(document->identifier_at(6), (ByteRange{7, 11}));
}

TEST(Document, TellsWhatIsAroundAByte) {
  const auto document = make("a.py", "def f(a):\n    return g(a + 1)\n");
  Lines around;
  for (const ByteRange range : document->enclosing(23)) {
    around.push_back(text_at(*document, range));
  }
  EXPECT_EQ(around, (Lines{"a", "a + 1", "(a + 1)", "g(a + 1)", "return g(a + 1)", "def f(a):\n    return g(a + 1)",
                           "def f(a):\n    return g(a + 1)\n"}));
}

TEST(Document, FindsAllOccurrencesOfAName) {
  const auto document = make("a.c", "int ab(void) { return ab() + s.ab + 1; } // ab \"ab\"\nchar *abc = \"ab\";\n");
  EXPECT_EQ(document->occurrences("ab"), (std::vector<ByteRange>{{4, 6}, {22, 24}, {31, 33}}));
  EXPECT_TRUE(document->occurrences("return").empty());
  EXPECT_TRUE(document->occurrences("").empty());
}

TEST(Document, FindsTheTagAtAByte) {
  const auto document = make("a.c", "int one(void) { return two(); }\n");
  const Tag* definition = document->tag_at(4);
  ASSERT_NE(definition, nullptr);
  EXPECT_EQ(document->tags().name(*definition), "one");
  EXPECT_EQ(definition->role, Role::kDefinition);
  EXPECT_EQ(document->tag_at(7), definition);
  ASSERT_NE(document->tag_at(24), nullptr);
  EXPECT_EQ(document->tags().name(*document->tag_at(24)), "two");
  EXPECT_EQ(document->tag_at(0), nullptr);
  EXPECT_EQ(document->tag_at(4'000'000'000), nullptr);
}

TEST(Document, ConvertsBytesAndPlaces) {
  const auto document = make("a.c", "int a;\r\nint b;\n\nint c;");
  EXPECT_EQ(document->position_of(4), (TextPosition{0, 4}));
  EXPECT_EQ(document->position_of(8), (TextPosition{1, 0}));
  EXPECT_EQ(document->position_of(1000), (TextPosition{3, 6}));
  EXPECT_EQ(document->byte_at({1, 4}), 12U);
  EXPECT_EQ(document->byte_at({0, 100}), 6U) << "before the line's end";
  EXPECT_EQ(document->byte_at({1, 100}), 14U);
  EXPECT_EQ(document->byte_at({4, 0}), std::nullopt);
  EXPECT_EQ(document->line(0), "int a;");
  EXPECT_EQ(document->line(2), "");
  EXPECT_EQ(document->line(3), "int c;");
  EXPECT_EQ(document->line(4), "");
}

TEST(Document, AnEmptyTextHasNothing) {
  const auto document = make("a.c", "");
  EXPECT_EQ(document->identifier_at(0), std::nullopt);
  EXPECT_TRUE(document->enclosing(0).empty());
  EXPECT_TRUE(document->folds().empty());
  EXPECT_FALSE(document->local_binding({0, 0}));
  EXPECT_TRUE(document->occurrences("x").empty());
  EXPECT_EQ(document->byte_at({0, 5}), 0U);
  EXPECT_EQ(document->tag_at(0), nullptr);
}

/// Documentation of the definition that stands at «…».
std::string doc_comment(const std::string& path, std::string_view source) {
  const MarkedDocument marked(path, source);
  const Tag* tag = marked.document->tag_at(marked.definition.begin);
  if (tag == nullptr || tag->role != Role::kDefinition) {
    return "no definition there";
  }
  return marked.document->doc_comment(*tag);
}

TEST(Document, FindsTheCommentAboveADefinition) {
  EXPECT_EQ(doc_comment("a.c", "/* One. */\nint «f»(void) { return 0; }\n"), "One.");
  EXPECT_EQ(doc_comment("a.c", "/**\n * Adds.\n *\n *   Two.\n */\nstatic int\n«f»(void)\n{\n}\n"), "Adds.\n\n  Two.");
  EXPECT_EQ(doc_comment("a.cpp", "/// One\n/// two.\ntemplate <class T>\nint «f»(T a) { return 0; }\n"), "One\ntwo.");
  EXPECT_EQ(doc_comment("a.cpp", "class A {\n  // Of b.\n  int «b»() { return 1; }\n};\n"), "Of b.");
  EXPECT_EQ(doc_comment("a.py", "# One.\n@decorated\ndef «f»(): pass\n"), "One.");
  EXPECT_EQ(doc_comment("a.py", "def «f»():\n    '''One.\n\n    Two.\n      Three.\n    '''\n"),
            "One.\n\nTwo.\n  Three.");
  EXPECT_EQ(doc_comment("a.py", "class «A»:\n    \"\"\"One.\"\"\"\n    x = 1\n"), "One.");
  EXPECT_EQ(doc_comment("a.go", "package p\n\n// F does.\n//\n// More.\nfunc «F»() {}\n"), "F does.\n\nMore.");
  EXPECT_EQ(doc_comment("a.go", "package p\n\ntype (\n\t// A is.\n\t«A» struct{}\n)\n"), "A is.");
  EXPECT_EQ(doc_comment("a.rs", "/// One.\n#[inline]\npub fn «f»() {}\n"), "One.");
  EXPECT_EQ(doc_comment("A.java", "class A {\n  /** One. */\n  @Override\n  void «f»() {}\n}\n"), "One.");
  EXPECT_EQ(doc_comment("a.js", "/** One. */\nexport function «f»() {}\n"), "One.");
  EXPECT_EQ(doc_comment("a.ts", "class A {\n  // One.\n  @dec()\n  «f»() {}\n}\n"), "One.");
  EXPECT_EQ(doc_comment("a.rb", "# One.\n#  Two.\ndef «f»\nend\n"), "One.\n Two.");
  EXPECT_EQ(doc_comment("a.lua", "--- One.\n-- Two.\nlocal function «f»() end\n"), "One.\nTwo.");
  EXPECT_EQ(doc_comment("a.lua", "--[[ One.\n     Two. ]]\nfunction «f»() end\n"), "One.\nTwo.");
  EXPECT_EQ(doc_comment("a.sh", "#!/bin/sh\n\n# One.\n«f»() { :; }\n"), "One.");
  EXPECT_EQ(doc_comment("a.cs", "class A {\n  /// <summary>One.</summary>\n  [Attr]\n  void «F»() {}\n}\n"),
            "<summary>One.</summary>");
  EXPECT_EQ(doc_comment("a.php", "<?php\n/**\n * One.\n */\nfunction «f»() {}\n"), "One.");
}

TEST(Document, TakesNoOtherComment) {
  EXPECT_EQ(doc_comment("a.c", "/* Licence. */\n\nint «f»(void) { return 0; }\n"), "");
  EXPECT_EQ(doc_comment("a.c", "int g; // of g\nint «f»(void) { return 0; }\n"), "");
  EXPECT_EQ(doc_comment("a.c", "// of g\nint g;\nint «f»(void) { return 0; }\n"), "");
  EXPECT_EQ(doc_comment("a.py", "def «f»():\n    return '''no docstring'''\n"), "");
  EXPECT_EQ(doc_comment("a.c", "int «f»(void) { return 0; }\n"), "");
}

TEST(Document, BoundsTheLengthOfADocComment) {
  std::string text;
  for (int line = 0; line < 1000; ++line) {
    text += "// äöü and more of it\n";
  }
  const std::string comment = doc_comment("a.c", text + "int «f»(void) { return 0; }\n");
  EXPECT_GT(comment.size(), 1000U);
  EXPECT_LE(comment.size(), 4096U);
}

/// Folds as "first-last kind", lines 1-based.
Lines folds(const std::string& path, const std::string& text) {
  Lines described;
  for (const Fold& fold : make(path, text)->folds()) {
    const char* kind = fold.kind == FoldKind::kComment ? " comment" : fold.kind == FoldKind::kImports ? " imports" : "";
    described.push_back(std::to_string(fold.first_line + 1) + "-" + std::to_string(fold.last_line + 1) + kind);
  }
  return described;
}

TEST(Document, FoldsBlocks) {
  EXPECT_EQ(folds("a.c", "int f(int a)\n{\n  if (a) {\n    g();\n  } else {\n    h();\n  }\n}\n"),
            (Lines{"2-7", "3-4", "5-6"}));
  EXPECT_EQ(folds("a.c", "int x[] = {\n  1,\n  2,\n};\n"), (Lines{"1-3"}));
  EXPECT_EQ(
      folds("a.py", "class A:\n    def f(self):\n        if a:\n            b()\n        else:\n            c()\n"),
      (Lines{"1-6", "2-6", "3-4", "5-6"}));
  EXPECT_EQ(folds("a.py", "x = [\n    1,\n    2,\n]\n"), (Lines{"1-3"}));
  EXPECT_EQ(folds("a.rb", "class A\n  def f\n    x\n  end\nend\n"), (Lines{"1-4", "2-3"}));
  EXPECT_EQ(folds("a.lua", "function f()\n  g()\n  h()\nend\n"), (Lines{"1-3"}));
  EXPECT_EQ(folds("a.json", "{\n  \"a\": [\n    1\n  ]\n}\n"), (Lines{"1-4", "2-3"}));
  EXPECT_EQ(folds("a.go", "package p\n\nfunc f(\n\ta int,\n) {\n\tg()\n}\n"), (Lines{"3-4", "5-6"}));
}

TEST(Document, FoldsCommentsAndImports) {
  EXPECT_EQ(folds("a.c", "// a\n// b\n// c\n\n/* d\n * e\n */\nint x; // f\n// g\n"),
            (Lines{"1-3 comment", "5-7 comment"}));
  EXPECT_EQ(folds("a.c", "#include <a.h>\n#include <b.h>\n\n#include \"c.h\"\nint x;\n"), (Lines{"1-4 imports"}));
  EXPECT_EQ(folds("a.py", "import a\nfrom b import (\n    c,\n)\nx = 1\nimport d\n"), (Lines{"1-4 imports"}));
  EXPECT_EQ(folds("a.go", "package p\n\nimport (\n\t\"a\"\n\t\"b\"\n)\n"), (Lines{"3-6 imports"}));
  EXPECT_EQ(folds("A.java", "import a.B;\nimport a.C;\nclass A {}\n"), (Lines{"1-2 imports"}));
  EXPECT_EQ(folds("a.ts", "import a from 'a';\nimport b from 'b';\n"), (Lines{"1-2 imports"}));
  EXPECT_EQ(folds("a.rs", "use a::b;\nuse c::d;\n\nfn f() {}\n"), (Lines{"1-2 imports"}));
  EXPECT_EQ(folds("a.cs", "using A;\nusing B;\nclass C {}\n"), (Lines{"1-2 imports"}));
}

TEST(Document, TagsAreThoseOfTheService) {
  const TemporaryTree tree;
  const std::string source = "#include \"b.h\"\n// äöü\nint f(void) { return g(); }\n";
  tree.write("src/a.c", source);
  tree.write("page.html", "<script>\nfunction f() { g(); }\n</script>\n");
  Service::Options options;
  options.cache.profile.root = tree.outside();
  const auto service = Service::open(options, built_in_resources());
  ASSERT_TRUE(service) << service.error().message;
  for (const std::string path : {"src/a.c", "page.html"}) {
    const auto expected = (*service)->file_tags(tree.root(), path);
    ASSERT_TRUE(expected) << expected.error().message;
    const auto document = documents().read(tree.root(), path);
    ASSERT_TRUE(document) << document.error().message;
    const FileTags& tags = (*document)->tags();
    EXPECT_EQ(tags.content, expected->content);
    EXPECT_EQ(tags.language, expected->language);
    ASSERT_EQ(tags.tags.size(), expected->tags.size());
    for (std::size_t i = 0; i < tags.tags.size(); ++i) {
      EXPECT_EQ(tags.name(tags.tags[i]), expected->name(expected->tags[i]));
      EXPECT_EQ(tags.signature(tags.tags[i]), expected->signature(expected->tags[i]));
      EXPECT_EQ(tags.tags[i].line, expected->tags[i].line);
      EXPECT_EQ(tags.tags[i].kind, expected->tags[i].kind);
    }
  }
}

}  // namespace
}  // namespace repomap
