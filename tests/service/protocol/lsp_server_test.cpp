// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/file_system.hpp"
#include "service/documents.hpp"
#include "service/protocol/lsp_uri.hpp"
#include "service/service.hpp"
#include "tests/service/protocol/lsp_fake_peer.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

using Strings = std::vector<std::string>;

ResourcePaths resources() {
  ResourcePaths paths;
  paths.languages = {REPOMAP_GRAMMARS_DIR, REPOMAP_SOURCE_DIR "/parsers/queries"};
  return paths;
}

/// A server over a small repository, spoken to as a client does.
class Lsp : public testing::Test {
 protected:
  Lsp() {
    tree_.write("used.py",
                "# What everybody needs.\ndef helper(count):\n    total = count + 1\n    return total\n\n\n"
                "class Box:\n    def open(self):\n        return helper(1)\n");
    tree_.write("main.py", "import used\n\n\ndef main():\n    box = used.Box()\n    return used.helper(box.open())\n");
    tree_.write("lib/other.py", "def lonely(helper):\n    return helper()\n");
    Service::Options options;
    service_ = std::move(*Service::open(options, resources()));
    documents_ = std::move(*Documents::open(resources(), {}));
    server_ = std::make_unique<LspServer>(peer_, LspSources{*service_, *documents_, *files_},
                                          LspServer::Options{"", {{"tokenizer", "chars4"}}, "1"});
  }

  RpcResult ask(const std::string& method, Json params) {
    RpcReply reply = server_->on_request(method, 1, std::move(params));
    if (const auto* result = std::get_if<RpcResult>(&reply)) {
      return *result;
    }
    return std::get<RpcWork>(reply)(cancelled_);
  }

  Json initialize(Json capabilities = Json::object(), Json options = nullptr) {
    const auto result = ask("initialize", Json{{"processId", 7},
                                               {"rootUri", uri("")},
                                               {"capabilities", std::move(capabilities)},
                                               {"initializationOptions", std::move(options)}});
    EXPECT_TRUE(result);
    return result ? *result : Json();
  }

  std::string uri(const std::string& path) const {
    if (path.starts_with('/')) {
      return uri_from_path(path);
    }
    return uri_from_path(path.empty() ? tree_.root() : tree_.path(path));
  }

  void set_folder(const std::string& path) {
    const Json added = Json::array({Json{{"uri", uri_from_path(path)}}});
    const Json removed = Json::array({Json{{"uri", uri("")}}});
    server_->on_notification("workspace/didChangeWorkspaceFolders",
                             Json{{"event", Json{{"added", added}, {"removed", removed}}}});
  }

  /// The items of the definition at a place.
  Json items_at(const std::string& path, unsigned line, unsigned character) {
    const auto items = ask("textDocument/prepareCallHierarchy", at(path, line, character));
    EXPECT_TRUE(items && items->is_array());
    return items && items->is_array() ? (*items)[0] : Json();
  }

  /// "name:line:character" of the first range of each.
  Strings calls(const std::string& direction, const Json& item) {
    const auto answer = ask("callHierarchy/" + direction + "Calls", Json{{"item", item}});
    Strings found;
    for (const Json& call : answer && answer->is_array() ? *answer : Json::array()) {
      const Json& start = call["fromRanges"][0]["start"];
      found.push_back(call[direction == "incoming" ? "from" : "to"]["name"].get<std::string>() + ":" +
                      start["line"].dump() + ":" + start["character"].dump());
    }
    std::ranges::sort(found);
    return found;
  }

  void open(const std::string& path, const std::string& text) {
    server_->on_notification(
        "textDocument/didOpen",
        Json{{"textDocument", Json{{"uri", uri(path)}, {"languageId", "x"}, {"version", 1}, {"text", text}}}});
  }

  void change(const std::string& path, const std::string& text) {
    server_->on_notification("textDocument/didChange", Json{{"textDocument", Json{{"uri", uri(path)}, {"version", 2}}},
                                                            {"contentChanges", Json::array({Json{{"text", text}}})}});
  }

  void close(const std::string& path) {
    server_->on_notification("textDocument/didClose", Json{{"textDocument", Json{{"uri", uri(path)}}}});
  }

  Json at(const std::string& path, unsigned line, unsigned character) const {
    return Json{{"textDocument", Json{{"uri", uri(path)}}}, {"position", to_json(LspPosition{line, character})}};
  }

  /// "path:line:character" of the start of each location.
  Strings places(const RpcResult& result) const {
    Strings found;
    for (const Json& place : result && result->is_array() ? *result : Json::array()) {
      const bool is_link = place.contains("targetUri");
      const std::string path = *path_from_uri(lsp_text_of(place, is_link ? "targetUri" : "uri"));
      const Json& start = lsp_member(place, is_link ? "targetSelectionRange.start" : "range.start");
      found.push_back(path.substr(tree_.root().size() + 1) + ":" + start["line"].dump() + ":" +
                      start["character"].dump());
    }
    return found;
  }

  Strings names(const RpcResult& result) const {
    Strings found;
    for (const Json& symbol : result && result->is_array() ? *result : Json::array()) {
      found.push_back(symbol["name"]);
    }
    return found;
  }

  TemporaryTree tree_;
  FakeLspPeer peer_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<Documents> documents_;
  std::unique_ptr<FileSystem> files_ = make_posix_file_system();
  std::atomic<bool> cancelled_ = false;
  std::unique_ptr<LspServer> server_;
};

TEST_F(Lsp, KeepsTheOrderOfALife) {
  EXPECT_EQ(ask("textDocument/hover", at("main.py", 0, 0)).error().code, lsp_code::kNotInitialized);
  open("main.py", "dropped");
  const Json told = initialize();
  EXPECT_EQ(told["serverInfo"]["name"], "repomap (syntactic)");
  EXPECT_EQ(told["capabilities"]["positionEncoding"], "utf-16");
  EXPECT_EQ(peer_.watched(), 7);
  EXPECT_EQ(ask("initialize", Json::object()).error().code, rpc_code::kInvalidRequest);
  EXPECT_EQ(ask("textDocument/rename", Json::object()).error().code, rpc_code::kUnknownMethod);
  server_->on_notification("$/whatever", Json());
  server_->on_notification("$/cancelRequest", Json{{"id", 5}});
  EXPECT_EQ(peer_.cancelled(), std::vector<Json>{5});
  EXPECT_TRUE(ask("shutdown", Json())->is_null());
  EXPECT_EQ(ask("textDocument/hover", at("main.py", 0, 0)).error().code, rpc_code::kInvalidRequest);
  EXPECT_FALSE(server_->has_ended_well());
  server_->on_notification("exit", Json());
  EXPECT_TRUE(server_->has_ended_well());
  EXPECT_TRUE(peer_.is_stopped());
}

TEST_F(Lsp, EndsBadlyWithoutShutdown) {
  initialize();
  server_->on_notification("exit", Json());
  EXPECT_TRUE(peer_.is_stopped());
  EXPECT_FALSE(server_->has_ended_well());
}

TEST_F(Lsp, RefusesParametersThatItCannotUse) {
  initialize();
  EXPECT_EQ(ask("textDocument/definition", Json::object()).error().code, rpc_code::kInvalidParams);
  EXPECT_EQ(ask("textDocument/selectionRange", Json{{"textDocument", Json{{"uri", uri("main.py")}}}}).error().code,
            rpc_code::kInvalidParams);
  EXPECT_EQ(ask("workspaceSymbol/resolve", Json::object()).error().code, rpc_code::kInvalidParams);
  EXPECT_EQ(ask("workspace/executeCommand", Json{{"command", "rm"}}).error().code, rpc_code::kInvalidParams);
  EXPECT_EQ(ask("textDocument/documentSymbol", Json::object()).error().code, rpc_code::kInvalidParams);
  EXPECT_TRUE(ask("textDocument/definition", at("gone.py", 0, 0))->is_null());
}

TEST_F(Lsp, LeadsToDefinitions) {
  initialize();
  EXPECT_EQ(places(ask("textDocument/definition", at("main.py", 5, 18))), Strings{"used.py:1:4"});
  EXPECT_EQ(places(ask("textDocument/definition", at("main.py", 5, 16))), Strings{"used.py:1:4"});
  EXPECT_EQ(places(ask("textDocument/declaration", at("main.py", 4, 17))), Strings{"used.py:6:6"});
  EXPECT_TRUE(ask("textDocument/definition", at("main.py", 1, 0))->is_null());
}

TEST_F(Lsp, AnswersForALocalNameFromItsFunctionAlone) {
  initialize();
  EXPECT_EQ(places(ask("textDocument/definition", at("lib/other.py", 1, 13))), Strings{"lib/other.py:0:11"});
  Json references = at("used.py", 2, 5);
  references["context"]["includeDeclaration"] = true;
  EXPECT_EQ(places(ask("textDocument/references", references)), (Strings{"used.py:2:4", "used.py:3:11"}));
  references["context"]["includeDeclaration"] = false;
  EXPECT_EQ(places(ask("textDocument/references", references)), Strings{"used.py:3:11"});
}

TEST_F(Lsp, FindsReferencesButNotLocalNamesakes) {
  initialize();
  Json references = at("used.py", 1, 6);
  references["context"]["includeDeclaration"] = true;
  EXPECT_EQ(places(ask("textDocument/references", references)),
            (Strings{"used.py:1:4", "used.py:8:15", "main.py:5:16"}));
}

TEST_F(Lsp, PutsTheDefinitionFirstThatTheCursorIsOn) {
  tree_.write("lib/more.py", "class Box:\n    pass\n");
  initialize();
  EXPECT_EQ(places(ask("textDocument/definition", at("lib/more.py", 0, 7))),
            (Strings{"lib/more.py:0:6", "used.py:6:6"}));
}

TEST_F(Lsp, GivesLinksToClientsThatTakeThem) {
  initialize(Json{{"textDocument", Json{{"definition", Json{{"linkSupport", true}}}}}});
  const auto links = ask("textDocument/definition", at("main.py", 5, 18));
  EXPECT_EQ(places(links), Strings{"used.py:1:4"});
  EXPECT_EQ((*links)[0]["originSelectionRange"], to_json(LspRange{{5, 16}, {5, 22}}));
  EXPECT_EQ((*links)[0]["targetRange"], to_json(LspRange{{1, 0}, {3, 16}}));
}

TEST_F(Lsp, LooksThroughTextsThatAreNotSaved) {
  initialize();
  open("lib/new.py", "def fresh():\n    pass\n");
  open("main.py", "import lib.new\n\nlib.new.fresh()\n");
  EXPECT_EQ(places(ask("textDocument/definition", at("main.py", 2, 9))), Strings{"lib/new.py:0:4"});
  EXPECT_EQ(names(ask("workspace/symbol", Json{{"query", "fresh"}})), Strings{"fresh"});
  EXPECT_TRUE(names(ask("workspace/symbol", Json{{"query", "main"}})).empty());
  change("lib/new.py", "x = 1\n");
  EXPECT_TRUE(places(ask("textDocument/definition", at("main.py", 2, 9))).empty());
  close("main.py");
  EXPECT_EQ(names(ask("workspace/symbol", Json{{"query", "main"}})), Strings{"main"});
}

TEST_F(Lsp, KnowsAnOpenFileByEveryWayToIt) {
  const std::string link = tree_.outside() + "/link";
  std::filesystem::create_directory_symlink(tree_.root(), link);
  tree_.link("inner", tree_.path("lib"));
  initialize();
  const auto uri_of_first = [&](const Json& params) {
    const auto found = ask("textDocument/definition", params);
    EXPECT_TRUE(found) << found.error().message;
    return found && !found->empty() ? lsp_text_of((*found)[0], "uri") + " " + (*found)[0]["range"]["start"].dump() : "";
  };
  const auto looks_through = [&](const std::string& path) {
    open(path, "\n\n\n\n\n\n\n\n\n\ndef lonely():\n    return 1\n");
    open("main.py", "import lib.other\n\nlib.other.lonely()\n");
    EXPECT_EQ(uri_of_first(at("main.py", 2, 11)), uri(path) + " " + to_json(LspPosition{10, 4}).dump()) << path;
    EXPECT_EQ(names(ask("textDocument/documentSymbol", Json{{"textDocument", Json{{"uri", uri(path)}}}})),
              Strings{"lonely"});
    close(path);
  };
  looks_through(link + "/lib/other.py");
  looks_through("inner/other.py");
  set_folder(link);
  looks_through("lib/other.py");
  looks_through(link + "/inner/other.py");
  looks_through(link + "/lib/other.py");
}

TEST_F(Lsp, FindsNothingInATextThatCannotBeParsed) {
  initialize();
  open("used.py", std::string("# \0\n\n", 5) + "def helper(count):\n    return count\n");
  EXPECT_TRUE(places(ask("textDocument/definition", at("main.py", 5, 18))).empty());
  change("used.py", "\ndef helper(count):\n    return count\n");
  EXPECT_EQ(places(ask("textDocument/definition", at("main.py", 5, 18))), Strings{"used.py:1:4"});
}

TEST_F(Lsp, FindsInAFileThatIsNotIndexedWhatItAsksFor) {
  tree_.write(".gitignore", "made/\n");
  tree_.write("made/some.py", "def made():\n    return made()\n");
  tree_.git({"init", "-q"});
  initialize();
  EXPECT_EQ(places(ask("textDocument/definition", at("made/some.py", 1, 12))), Strings{"made/some.py:0:4"});
  open("made/some.py", "def made():\n    return made()\n");
  EXPECT_EQ(places(ask("textDocument/definition", at("made/some.py", 1, 12))), Strings{"made/some.py:0:4"});
  EXPECT_FALSE(ask("textDocument/hover", at("made/some.py", 1, 12))->is_null());
  EXPECT_EQ(calls("incoming", items_at("made/some.py", 0, 5)), Strings{"made:1:11"});
  EXPECT_TRUE(names(ask("workspace/symbol", Json{{"query", "made"}})).empty());
}

TEST_F(Lsp, LooksAtWhatIsSavedOnceItMayHaveMissedAnEdit) {
  initialize();
  server_->on_lost_message();
  EXPECT_FALSE(peer_.has_notification("window/showMessage")) << "nothing was open";
  open("used.py", "\n\n\ndef helper(count):\n    return count\n");
  server_->on_lost_message();
  EXPECT_TRUE(peer_.has_notification("window/showMessage"));
  EXPECT_EQ(places(ask("textDocument/definition", at("main.py", 5, 18))), Strings{"used.py:1:4"});
  change("used.py", "\n\n\ndef helper(count):\n    return count\n");
  EXPECT_EQ(places(ask("textDocument/definition", at("main.py", 5, 18))), Strings{"used.py:3:4"});
}

TEST_F(Lsp, AnswersAsOfTheRequestWhateverComesLater) {
  initialize();
  open("main.py", "def first():\n    pass\n");
  const RpcReply reply = server_->on_request("workspace/symbol", 1, Json{{"query", "first"}});
  change("main.py", "def second():\n    pass\n");
  EXPECT_EQ(names(std::get<RpcWork>(reply)(cancelled_)), Strings{"first"});
  EXPECT_EQ(names(ask("workspace/symbol", Json{{"query", "second"}})), Strings{"second"});
}

TEST_F(Lsp, OutlinesAsATreeOrAsAList) {
  initialize();
  const Json file = Json{{"textDocument", Json{{"uri", uri("used.py")}}}};
  const auto flat = ask("textDocument/documentSymbol", file);
  EXPECT_EQ(names(flat), (Strings{"helper", "Box", "open"}));
  EXPECT_EQ((*flat)[2]["containerName"], "Box");
}

TEST_F(Lsp, NestsSymbolsForClientsThatCanShowIt) {
  initialize(Json{{"textDocument", Json{{"documentSymbol", Json{{"hierarchicalDocumentSymbolSupport", true}}}}}});
  const auto tree = ask("textDocument/documentSymbol", Json{{"textDocument", Json{{"uri", uri("used.py")}}}});
  EXPECT_EQ(names(tree), (Strings{"helper", "Box"}));
  EXPECT_EQ(names((*tree)[1]["children"]), Strings{"open"});
  EXPECT_EQ((*tree)[1]["range"], to_json(LspRange{{6, 0}, {8, 24}}));
  EXPECT_EQ((*tree)[1]["children"][0]["selectionRange"], to_json(LspRange{{7, 8}, {7, 12}}));
}

TEST_F(Lsp, ResolvesASymbolOnlyIfTheClientWantsIt) {
  initialize(Json{{"workspace",
                   Json{{"symbol", Json{{"resolveSupport", Json{{"properties", Json::array({"location.range"})}}}}}}}});
  const auto symbols = ask("workspace/symbol", Json{{"query", "hlpr"}});
  ASSERT_EQ(names(symbols), Strings{"helper"});
  EXPECT_FALSE((*symbols)[0]["location"].contains("range"));
  const auto resolved = ask("workspaceSymbol/resolve", (*symbols)[0]);
  EXPECT_EQ((*resolved)["location"]["range"], to_json(LspRange{{1, 4}, {1, 10}}));
  tree_.write("used.py", "\n");
  EXPECT_EQ(ask("workspaceSymbol/resolve", (*symbols)[0]).error().code, lsp_code::kContentModified);
}

TEST_F(Lsp, CountsInTheClientsUnits) {
  tree_.write("wide.py", "def before(): return '\xF0\x9F\x98\x80'; helper()\r\nclass Wide: pass\r");
  initialize();
  EXPECT_EQ(places(ask("textDocument/definition", at("wide.py", 0, 28))), Strings{"used.py:1:4"});
  const auto utf16 = ask("textDocument/references", at("used.py", 1, 6));
  EXPECT_EQ(std::ranges::count(places(utf16), "wide.py:0:27"), 1);
}

TEST_F(Lsp, DescribesUnderTheCursor) {
  initialize(Json{{"textDocument", Json{{"hover", Json{{"contentFormat", Json::array({"markdown"})}}}}}});
  const auto hover = ask("textDocument/hover", at("main.py", 5, 18));
  const std::string text = (*hover)["contents"]["value"];
  EXPECT_TRUE(text.starts_with("```python\ndef helper(count):\n```\n\nWhat everybody needs.\n\n---\n")) << text;
  EXPECT_NE(text.find("defined in `used.py:2`"), std::string::npos) << text;
  EXPECT_NE(text.find("Syntactic"), std::string::npos) << text;
  const std::string local = (*ask("textDocument/hover", at("used.py", 3, 12)))["contents"]["value"];
  EXPECT_NE(local.find("Bound at line 3"), std::string::npos) << local;
  EXPECT_TRUE(ask("textDocument/hover", at("main.py", 1, 0))->is_null());
}

TEST_F(Lsp, HighlightsWhatANameMeansInItsFile) {
  initialize();
  const auto highlights = ask("textDocument/documentHighlight", at("used.py", 8, 16));
  ASSERT_EQ(highlights->size(), 2U);
  EXPECT_EQ((*highlights)[0]["kind"], 3);
  EXPECT_EQ((*highlights)[1]["range"], to_json(LspRange{{8, 15}, {8, 21}}));
}

TEST_F(Lsp, TellsWhoCallsWhom) {
  initialize();
  const auto items = ask("textDocument/prepareCallHierarchy", at("main.py", 5, 18));
  ASSERT_EQ(names(items), Strings{"helper"});
  const auto incoming = ask("callHierarchy/incomingCalls", Json{{"item", (*items)[0]}});
  Strings callers;
  for (const Json& call : *incoming) {
    callers.push_back(call["from"]["name"]);
  }
  EXPECT_NE(std::ranges::find(callers, "open"), callers.end());
  EXPECT_NE(std::ranges::find(callers, "main"), callers.end());
  const auto open_items = ask("textDocument/prepareCallHierarchy", at("used.py", 7, 9));
  const auto outgoing = ask("callHierarchy/outgoingCalls", Json{{"item", (*open_items)[0]}});
  ASSERT_EQ(outgoing->size(), 1U);
  EXPECT_EQ((*outgoing)[0]["to"]["name"], "helper");
  EXPECT_EQ((*outgoing)[0]["fromRanges"][0], to_json(LspRange{{8, 15}, {8, 21}}));
  tree_.write("used.py", "\n");
  EXPECT_EQ(ask("callHierarchy/incomingCalls", Json{{"item", (*items)[0]}}).error().code, lsp_code::kContentModified);
}

TEST_F(Lsp, LeavesCallsOfLocalNamesakesOut) {
  tree_.write("calls.py",
              "def target(x):\n    return x\n\n\ndef other(target):\n    return target(1)\n\n\n"
              "def outer():\n    def inner():\n        return target(2)\n    return inner()\n");
  tree_.write("more.py", "def inner():\n    pass\n");
  initialize();
  EXPECT_EQ(calls("incoming", items_at("calls.py", 0, 5)), Strings{"inner:10:15"});
  EXPECT_TRUE(calls("outgoing", items_at("calls.py", 4, 5)).empty());
  const Json outer = items_at("calls.py", 8, 5);
  EXPECT_EQ(calls("outgoing", outer), (Strings{"inner:11:11", "target:10:15"}));
  const auto outgoing = ask("callHierarchy/outgoingCalls", Json{{"item", outer}});
  const auto inner =
      std::ranges::find_if(*outgoing, [](const Json& call) { return lsp_text_of(call, "to.name") == "inner"; });
  ASSERT_NE(inner, outgoing->end());
  EXPECT_EQ(calls("incoming", (*inner)["to"]), Strings{"outer:11:11"});
  EXPECT_TRUE(calls("incoming", items_at("more.py", 0, 5)).empty()) << "what outer() calls is its own";
}

TEST_F(Lsp, TellsFunctionsOfOneLineApart) {
  tree_.write("short.ts",
              "export const a = () => load(1); export const b = () => save(2);\n"
              "function load(n: number) {}\nfunction save(n: number) {}\n"
              "class Pair { first() { return load(3); } second() { return save(4); } }\n");
  initialize();
  EXPECT_EQ(calls("incoming", items_at("short.ts", 1, 10)), (Strings{"a:0:23", "first:3:30"}));
  EXPECT_EQ(calls("incoming", items_at("short.ts", 2, 10)), (Strings{"b:0:55", "second:3:59"}));
  EXPECT_EQ(calls("outgoing", items_at("short.ts", 0, 13)), Strings{"load:0:23"});
  EXPECT_EQ(calls("outgoing", items_at("short.ts", 0, 45)), Strings{"save:0:55"});
  EXPECT_EQ(calls("outgoing", items_at("short.ts", 3, 6)), (Strings{"load:3:30", "save:3:59"}));
}

TEST_F(Lsp, FoldsAndSelectsByTheSyntaxTree) {
  initialize(Json{{"textDocument", Json{{"foldingRange", Json{{"rangeLimit", 1}}}}}});
  const auto folds = ask("textDocument/foldingRange", Json{{"textDocument", Json{{"uri", uri("used.py")}}}});
  ASSERT_EQ(folds->size(), 1U);
  Json params = Json{{"textDocument", Json{{"uri", uri("used.py")}}}};
  params["positions"] = Json::array({to_json(LspPosition{8, 16}), to_json(LspPosition{0, 0})});
  const auto selections = ask("textDocument/selectionRange", params);
  ASSERT_EQ(selections->size(), 2U);
  EXPECT_EQ((*selections)[0]["range"], to_json(LspRange{{8, 15}, {8, 21}}));
  EXPECT_EQ((*selections)[0]["parent"]["range"], to_json(LspRange{{8, 15}, {8, 24}}));
}

TEST_F(Lsp, KeepsTheNestingOfSelectionsFlatEnoughForJson) {
  initialize();
  open("deep.py", std::string(500, '(') + "x" + std::string(500, ')'));
  Json params = Json{{"textDocument", Json{{"uri", uri("deep.py")}}}};
  params["positions"] = Json::array({to_json(LspPosition{0, 500})});
  const auto selections = ask("textDocument/selectionRange", params);
  ASSERT_TRUE(selections);
  EXPECT_TRUE(parse_json(selections->dump())) << "deeper than kMaxJsonDepth";
}

TEST_F(Lsp, MakesAMapForWhatIsOpen) {
  initialize();
  open("main.py", "import used\n");
  const auto map = ask("repomap/map", Json{{"tokens", 200}});
  ASSERT_TRUE(map) << map.error().message;
  EXPECT_NE((*map)["text"].get<std::string>().find("used.py"), std::string::npos);
  EXPECT_EQ((*map)["text"].get<std::string>().find("main.py:"), std::string::npos);
  EXPECT_EQ((*map)["budget"], 200);
  const auto same = ask("workspace/executeCommand",
                        Json{{"command", "repomap.map"}, {"arguments", Json::array({Json{{"tokens", 200}}})}});
  EXPECT_EQ((*same)["text"], (*map)["text"]);
  EXPECT_EQ(ask("repomap/map", Json{{"tokens", "many"}}).error().code, rpc_code::kInvalidParams);
}

TEST_F(Lsp, LeavesOutWhatAnotherServerGives) {
  initialize(Json::object(), Json{{"beside", true}});
  EXPECT_EQ(ask("textDocument/hover", at("main.py", 5, 18)).error().code, rpc_code::kUnknownMethod);
  EXPECT_EQ(names(ask("workspace/symbol", Json{{"query", "helper"}})), Strings{"helper"});
}

TEST_F(Lsp, TakesFoldersThatComeAndGo) {
  initialize();
  TemporaryTree other;
  other.write("there.py", "def elsewhere():\n    pass\n");
  const Json folder = Json::array({Json{{"uri", uri_from_path(other.root())}, {"name", "other"}}});
  server_->on_notification("workspace/didChangeWorkspaceFolders",
                           Json{{"event", Json{{"added", folder}, {"removed", Json::array()}}}});
  EXPECT_EQ(names(ask("workspace/symbol", Json{{"query", "elsewhere"}})), Strings{"elsewhere"});
  server_->on_notification("workspace/didChangeWorkspaceFolders",
                           Json{{"event", Json{{"added", Json::array()}, {"removed", folder}}}});
  EXPECT_TRUE(names(ask("workspace/symbol", Json{{"query", "elsewhere"}})).empty());
}

TEST_F(Lsp, SearchesTheOtherFoldersWhenOneIsGone) {
  initialize();
  {
    TemporaryTree other;
    const Json added = Json::array({Json{{"uri", uri_from_path(other.root())}}});
    server_->on_notification("workspace/didChangeWorkspaceFolders", Json{{"event", Json{{"added", added}}}});
  }
  EXPECT_EQ(names(ask("workspace/symbol", Json{{"query", "helper"}})), Strings{"helper"});
  server_->on_notification("workspace/didChangeWorkspaceFolders",
                           Json{{"event", Json{{"removed", Json::array({Json{{"uri", uri("")}}})}}}});
  EXPECT_EQ(ask("workspace/symbol", Json{{"query", "helper"}}).error().code, lsp_code::kRequestFailed);
}

TEST_F(Lsp, HasTheClientWatchFilesWhereItCan) {
  initialize(Json{{"workspace", Json{{"didChangeWatchedFiles",
                                      Json{{"dynamicRegistration", true}, {"relativePatternSupport", true}}}}}});
  server_->on_notification("initialized", Json::object());
  ASSERT_EQ(peer_.asked(), Strings{"client/registerCapability"});
  const Json watcher = peer_.asked_params(0)["registrations"][0]["registerOptions"]["watchers"][0];
  EXPECT_EQ(watcher["globPattern"]["baseUri"], uri(""));
  server_->on_notification("workspace/didChangeWatchedFiles",
                           Json{{"changes", Json::array({Json{{"uri", uri("main.py")}, {"type", 2}}})}});
}

TEST_F(Lsp, TellsOfProgressUnderTheClientsToken) {
  initialize();
  ask("workspace/symbol", Json{{"query", "helper"}, {"workDoneToken", "mine"}});
  const auto values = peer_.progress_values();
  ASSERT_GE(values.size(), 2U);
  EXPECT_EQ(values.front()["kind"], "begin");
  EXPECT_EQ(values.back()["message"], "done");
}

TEST_F(Lsp, GivesUpWhenNobodyWantsTheAnswer) {
  initialize();
  cancelled_ = true;
  EXPECT_FALSE(ask("workspace/symbol", Json{{"query", "helper"}}));
}

}  // namespace
}  // namespace repomap
