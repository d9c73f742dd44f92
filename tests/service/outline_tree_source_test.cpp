// SPDX-License-Identifier: Apache-2.0
#include "service/outline_tree_source.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/service/indexed_files.hpp"

namespace repomap {
namespace {

using Lines = std::vector<std::uint32_t>;

constexpr std::string_view kOld = "class A:\n    def old(self):\n        pass\n\n    def kept(self):\n        pass\n";
// The class's body starts with old, and a scope on the first line has no header.
constexpr std::string_view kOldTree = "⋮\n│    def old(self):\n⋮\n│    def kept(self):\n⋮\n";
constexpr std::string_view kNew = "import x\n\n\nclass A:\n    def kept(self):\n        pass\n";

class OutlineTree : public testing::Test {
 protected:
  Lines lines_of(OutlineTreeSource& source, const std::string& name) {
    Lines lines;
    for (const MapSymbol& symbol : source.definitions(0, identifiers_.add(name))) {
      EXPECT_EQ(symbol.name, name);
      lines.push_back(symbol.line);
    }
    return lines;
  }

  OutlineTreeSource source() {
    return {state_, repository_.files(), built_in_registry(), limits_, repository_.caches().tags};
  }

  IndexedFiles repository_{{{"a.py", std::string(kOld)}, {"notes.txt", "x\n"}}};
  RepoState state_ = repository_.state();
  StringPool identifiers_ = state_.symbols->symbols().identifiers;
  FileLimits limits_;
};

TEST_F(OutlineTree, ShowsAnUnchangedFileFromItsOutline) {
  auto tree = source();
  const std::size_t reads = repository_.files().reads().size();
  EXPECT_EQ(lines_of(tree, "kept"), Lines{4});
  EXPECT_EQ(lines_of(tree, "old"), Lines{1});
  EXPECT_EQ(lines_of(tree, "never"), Lines{});
  EXPECT_EQ(tree.tree(0, Lines{4}), kOldTree);
  EXPECT_EQ(repository_.files().reads().size(), reads + 1) << "read once";
}

TEST_F(OutlineTree, ShowsAChangedFileAsItIsNow) {
  repository_.put("a.py", std::string(kNew));
  auto tree = source();
  EXPECT_EQ(lines_of(tree, "old"), Lines{});
  const Lines lines = lines_of(tree, "kept");
  EXPECT_EQ(lines, Lines{4});
  EXPECT_EQ(lines_of(tree, "A"), Lines{3});
  EXPECT_EQ(tree.tree(0, lines), "⋮\n│class A:\n│    def kept(self):\n⋮\n");
}

TEST_F(OutlineTree, StaysWithWhatItHasReadFirst) {
  auto tree = source();
  EXPECT_EQ(lines_of(tree, "kept"), Lines{4});
  repository_.put("a.py", "x = 1\n");
  EXPECT_EQ(tree.tree(0, Lines{4}), kOldTree);
}

TEST_F(OutlineTree, ShowsNothingOfAFileThatIsGone) {
  repository_.files().remove("/repo/a.py");
  auto tree = source();
  EXPECT_EQ(lines_of(tree, "kept"), Lines{});
  EXPECT_EQ(tree.tree(0, Lines{4}), std::nullopt);
}

TEST_F(OutlineTree, ShowsNothingOfAFileThatHasBecomeUnfit) {
  for (const std::string& content :
       {std::string(100, '\0'), std::string(40'000, 'x'), std::string(std::size_t{5} << 20U, '\n')}) {
    repository_.put("a.py", content);
    auto tree = source();
    EXPECT_EQ(lines_of(tree, "kept"), Lines{});
    EXPECT_EQ(tree.tree(0, Lines{4}), std::nullopt);
  }
}

TEST_F(OutlineTree, ShowsNothingOfAFileWithoutLanguage) {
  auto tree = source();
  EXPECT_EQ(tree.tree(1, Lines{0}), std::nullopt);
  EXPECT_TRUE(tree.definitions(1, 1).empty());
}

TEST_F(OutlineTree, ALastLineWithoutNewlineRendersLikeOneWithIt) {
  for (const std::string& text : {std::string("x = 1\nclass A:\n    def f(self):\n        return 1"),
                                  std::string("#if A\nint f(void)\n{\n}\n#endif")}) {
    const std::string path = text.starts_with('#') ? "a.h" : "a.py";
    const auto tree_of = [&path](const std::string& content) {
      const std::map<std::string, std::string> files{{path, content}};
      IndexedFiles repository(files);
      const RepoState state = repository.state();
      return OutlineTreeSource(state, repository.files(), built_in_registry(), {}, repository.caches().tags)
          .tree(0, Lines{2});
    };
    EXPECT_TRUE(tree_of(text));
    EXPECT_EQ(tree_of(text), tree_of(text + '\n'));
  }
}

}  // namespace
}  // namespace repomap
