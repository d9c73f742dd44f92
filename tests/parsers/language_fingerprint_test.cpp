// SPDX-License-Identifier: Apache-2.0
#include "parsers/language_fingerprint.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/base/file_system.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

class ReadingSource final : public FileDigestSource {
 public:
  Result<Digest> digest_of_file(const std::string& path) override {
    REPOMAP_ASSIGN(const std::string bytes, make_posix_file_system()->read_file(path, 1U << 20U));
    return digest_of(bytes);
  }
};

/// Two languages in files that the tests change: "outer" embeds "inner", and inherits "base".
class LanguageFingerprint : public ::testing::Test {
 protected:
  LanguageFingerprint() {
    tree_.write("outer.so", "outer grammar 1");
    tree_.write("inner.so", "inner grammar 1");
    tree_.write("base.scm", "(base) @name");
    tree_.write("outer.scm", "; inherits: base\n(text) @injection.inner\n");
    tree_.write("inner.scm", "(inner) @name");
    tree_.write("other.so", "other");
    tree_.write("other.scm", "(other) @name");
  }

  Digest fingerprint(const std::string& language) {
    const LanguageRegistry registry({}, {spec("outer"), spec("inner"), spec("other")});
    ReadingSource source;
    const auto result = language_fingerprint(registry, language, source);
    EXPECT_TRUE(result) << result.error().message;
    return result.value_or(Digest{});
  }

  LanguageSpec spec(const std::string& name) const {
    LanguageSpec spec;
    spec.name = name;
    spec.grammar_path = join_path(tree_.root(), name + ".so");
    spec.query_path = join_path(tree_.root(), name + ".scm");
    spec.scope_separator = separator_;
    return spec;
  }

  TemporaryTree tree_;
  std::string separator_ = ".";
};

TEST_F(LanguageFingerprint, ChangesWithEachPartAndNoOther) {
  const Digest outer = fingerprint("outer");
  const Digest inner = fingerprint("inner");
  const Digest other = fingerprint("other");
  EXPECT_EQ(outer, fingerprint("outer"));
  EXPECT_NE(outer, inner);

  tree_.write("outer.so", "outer grammar 2");
  const Digest new_grammar = fingerprint("outer");
  EXPECT_NE(new_grammar, outer);
  EXPECT_EQ(fingerprint("inner"), inner);

  tree_.write("base.scm", "(base2) @name");
  const Digest new_inherited = fingerprint("outer");
  EXPECT_NE(new_inherited, new_grammar);
  EXPECT_EQ(fingerprint("inner"), inner);

  tree_.write("inner.scm", "(inner2) @name");
  EXPECT_NE(fingerprint("outer"), new_inherited) << "what is embedded shapes the tags too";
  EXPECT_NE(fingerprint("inner"), inner);
  EXPECT_EQ(fingerprint("other"), other);

  separator_ = "::";
  EXPECT_NE(fingerprint("other"), other);
}

TEST_F(LanguageFingerprint, OfALanguageThatEmbedsOneThatIsOff) {
  const Digest outer = fingerprint("outer");
  std::filesystem::remove(tree_.path("inner.so"));
  const Digest without = fingerprint("outer");
  EXPECT_NE(without, outer);
  EXPECT_EQ(without, fingerprint("outer"));
}

TEST_F(LanguageFingerprint, SaysThatAFileIsMissing) {
  std::filesystem::remove(tree_.path("other.so"));
  const LanguageRegistry registry({}, {spec("other")});
  ReadingSource source;
  EXPECT_EQ(language_fingerprint(registry, "other", source).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(language_fingerprint(registry, "none", source).error().code, ErrorCode::kNotFound);
}

TEST(EmbeddedLanguages, AreReadFromTheCaptures) {
  EXPECT_EQ(embedded_languages("(a) @injection.javascript (b) @name.x @injection.css\n(c) @injection.css)"),
            (std::vector<std::string>{"css", "javascript"}));
  EXPECT_TRUE(embedded_languages("(a) @name").empty());
}

}  // namespace
}  // namespace repomap
