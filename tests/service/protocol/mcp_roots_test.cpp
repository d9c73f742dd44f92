// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_roots.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

TEST(McpRoots, TakesTheArgumentThenTheFlagThenTheClientsProjectThenTheRepositoryAround) {
  const TemporaryTree tree;
  tree.write("a/x.c");
  tree.write("b/x.c");
  tree.git({"init", "-q"});
  McpRootSettings settings{.working_directory = tree.path("a")};
  EXPECT_EQ(McpRoots(settings).find("")->path, tree.root());
  settings.project_directory = tree.path("b");
  EXPECT_EQ(McpRoots(settings).find("")->path, tree.path("b"));
  settings.root = tree.path("a");
  EXPECT_EQ(McpRoots(settings).find("")->path, tree.path("a"));
  EXPECT_EQ(McpRoots(settings).find(tree.root())->path, tree.root());
  EXPECT_EQ(McpRoots(settings).find("../b")->path, tree.root() + "/b") << "relative ones lie in the default's";
}

TEST(McpRoots, TakesNoHomeDirectoryForAProject) {
  const TemporaryTree tree;
  McpRoots roots({.working_directory = tree.root(), .home = tree.root()});
  const auto found = roots.find("");
  ASSERT_FALSE(found.has_value());
  EXPECT_NE(found.error().message.find("project_root"), std::string::npos) << found.error().message;
  EXPECT_TRUE(roots.known().empty());
  EXPECT_TRUE(roots.find(tree.root()).has_value()) << "who names it means it";
}

TEST(McpRoots, KnowsTheHomeDirectoryByAnyName) {
  const TemporaryTree tree;
  tree.make_directory("home");
  tree.link("link", tree.path("home"));
  for (const std::string& home : {tree.path("home") + "/", tree.path("link"), tree.path("link/../home/.")}) {
    EXPECT_FALSE(McpRoots({.working_directory = tree.path("home"), .home = home}).find("").has_value()) << home;
  }
  for (const std::string& home : {std::string(), tree.path("none"), tree.root()}) {
    EXPECT_TRUE(McpRoots({.working_directory = tree.path("home"), .home = home}).find("").has_value()) << home;
  }
}

TEST(McpRoots, NamesARootAlikeInEveryProcess) {
  const TemporaryTree tree;
  tree.make_directory("My Pro-Ject!");
  McpRoots roots({.root = tree.path("My Pro-Ject!")});
  const auto root = roots.find("");
  ASSERT_TRUE(root.has_value());
  EXPECT_TRUE(root->id.starts_with("my-pro-ject-")) << root->id;
  EXPECT_EQ(McpRoots({.root = tree.path("My Pro-Ject!")}).find("")->id, root->id);
  EXPECT_EQ(roots.find_id(root->id)->path, root->path);
  EXPECT_FALSE(roots.find_id("other"));
}

TEST(McpRoots, FindsPathsOfAllForms) {
  const TemporaryTree tree;
  tree.write("src/a.c");
  tree.link("link.c", tree.path("src/a.c"));
  tree.link("out.c", "/etc/passwd");
  for (const std::string& given : {std::string("src/a.c"), std::string("./src//a.c"), std::string("src/../src/a.c"),
                                   tree.path("src/a.c"), std::string("link.c")}) {
    const auto found = find_repo_path(tree.root(), given);
    ASSERT_TRUE(found.has_value()) << given;
    EXPECT_EQ(found->path, "src/a.c") << given;
    EXPECT_EQ(found->kind, RepoPathKind::kFile);
  }
  EXPECT_EQ(find_repo_path(tree.root(), "src/")->kind, RepoPathKind::kDirectory);
  EXPECT_EQ(find_repo_path(tree.root(), "src/")->path, "src");
  EXPECT_EQ(find_repo_path(tree.root(), ".")->path, "");
  EXPECT_EQ(find_repo_path(tree.root(), "src/none/x.c")->kind, RepoPathKind::kMissing);
  EXPECT_EQ(find_repo_path(tree.root(), "src/a.c/x")->kind, RepoPathKind::kMissing);
  for (const char* given : {"", "..", "../x", "/etc/passwd", "out.c", "src/../../x"}) {
    EXPECT_FALSE(find_repo_path(tree.root(), given).has_value()) << given;
  }
  EXPECT_FALSE(find_repo_path(tree.root(), std::string(100'000, 'x')).has_value());
}

}  // namespace
}  // namespace repomap
