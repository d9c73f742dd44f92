// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "service/protocol/lsp_documents.hpp"
#include "service/protocol/lsp_indexing.hpp"
#include "service/protocol/lsp_peer.hpp"
#include "service/protocol/lsp_request.hpp"
#include "service/protocol/lsp_workspace.hpp"
#include "service/protocol/rpc_endpoint.hpp"

namespace repomap {

/// A language server (LSP 3.18, https://microsoft.github.io/language-server-protocol) that answers from the tags of a
/// repository and the syntax of its files: docs/LSP.md says what, and how sure that is.
///
/// Notifications are taken in on the thread that reads; a request is answered as of the notifications before it,
/// whatever comes while it is worked on. Borrows peer and sources. A failure costs its request.
class LspServer final : public RpcHandler {
 public:
  struct Options {
    std::string root;                          ///< the folder if the client names none; "" for none
    std::map<std::string, std::string> flags;  ///< settings that go before all others
    std::string version;
  };

  LspServer(LspPeer& peer, const LspSources& sources, Options options);

  RpcReply on_request(const std::string& method, const Json& id, Json params) override;
  void on_notification(const std::string& method, Json params) override;
  /// It may have been an edit, after which every later one would be applied to another text than the client's.
  void on_lost_message() override;

  /// Whether the client has said goodbye as it should: "shutdown", then "exit".
  bool has_ended_well() const { return phase_ == Phase::kEnded; }

 private:
  enum class Phase : std::uint8_t { kNew, kRunning, kShutDown, kEnded };

  RpcResult initialize(const Json& params);
  void take_folders(const Json& params);
  void change_folders(const Json& params);
  void start();
  void register_watchers();
  void index_folders();
  void take_file_hints(const Json& params);
  void hint(const std::string& uri, std::set<std::string>& roots);
  void exit();
  RpcReply answer_later(const std::string& method, Json params);

  // Fixed after construction.
  LspPeer& peer_;
  const LspSources sources_;
  const Options options_;

  // Of the thread that reads.
  Phase phase_ = Phase::kNew;
  std::shared_ptr<const LspClient> client_;
  LspWorkspace workspace_;
  LspDocuments documents_;
  bool has_watchers_ = false;

  LspIndexing indexing_;
};

}  // namespace repomap
