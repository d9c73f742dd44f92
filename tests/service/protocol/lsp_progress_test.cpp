// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_progress.hpp"

#include <gtest/gtest.h>

#include "service/protocol/lsp_indexing.hpp"
#include "tests/service/protocol/lsp_fake_peer.hpp"

namespace repomap {
namespace {

std::vector<std::string> kinds(const FakeLspPeer& peer) {
  std::vector<std::string> kinds;
  for (const Json& value : peer.progress_values()) {
    kinds.push_back(value["kind"]);
  }
  return kinds;
}

using Kinds = std::vector<std::string>;

TEST(LspProgress, BeginsAtOnceUnderATokenOfTheClient) {
  FakeLspPeer peer;
  const auto progress = LspProgress::make(peer, LspProgress::Token::kOfClient, "t", "Work");
  progress->report(1, 2);
  progress->end(std::string("done"));
  EXPECT_EQ(kinds(peer), (Kinds{"begin", "report", "end"}));
  EXPECT_EQ(peer.progress_values()[1]["percentage"], 50);
}

TEST(LspProgress, AsksForLeaveUnderATokenOfItsOwn) {
  FakeLspPeer peer;
  const auto progress = LspProgress::make(peer, LspProgress::Token::kOfServer, "t", "Work");
  EXPECT_TRUE(peer.asked().empty());
  progress->report(1, 4);
  progress->report(2, 4);
  ASSERT_EQ(peer.asked(), Kinds{"window/workDoneProgress/create"});
  EXPECT_TRUE(kinds(peer).empty());
  peer.answer_all(Json(nullptr));
  progress->report(3, 4);
  progress->end(std::string("4 files"));
  EXPECT_EQ(kinds(peer), (Kinds{"begin", "report", "end"}));
  EXPECT_EQ(peer.progress_values().back()["message"], "4 files");
}

TEST(LspProgress, TellsOfWorkThatHasEndedBeforeTheClientGaveLeave) {
  FakeLspPeer peer;
  const auto progress = LspProgress::make(peer, LspProgress::Token::kOfServer, "t", "Work");
  progress->report(1, 4);
  progress->end(fail(ErrorCode::kIo, "no disk"));
  peer.answer_all(Json(nullptr));
  EXPECT_EQ(kinds(peer), (Kinds{"begin", "end"}));
  EXPECT_EQ(peer.progress_values().back()["message"], "Failed: no disk");
}

TEST(LspProgress, StaysSilentWhereTheClientRefusesOrThereIsNoWork) {
  FakeLspPeer peer;
  const auto refused = LspProgress::make(peer, LspProgress::Token::kOfServer, "t", "Work");
  refused->report(1, 4);
  peer.answer_all(std::unexpected(RpcError(rpc_code::kInternal, "no")));
  refused->report(2, 4);
  refused->end(std::string("done"));
  const auto idle = LspProgress::make(peer, LspProgress::Token::kOfServer, "u", "Work");
  idle->end(std::string("done"));
  EXPECT_TRUE(kinds(peer).empty());
  EXPECT_EQ(peer.asked().size(), 1U);
}

/// Has files to read, and fails at them.
class BrokenBackend final : public QueryBackend {
 public:
  Result<MapAnswer> map(const MapQuery&, const RequestContext&) override { return broken(); }
  Result<IndexAnswer> index(const FileSelection&, const RequestContext& context) override {
    context.progress(1, 2);
    return broken();
  }
  Result<SymbolsAnswer> symbols(const FileSelection&, const SymbolQuery&, const RequestContext&) override {
    return broken();
  }
  Result<FileTags> file_tags(const std::string&, const std::string&) override { return broken(); }
  Result<std::string> tree(const TreeRequest&) override { return broken(); }
  Result<RepositoryMoment> sync(const FileSelection&, const RequestContext&) override { return broken(); }

 private:
  static std::unexpected<Error> broken() { return fail(ErrorCode::kIo, "the disk is broken"); }
};

TEST(LspIndexing, TellsThatItHasFailed) {
  FakeLspPeer peer;
  BrokenBackend backend;
  LspIndexing indexing(peer, backend);
  FileSelection selection;
  selection.root = "/somewhere/project";
  indexing.index(selection, LspIndexing::Telling::kProgress);
  ASSERT_TRUE(peer.wait_for_notifications("window/logMessage", 1));
  peer.answer_all(Json(nullptr));
  ASSERT_TRUE(peer.wait_for_notifications("$/progress", 2));
  EXPECT_EQ(peer.progress_values()[0]["title"], "Indexing project");
  EXPECT_EQ(peer.progress_values()[1]["message"], "Failed: the disk is broken");
}

}  // namespace
}  // namespace repomap
