// SPDX-License-Identifier: Apache-2.0
#include "cli/client_toml.hpp"

#include <gtest/gtest.h>

#include <string>

#include "cli/client_entry.hpp"

namespace repomap::cli {
namespace {

constexpr std::string_view kTable = "[mcp_servers.repomap]\ncommand = \"/bin/repomap\"\nargs = [\"mcp\"]\n";

std::string put(std::string_view text, Overwrite overwrite = Overwrite::kRefuse) {
  const auto edit = make_toml_server("/bin/repomap")->put(text, overwrite);
  return edit ? edit->text : "error: " + edit.error().message;
}

std::string taken(std::string_view text) {
  const auto rest = make_toml_server("/bin/repomap")->take(text, std::nullopt);
  return rest ? *rest : "error: " + rest.error().message;
}

std::string message(std::string_view text) {
  const auto statements = parse_toml(text);
  return statements ? "none" : statements.error().message;
}

TEST(ClientToml, SaysWhereATextIsWrong) {
  EXPECT_EQ(message("a = \"open"), "1:5: a string that is not closed");
  EXPECT_EQ(message("a = 1\nb = [1,\n"), "2:5: a bracket that is not closed");
  EXPECT_EQ(message("[a\nb = 1"), "1:3: ] is missing");
  EXPECT_EQ(message("a 1"), "1:3: = is missing");
  EXPECT_EQ(message("a = "), "1:5: a value is missing");
  EXPECT_EQ(message("= 1"), "1:1: a key is missing");
  EXPECT_EQ(message("a = 1 ]"), "1:7: a bracket too many");
  EXPECT_EQ(message("[a] b"), "1:5: the end of the line is missing");
  EXPECT_EQ(message("a = '''\nopen"), "1:5: a string that is not closed");
}

TEST(ClientToml, PutsATableBehindAllElse) {
  EXPECT_EQ(put(""), kTable);
  EXPECT_EQ(put("a = 1\n"), "a = 1\n\n" + std::string(kTable));
  EXPECT_EQ(put("a = 1"), "a = 1\n\n" + std::string(kTable));
  EXPECT_EQ(put("a = 1\r\n").find("\r\n\r\n[mcp_servers.repomap]\r\ncommand"), 5U);
  EXPECT_EQ(taken(put("a = 1\n")), "a = 1\n");
  EXPECT_EQ(taken(put("")), "");
}

TEST(ClientToml, ReadsNoHeadersInStringsAndArrays) {
  const std::string text = "a = \"\"\"\n[mcp_servers.repomap]\n\"\"\"\nb = [\n  \"x\", # [mcp_servers.repomap]\n]\n";
  EXPECT_EQ(put(text), text + "\n" + std::string(kTable));
}

TEST(ClientToml, BringsOnlyTheProgramUpToDate) {
  EXPECT_EQ(put("[mcp_servers.repomap] # mine\nargs = [\"mcp\", \"--root\", \"/x\"]\ncommand = '/old/repomap' # here\n"
                "\n[other]\n"),
            "[mcp_servers.repomap] # mine\nargs = [\"mcp\", \"--root\", \"/x\"]\ncommand = \"/bin/repomap\" # here\n"
            "\n[other]\n");
  EXPECT_EQ(put("[ mcp_servers . \"repomap\" ]\ncommand = \"/bin/repomap\"\n"),
            "[ mcp_servers . \"repomap\" ]\ncommand = \"/bin/repomap\"\n");
}

TEST(ClientToml, TakesTheTableOutAndLeavesTheRest) {
  EXPECT_EQ(
      taken("a = 1\n\n" + std::string(kTable) + "\n[mcp_servers.repomap.env]\nX = \"1\"\n\n# about b\n[b]\nc = 2\n"),
      "a = 1\n\n# about b\n[b]\nc = 2\n");
  EXPECT_EQ(taken("[mcp_servers.repomap]\ncommand = \"other\"\n"), "[mcp_servers.repomap]\ncommand = \"other\"\n");
}

TEST(ClientToml, TakesAllPiecesOfTheTableOut) {
  const std::string env = "[mcp_servers.repomap.env]\nX = \"1\"\n";
  EXPECT_EQ(taken(env + "\n[b]\nc = 2\n\n" + std::string(kTable) + "\n[d]\n\n[[mcp_servers.repomap.e]]\n"),
            "\n[b]\nc = 2\n\n[d]\n");
  // What is left where a table was taken out without its sub-table is not ours.
  EXPECT_EQ(taken(env), env);
  EXPECT_EQ(put(env, Overwrite::kAllow), kTable);
}

TEST(ClientToml, BringsBackWhatItHasWrittenOver) {
  const std::string foreign =
      "[mcp_servers.repomap.env]\r\nX = 1\r\n\r\n[b]\r\n\r\n[mcp_servers.repomap]\r\ncommand = 'x'";
  const auto server = make_toml_server("/bin/repomap");
  const auto there = server->find_foreign(foreign);
  ASSERT_TRUE(there && *there);
  EXPECT_EQ(**there, "[mcp_servers.repomap.env]\r\nX = 1\r\n[mcp_servers.repomap]\r\ncommand = 'x'\r\n");
  const auto rest = server->take("a = 1\n\n" + std::string(kTable) + "\n[b]\n", *there);
  ASSERT_TRUE(rest);
  EXPECT_EQ(*rest, "a = 1\n\n" + **there + "\n[b]\n");
  EXPECT_FALSE(*server->find_foreign(kTable));
}

TEST(ClientToml, RefusesOtherFormsAndOtherPrograms) {
  for (const char* text : {"mcp_servers = {}\n", "mcp_servers.repomap = { command = \"x\" }\n",
                           "[mcp_servers]\nrepomap.command = \"x\"\n", "[[mcp_servers]]\n", "[[mcp_servers.repomap]]\n",
                           "[mcp_servers.repomap]\ncommand = \"repomap\"\n[mcp_servers.repomap]\n"}) {
    EXPECT_NE(put(text).find("in a form that is not edited"), std::string::npos) << text << put(text);
  }
  const std::string foreign = "[mcp_servers.repomap]\ncommand = \"other\"\n";
  EXPECT_EQ(put(foreign), "error: 1:1: [mcp_servers.repomap] runs another program; --force writes over it");
  EXPECT_EQ(put(foreign, Overwrite::kAllow), kTable);
}

TEST(TextBlock, IsReplacedAndTakenOutAsAWhole) {
  const auto block = make_text_block(";;", "(load \"x\")\n");
  const auto edit = block->put("(a)\n", Overwrite::kRefuse);
  ASSERT_TRUE(edit);
  EXPECT_EQ(edit->text,
            "(a)\n\n;; >>> repomap install >>>\n;; These lines are written anew: changes to them are lost.\n(load "
            "\"x\")\n;; <<< repomap install <<<\n");
  EXPECT_EQ(block->put(edit->text, Overwrite::kRefuse)->text, edit->text);
  EXPECT_EQ(*block->take(edit->text, std::nullopt), "(a)\n");
  EXPECT_EQ(*block->take(edit->text + "(b)\n", std::nullopt), "(a)\n\n(b)\n");
  EXPECT_FALSE(block->put(";; >>> repomap install >>>\n(a)\n", Overwrite::kRefuse));
  const std::string twice = ";; >>> repomap install >>>\n(a)\n" + edit->text;
  EXPECT_FALSE(block->put(twice, Overwrite::kRefuse)) << "a second block begins before the first one ends";
  EXPECT_FALSE(block->take(twice, std::nullopt));
}

TEST(OwnFile, IsNotWrittenOverAnotherFile) {
  const auto own = make_own_file("--", "x = 1\n");
  const std::string text = own->put("", Overwrite::kRefuse)->text;
  EXPECT_EQ(own->put(text + "y = 2\n", Overwrite::kRefuse)->text, text);
  EXPECT_EQ(*own->take(text, std::nullopt), "");
  EXPECT_FALSE(own->put("x = 1\n", Overwrite::kRefuse));
  EXPECT_EQ(own->put("x = 1\n", Overwrite::kAllow)->text, text);
}

}  // namespace
}  // namespace repomap::cli
