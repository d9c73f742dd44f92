// SPDX-License-Identifier: Apache-2.0
#include "watcher/repository_root.hpp"

#include <gtest/gtest.h>

#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

TEST(RepositoryRoot, IsTheWorkTreeAroundADirectoryOrFile) {
  const TemporaryTree tree;
  tree.git({"init", "-q"});
  tree.write("a/b/file");
  for (const char* start : {"", "a", "a/b", "a/b/file", "a/../a/b/."}) {
    const auto root = find_root(tree.path(start));
    ASSERT_TRUE(root) << root.error().message;
    EXPECT_EQ(*root, tree.root()) << start;
  }
}

TEST(RepositoryRoot, IsTheDirectoryItselfWithoutGit) {
  const TemporaryTree tree;
  tree.write("a/file");
  EXPECT_EQ(find_root(tree.path("a")), tree.path("a"));
  EXPECT_EQ(find_root(tree.path("a/file")), tree.path("a"));
  EXPECT_EQ(find_root(tree.path("missing")).error().code, ErrorCode::kNotFound);
}

TEST(RepositoryRoot, ABareRepositoryAndAGitDirectoryArePlain) {
  const TemporaryTree tree;
  tree.git({"init", "-q", "--bare", "bare.git"});
  EXPECT_EQ(find_root(tree.path("bare.git")), tree.path("bare.git"));
  tree.git({"init", "-q", "work"});
  EXPECT_EQ(find_root(tree.path("work/.git/info")), tree.path("work/.git/info"));
}

TEST(RepositoryRoot, LinksAreResolvedAndInnerRepositoriesWin) {
  const TemporaryTree tree;
  tree.git({"init", "-q"});
  tree.git({"init", "-q", "inner"});
  tree.make_directory("inner/sub");
  tree.link("link", "inner/sub");
  EXPECT_EQ(find_root(tree.path("link")), tree.path("inner"));
}

TEST(RepositoryRoot, ALinkedWorktreeIsItsOwnRoot) {
  const TemporaryTree tree;
  tree.git({"init", "-q"});
  tree.git({"commit", "-q", "--allow-empty", "-m", "first"});
  tree.git({"worktree", "add", "-q", tree.outside() + "/other"});
  EXPECT_EQ(find_root(tree.outside() + "/other"), tree.outside() + "/other");
}

TEST(RepositoryIdentity, IsSharedByWorkTreesAndNotByDirectories) {
  const TemporaryTree tree;
  tree.git({"init", "-q"});
  tree.write("sub/file");
  tree.git({"add", "."});
  tree.git({"commit", "-q", "-m", "first"});
  const std::string other = tree.outside() + "/other";
  tree.git({"worktree", "add", "-q", other});
  EXPECT_EQ(repository_identity(other), repository_identity(tree.root()));
  EXPECT_EQ(repository_identity(other + "/sub"), repository_identity(tree.path("sub")));
  EXPECT_NE(repository_identity(tree.path("sub")), repository_identity(tree.root()));
  EXPECT_EQ(repository_identity(tree.outside()), tree.outside());
}

}  // namespace
}  // namespace repomap
