// SPDX-License-Identifier: Apache-2.0
#include "parsers/language_detector.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace repomap {
namespace {

class Detector : public testing::Test {
 protected:
  std::string language(std::string_view path, std::string_view text = {}) const {
    return std::string(detector_.detect(path, text));
  }

  const std::vector<LanguageSpec> specs_ = built_in_languages();
  const LanguageDetector detector_{specs_};
};

TEST_F(Detector, KnowsExtensionsAndFileNames) {
  EXPECT_EQ(language("src/a.py"), "python");
  EXPECT_EQ(language("a.b/c.d.ts"), "typescript");
  EXPECT_EQ(language("CMakeLists.txt"), "cmake");
  EXPECT_EQ(language("x/Makefile"), "make");
  EXPECT_EQ(language("x/.bashrc"), "bash");
  EXPECT_EQ(language("notes.txt"), "");
  EXPECT_EQ(language("a.py/notes"), "");
  EXPECT_EQ(language(""), "");
  EXPECT_EQ(language("a."), "");
  EXPECT_EQ(language(".py"), "") << "a hidden file, not an extension";
}

TEST_F(Detector, ComparesExtensionsAsWrittenThenInLowerCase) {
  EXPECT_EQ(language("A.PY"), "python");
  EXPECT_EQ(language("a.C"), "cpp");
  EXPECT_EQ(language("a.c"), "c");
  EXPECT_EQ(language("a.H", "int x;"), "cpp");
  EXPECT_EQ(language("MAKEFILE"), "") << "file names are compared as written";
}

TEST_F(Detector, TakesAHeaderForCUnlessItSaysOtherwise) {
  EXPECT_EQ(language("a.h", "#pragma once\nint f(void);\n"), "c");
  EXPECT_EQ(language("a.h", ""), "c");
  EXPECT_EQ(language("a.h", "#pragma once\nclass A;\n"), "cpp");
  EXPECT_EQ(language("a.h", "  namespace a {\n"), "cpp");
  EXPECT_EQ(language("a.h", "template<typename T>\nT f();\n"), "cpp");
  EXPECT_EQ(language("a.h", "void f(const std::string&);\n"), "cpp");
  EXPECT_EQ(language("a.h", "struct A {\n private:\n  int x;\n private: int y;\n};\n"), "cpp");
  EXPECT_EQ(language("a.h", "#import <x.h>\n"), "objc");
  EXPECT_EQ(language("a.h", "@interface A : B\n@end\n"), "objc");
  EXPECT_EQ(language("a.h", "@class A;\n"), "objc");
  EXPECT_EQ(language("a.c", "class A;\n"), "c") << "only headers are ambiguous";
}

TEST_F(Detector, IsNotMisledByWhatAHeadersCommentsSay) {
  EXPECT_EQ(language("a.h", "/*\n   using this is easy;\n   class of its own\n*/\nint f(void);\n"), "c");
  EXPECT_EQ(language("a.h", "// like std::vector\nint f(void);\n"), "c");
  EXPECT_EQ(language("a.h", "/* std::vector */ int f(void); /* a\nclass A */\n"), "c");
  EXPECT_EQ(language("a.h", "/* about */ class A {};\n"), "cpp");
  EXPECT_EQ(language("a.h", "#include \"a//b.h\"\nclass A;\n"), "cpp");
  EXPECT_EQ(language("a.h", "/* not closed\nclass A;\n"), "c");
}

TEST_F(Detector, SeesQtTranslationsBehindTs) {
  EXPECT_EQ(language("a.ts", "<?xml version=\"1.0\"?>\n<!DOCTYPE TS>\n"), "xml");
  EXPECT_EQ(language("a.ts", "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n"), "xml");
  EXPECT_EQ(language("a.ts", "<!DOCTYPE TS><TS>"), "xml");
  EXPECT_EQ(language("a.ts", "export const x = 1;\n"), "typescript");
  EXPECT_EQ(language("a.ts", ""), "typescript");
}

TEST_F(Detector, SeesYamlInFilesThatMayBeEither) {
  EXPECT_EQ(language(".eslintrc", "root: true\n"), "yaml");
  EXPECT_EQ(language(".eslintrc", "{\"root\": true}\n"), "json");
  EXPECT_EQ(language(".eslintrc", ""), "json");
  EXPECT_EQ(language("a.json", "\"a: b\"\n"), "json");
  EXPECT_EQ(language("a.jsonc", "// see https:" + std::string(300, 'x') + "\n{}\n"), "json");
}

TEST_F(Detector, ReadsTheInterpreterOfAFileWithoutExtension) {
  EXPECT_EQ(language("tool", "#!/bin/sh\n"), "bash");
  EXPECT_EQ(language("tool", "#! /usr/bin/python3.11 -u\n"), "python");
  EXPECT_EQ(language("tool", "#!/usr/bin/env python\n"), "python");
  EXPECT_EQ(language("tool", "#!/usr/bin/env -S python3 -u\n"), "python");
  EXPECT_EQ(language("tool", "#!/usr/bin/env -Spython3 -u\n"), "python");
  EXPECT_EQ(language("tool", "#!/usr/bin/env -S PYTHONPATH=a/b python3\n"), "python");
  EXPECT_EQ(language("tool", "#!/usr/bin/env -i A=1 B=2 ruby2.7\n"), "ruby");
  EXPECT_EQ(language("tool", "#!/usr/bin/env\tnode\r\n"), "javascript");
  EXPECT_EQ(language("tool", "#!/usr/bin/perl"), "perl") << "no newline";
  EXPECT_EQ(language("tool", "#!/usr/bin/env -S deno run\n"), "typescript");
}

TEST_F(Detector, FindsNoLanguageInOtherFirstLines) {
  for (const std::string_view text :
       {"", "#!", "#!\n", "#!   \n", "#!/usr/bin/env\n", "#!/usr/bin/env -S\n", "#!/usr/bin/unknown\n", "# python\n",
        " #!/bin/sh\n", "#!/\n", "#!/usr/bin/3\n", "#\n!/bin/sh\n"}) {
    EXPECT_EQ(language("tool", text), "") << text;
  }
  EXPECT_EQ(language("tool", "#!/usr/bin/" + std::string(300, 'x') + "/python\n"), "");
  EXPECT_EQ(language("notes.txt", "#!/bin/sh\n"), "") << "an extension of no language";
}

TEST_F(Detector, SaysFromTheNameAloneWhetherToRead) {
  EXPECT_TRUE(detector_.may_know("a.py"));
  EXPECT_TRUE(detector_.may_know("bin/tool"));
  EXPECT_TRUE(detector_.may_know(".hidden"));
  EXPECT_FALSE(detector_.may_know("a.png"));
  EXPECT_FALSE(detector_.may_know("a.b/c.tar.gz"));
}

}  // namespace
}  // namespace repomap
