// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_values.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "service/protocol/lsp_client.hpp"
#include "service/protocol/lsp_target.hpp"
#include "service/protocol/lsp_uri.hpp"
#include "service/protocol/lsp_workspace.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

TEST(LspUri, GivesBackEveryByteOfAPath) {
  std::string path = "/";
  for (int byte = 1; byte < 256; ++byte) {
    path += byte == '/' ? 'x' : static_cast<char>(byte);
  }
  EXPECT_EQ(path_from_uri(uri_from_path(path)), path);
  EXPECT_EQ(uri_from_path("/a b/\xFF#.c"), "file:///a%20b/%FF%23.c");
}

TEST(LspUri, TakesWhatClientsWrite) {
  EXPECT_EQ(path_from_uri("file:///a/b.c"), "/a/b.c");
  EXPECT_EQ(path_from_uri("FILE://localhost/a%2fb"), "/a/b");
  EXPECT_EQ(path_from_uri("file:/a/b.c"), "/a/b.c");
  EXPECT_EQ(path_from_uri("file:///a/b.c#L3"), "/a/b.c");
  EXPECT_EQ(path_from_uri("file:///a/./x/../b//c/"), "/a/b/c");
  EXPECT_EQ(path_from_uri("file:///"), "/");
}

TEST(LspUri, RefusesWhatIsNoPath) {
  for (const char* uri : {"", "a/b", "http://x/a", "file://host/a", "file:///a%0", "file:///a%zz", "file:///a%00b",
                          "file:a", "untitled:Untitled-1"}) {
    EXPECT_EQ(path_from_uri(uri), std::nullopt) << uri;
  }
}

TEST(LspTarget, FindsTheWordBeforeASeparator) {
  const std::string text = "a.b A::b p->b self.x.b ,b b";
  EXPECT_EQ(lsp_qualifier(text, 2), "a");
  EXPECT_EQ(lsp_qualifier(text, 7), "A");
  EXPECT_EQ(lsp_qualifier(text, 12), "p");
  EXPECT_EQ(lsp_qualifier(text, 21), "x");
  EXPECT_EQ(lsp_qualifier(text, 24), "");
  EXPECT_EQ(lsp_qualifier(text, 26), "");
  EXPECT_EQ(lsp_qualifier(text, 0), "");
}

TEST(LspTarget, TellsMembersFromNamesOfTheirOwn) {
  EXPECT_TRUE(lsp_is_member("a.b", 2));
  EXPECT_TRUE(lsp_is_member("a->b", 3));
  EXPECT_TRUE(lsp_is_member("a?.b", 3));
  EXPECT_TRUE(lsp_is_member("A::b", 3));
  EXPECT_FALSE(lsp_is_member("[...b]", 4));
  EXPECT_FALSE(lsp_is_member("{a:b}", 3));
  EXPECT_FALSE(lsp_is_member("b", 0));
}

TEST(LspValues, ReadsPositionsStrictly) {
  EXPECT_EQ(*lsp_position_from_json(Json{{"line", 3}, {"character", 4}}), (LspPosition{3, 4}));
  EXPECT_EQ(lsp_position_from_json(Json{{"line", 1ULL << 60U}, {"character", 0}})->line, 0x7fffffffU);
  for (const Json& bad : {Json(), Json(3), Json{{"line", -1}, {"character", 0}}, Json{{"line", "1"}, {"character", 0}},
                          Json{{"line", 1}}}) {
    EXPECT_EQ(lsp_position_from_json(bad).error().code, rpc_code::kInvalidParams) << bad;
  }
}

Json initialize(const Json& capabilities, const Json& options = {}) {
  return Json{{"capabilities", capabilities}, {"initializationOptions", options}};
}

Json with_encodings(const Json& encodings) { return Json{{"general", Json{{"positionEncodings", encodings}}}}; }

TEST(LspClient, CountsAsTheClientCan) {
  const auto encoding = [](const Json& capabilities) {
    return lsp_client_from_json(initialize(capabilities))->encoding;
  };
  EXPECT_EQ(encoding(Json::object()), PositionEncoding::kUtf16);
  EXPECT_EQ(encoding(with_encodings(Json::array({"utf-16", "utf-8"}))), PositionEncoding::kUtf8);
  EXPECT_EQ(encoding(with_encodings(Json::array({"utf-32", "utf-16"}))), PositionEncoding::kUtf16);
  EXPECT_EQ(encoding(with_encodings(Json::array({"utf-32"}))), PositionEncoding::kUtf32);
  EXPECT_EQ(encoding(with_encodings(Json::array({"ebcdic"}))), PositionEncoding::kUtf16);
}

TEST(LspClient, OffersWhatTheUserWants) {
  const Json all = lsp_server_capabilities(*lsp_client_from_json(initialize(Json::object())));
  for (const char* key : {"workspaceSymbolProvider", "documentSymbolProvider", "definitionProvider",
                          "declarationProvider", "referencesProvider", "documentHighlightProvider", "hoverProvider",
                          "callHierarchyProvider", "foldingRangeProvider", "selectionRangeProvider"}) {
    EXPECT_TRUE(all.contains(key)) << key;
  }
  for (const char* key : {"diagnosticProvider", "completionProvider", "renameProvider", "documentFormattingProvider"}) {
    EXPECT_FALSE(all.contains(key)) << key;
  }
  const Json beside = lsp_server_capabilities(*lsp_client_from_json(initialize({}, Json{{"beside", true}})));
  EXPECT_TRUE(beside.contains("workspaceSymbolProvider"));
  EXPECT_FALSE(beside.contains("definitionProvider"));
  EXPECT_FALSE(beside.contains("hoverProvider"));
  EXPECT_TRUE(beside.contains("executeCommandProvider"));
  const Json few = lsp_server_capabilities(
      *lsp_client_from_json(initialize({}, Json{{"features", Json::array({"hover", "references"})}})));
  EXPECT_TRUE(few.contains("hoverProvider"));
  EXPECT_FALSE(few.contains("workspaceSymbolProvider"));
}

TEST(LspClient, RefusesFeaturesThatThereAreNot) {
  const auto client = lsp_client_from_json(initialize({}, Json{{"features", Json::array({"rename"})}}));
  ASSERT_FALSE(client);
  EXPECT_NE(client.error().message.find("workspaceSymbol"), std::string::npos);
  EXPECT_FALSE(lsp_client_from_json(initialize({}, Json{{"features", 3}})));
}

class Workspace : public testing::Test {
 protected:
  Workspace() {
    tree_.git({"init", "-q"});
    tree_.write("src/a.c");
    tree_.write("lib/b.c");
    tree_.link("alias", "src");
  }
  TemporaryTree tree_;
  LspWorkspace workspace_;
};

TEST_F(Workspace, FindsTheRepositoryAroundAFolder) {
  workspace_.add(tree_.path("src"));
  const auto file = workspace_.locate(tree_.path("src/a.c"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->root, tree_.root());
  EXPECT_EQ(file->path, "src/a.c");
  ASSERT_EQ(workspace_.folder_selections().size(), 1U);
  EXPECT_EQ(workspace_.folder_selections()[0].subtrees, std::vector<std::string>{"src"});
  workspace_.add(tree_.path("lib"));
  EXPECT_EQ(workspace_.folder_selections()[0].subtrees, (std::vector<std::string>{"src", "lib"}));
  workspace_.add(tree_.root());
  ASSERT_EQ(workspace_.folder_selections().size(), 1U);
  EXPECT_TRUE(workspace_.folder_selections()[0].subtrees.empty());
  workspace_.remove(tree_.root());
  workspace_.remove(tree_.path("src"));
  EXPECT_EQ(workspace_.folder_selections()[0].subtrees, std::vector<std::string>{"lib"});
}

TEST_F(Workspace, SpeaksOfFilesBehindALinkAsTheClientDoes) {
  workspace_.add(tree_.path("alias"));
  const auto file = workspace_.locate(tree_.path("alias/new.c"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->path, "src/new.c");
  EXPECT_EQ(workspace_.client_path(file->root, "src/new.c"), tree_.path("alias/new.c"));
  EXPECT_EQ(workspace_.client_path(file->root, "lib/b.c"), tree_.path("lib/b.c"));
}

TEST_F(Workspace, FindsAFileOutsideOfEveryFolder) {
  const auto file = workspace_.locate(tree_.path("lib/b.c"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->root, tree_.root());
  EXPECT_EQ(file->path, "lib/b.c");
  EXPECT_FALSE(workspace_.locate(tree_.path("gone/b.c")));
}

TEST_F(Workspace, LeavesOutAFolderThatIsNone) {
  workspace_.add(tree_.path("gone"));
  workspace_.add(tree_.path("src/a.c"));
  EXPECT_TRUE(workspace_.folders().empty());
}

TEST_F(Workspace, TakesAFileOfASubmoduleForOneOfItsOwnRepository) {
  tree_.make_directory("sub");
  tree_.git({"init", "-q"}, "sub");
  tree_.write("sub/c.c");
  workspace_.add(tree_.root());
  EXPECT_EQ(workspace_.locate(tree_.path("sub/c.c"))->root, tree_.path("sub"));
  EXPECT_EQ(workspace_.locate(tree_.path("src/a.c"))->root, tree_.root());
  LspWorkspace with_submodules(std::map<std::string, std::string>{{"submodules", "true"}});
  with_submodules.add(tree_.root());
  EXPECT_EQ(with_submodules.locate(tree_.path("sub/c.c"))->path, "sub/c.c");
}

}  // namespace
}  // namespace repomap
