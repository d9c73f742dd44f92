// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/temporary_tree.hpp"
#include "tests/watcher/listing.hpp"
#include "watcher/file_lister.hpp"

namespace repomap {
namespace {

class FileListerGit : public testing::Test {
 protected:
  void SetUp() override { tree_.git({"init", "-q"}); }

  void write_all(const Paths& paths) const {
    for (const std::string& path : paths) {
      tree_.write(path);
    }
  }

  TemporaryTree tree_;
};

TEST_F(FileListerGit, ListsTrackedAndUntrackedButNotIgnoredFiles) {
  tree_.write(".gitignore", "*.log\nout/\n");
  write_all({"tracked.c", "tracked.log", "out/tracked", "untracked.c", "untracked.log", "out/untracked"});
  tree_.git({"add", "-f", "tracked.c", "tracked.log", "out/tracked"});
  EXPECT_EQ(listed(tree_.root()), (Paths{".gitignore", "out/tracked", "tracked.c", "tracked.log", "untracked.c"}));
}

TEST_F(FileListerGit, DeletedTrackedFilesAreSilentlyAbsent) {
  write_all({"a", "dir/b", "c"});
  tree_.git({"add", "."});
  std::filesystem::remove(tree_.path("a"));
  std::filesystem::remove_all(tree_.path("dir"));
  const auto list = list_files(tree_.root(), {});
  ASSERT_TRUE(list);
  EXPECT_EQ(paths_of(*list), Paths{"c"});
  EXPECT_TRUE(list->skipped.empty());
  EXPECT_TRUE(list->notices.empty());
}

TEST_F(FileListerGit, RepomapIgnoreExcludesTrackedFilesToo) {
  tree_.write(".repomapignore", "vendor/\n*.min.js\n");
  tree_.write("src/.repomapignore", "!keep.min.js\n");
  write_all({"vendor/a.c", "a.min.js", "src/keep.min.js", "src/b.c"});
  tree_.git({"add", "."});
  EXPECT_EQ(listed(tree_.root()), (Paths{".repomapignore", "src/.repomapignore", "src/b.c", "src/keep.min.js"}));
}

TEST_F(FileListerGit, HonoursInfoExcludeAndTheUsersExcludesFile) {
  tree_.write(".git/info/exclude", "*.a\n!*.c\n");
  std::ofstream(tree_.outside() + "/excludes") << "*.b\n*.c\n";
  tree_.git({"config", "core.excludesFile", tree_.outside() + "/excludes"});
  tree_.write(".gitignore", "!keep.a\n");
  write_all({"x.a", "keep.a", "x.b", "x.c", "x.d"});
  EXPECT_EQ(listed(tree_.root()), (Paths{".gitignore", "keep.a", "x.c", "x.d"}));
}

TEST_F(FileListerGit, FoldsCaseWhereTheRepositoryDoes) {
  tree_.write(".gitignore", "Build/\n*.OBJ\n");
  write_all({"build/x", "a.obj", "a.c"});
  EXPECT_EQ(listed(tree_.root()).size(), 4U);
  tree_.git({"config", "core.ignoreCase", "true"});
  EXPECT_EQ(listed(tree_.root()), (Paths{".gitignore", "a.c"}));
}

TEST_F(FileListerGit, ARootBelowTheTopObeysTheRulesAbove) {
  tree_.write(".gitignore", "*.o\n/sub/out/\n");
  tree_.write(".repomapignore", "/sub/private\n");
  write_all({"sub/a.c", "sub/a.o", "sub/out/x", "sub/private/y", "sub/tracked.o", "other.c"});
  tree_.git({"add", "-f", "sub/tracked.o"});
  EXPECT_EQ(listed(tree_.path("sub")), (Paths{"a.c", "tracked.o"}));
}

TEST_F(FileListerGit, AnIgnoredRootIsListedAsATreeOfItsOwn) {
  tree_.write(".gitignore", "*\n");
  tree_.write("project/.gitignore", "*.o\n");
  write_all({"project/a.c", "project/a.o"});
  const auto list = list_files(tree_.path("project"), {});
  ASSERT_TRUE(list);
  EXPECT_EQ(paths_of(*list), (Paths{".gitignore", "a.c"}));
  EXPECT_EQ(list->notices.size(), 1U);
  tree_.git({"add", "-f", "project/a.c"});
  EXPECT_EQ(listed(tree_.path("project")), Paths{"a.c"});
}

TEST_F(FileListerGit, AnUnusableIndexFallsBackToTheWalkAndSaysSo) {
  tree_.write(".gitignore", "*.o\n");
  write_all({"a.c", "a.o"});
  tree_.git({"add", "-f", "."});
  std::filesystem::resize_file(tree_.path(".git/index"), 50);
  const auto list = list_files(tree_.root(), {});
  ASSERT_TRUE(list);
  EXPECT_EQ(paths_of(*list), (Paths{".gitignore", "a.c"}));
  ASSERT_EQ(list->notices.size(), 1U);
  EXPECT_NE(list->notices.front().find("index"), std::string::npos);
}

TEST_F(FileListerGit, AnUnusableRepositoryIsListedAsATreeWithoutGit) {
  write_all({"a.c"});
  tree_.write(".git/config", "[core\n");
  const auto list = list_files(tree_.root(), {});
  ASSERT_TRUE(list);
  EXPECT_EQ(paths_of(*list), Paths{"a.c"});
  EXPECT_EQ(list->notices.size(), 1U);
}

TEST_F(FileListerGit, RepositoriesInTheTreeAreEnteredOnlyWhenAsked) {
  tree_.git({"init", "-q", "../outside/library"});
  std::ofstream(tree_.outside() + "/library/lib.c") << "x\n";
  std::ofstream(tree_.outside() + "/library/.gitignore") << "*.tmp\n";
  tree_.git({"add", "."}, "../outside/library");
  tree_.git({"commit", "-qm", "first"}, "../outside/library");
  tree_.git({"submodule", "--quiet", "add", tree_.outside() + "/library", "sub"});
  tree_.git({"init", "-q", "nested"});
  tree_.write(".gitignore", "*.c\n");
  write_all(
      {"sub/own.tmp", "sub/own.h", "sub.h", "nested/n.c", "a.h", "not-a-repository/.git/x", "not-a-repository/y"});
  const auto list = list_files(tree_.root(), {});
  ASSERT_TRUE(list);
  EXPECT_EQ(paths_of(*list), (Paths{".gitignore", ".gitmodules", "a.h", "not-a-repository/y", "sub.h"}));
  ASSERT_EQ(list->notices.size(), 1U);
  EXPECT_NE(list->notices.front().find("nested, sub"), std::string::npos) << list->notices.front();
  EXPECT_EQ(listed(tree_.root(), {.submodules = SubmodulePolicy::kEnter}),
            (Paths{".gitignore", ".gitmodules", "a.h", "nested/n.c", "not-a-repository/y", "sub.h", "sub/.gitignore",
                   "sub/lib.c", "sub/own.h"}));
  EXPECT_EQ(listed(tree_.path("sub")), (Paths{".gitignore", "lib.c", "own.h"}));
}

TEST_F(FileListerGit, RepositoriesBelowAPlainRootAreListedByTheirOwnRules) {
  tree_.git({"init", "-q", "../outside/one"});
  for (const char* name : {"one/a.c", "one/tracked.log", "one/b.log", "two.c"}) {
    std::ofstream(tree_.outside() + "/" + name) << "x\n";
  }
  std::ofstream(tree_.outside() + "/one/.git/info/exclude") << "*.log\n";
  tree_.git({"add", "-f", "tracked.log"}, "../outside/one");
  EXPECT_EQ(listed(tree_.outside()), (Paths{"one/a.c", "one/tracked.log", "two.c"}));
}

TEST_F(FileListerGit, LinkedWorktreesHaveTheirOwnIndexAndSharedExcludes) {
  write_all({"a.c", "b.log"});
  tree_.git({"add", "-f", "."});
  tree_.git({"commit", "-qm", "first"});
  tree_.write(".git/info/exclude", "*.log\n");
  const std::string other = tree_.outside() + "/other";
  tree_.git({"worktree", "add", "-q", other});
  std::ofstream(other + "/c.log") << "x\n";
  std::ofstream(other + "/c.c") << "x\n";
  EXPECT_EQ(listed(other), (Paths{"a.c", "b.log", "c.c"}));
}

TEST_F(FileListerGit, SparseCheckoutsListWhatIsThere) {
  write_all({"in/a.c", "out/b.c", "out/deep/c.c", "top.c"});
  tree_.git({"add", "."});
  tree_.git({"commit", "-qm", "first"});
  for (const char* layout : {"--no-sparse-index", "--sparse-index"}) {
    tree_.git({"sparse-checkout", "set", "--cone", layout, "in"});
    const auto list = list_files(tree_.root(), {});
    ASSERT_TRUE(list);
    EXPECT_EQ(paths_of(*list), (Paths{"in/a.c", "top.c"})) << layout;
    EXPECT_TRUE(list->notices.empty()) << list->notices.front();
  }
}

TEST_F(FileListerGit, RepositoriesWithFormatExtensionsAreRead) {
  tree_.git({"init", "-q", "--object-format=sha256", "sha"});
  write_all({"sha/tracked.o", "sha/a.o", "sha/b.c"});
  tree_.write("sha/.gitignore", "*.o\n");
  tree_.git({"add", "-f", "tracked.o"}, "sha");
  EXPECT_EQ(listed(tree_.path("sha")), (Paths{".gitignore", "b.c", "tracked.o"}));
  tree_.git({"init", "-q", "partial"});
  tree_.git({"config", "core.repositoryFormatVersion", "1"}, "partial");
  tree_.git({"config", "extensions.partialClone", "origin"}, "partial");
  tree_.write("partial/.git/info/exclude", "x\n");
  write_all({"partial/x", "partial/y"});
  const auto list = list_files(tree_.path("partial"), {});
  ASSERT_TRUE(list);
  EXPECT_EQ(paths_of(*list), Paths{"y"});
  EXPECT_TRUE(list->notices.empty());
}

TEST_F(FileListerGit, ATrackedLinkIsReportedAndAFileThatBecameADirectoryIsWalked) {
  write_all({"target", "was-file"});
  tree_.link("link", "target");
  tree_.git({"add", "."});
  std::filesystem::remove(tree_.path("was-file"));
  write_all({"was-file/now"});
  const auto list = list_files(tree_.root(), {});
  ASSERT_TRUE(list);
  EXPECT_EQ(paths_of(*list), (Paths{"target", "was-file/now"}));
  EXPECT_EQ(skipped(*list), Paths{"link symlink"});
}

TEST_F(FileListerGit, SubtreesOfARepository) {
  tree_.write(".gitignore", "*.o\n");
  write_all({"a/x.o", "a/y.o", "a/z.c", "b/x.c"});
  tree_.git({"add", "-f", "a/x.o"});
  EXPECT_EQ(listed(tree_.root(), {.subtrees = {"a"}}), (Paths{"a/x.o", "a/z.c"}));
}

}  // namespace
}  // namespace repomap
