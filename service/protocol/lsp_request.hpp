// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/file_system.hpp"
#include "service/documents.hpp"
#include "service/overlay_backend.hpp"
#include "service/protocol/json_value.hpp"
#include "service/protocol/lsp_client.hpp"
#include "service/protocol/lsp_documents.hpp"
#include "service/protocol/lsp_workspace.hpp"
#include "service/query_backend.hpp"
#include "service/request_context.hpp"

namespace repomap {

/// Whom answers come from. Borrows; all are thread-safe.
struct LspSources {
  QueryBackend& queries;
  Documents& documents;
  const FileSystem& files;
};

/// What the client has told before a request came: the request is answered as of then, whatever it tells meanwhile.
struct LspState {
  std::shared_ptr<const LspClient> client;
  std::shared_ptr<const LspWorkspace> workspace;
  std::shared_ptr<const LspOpenDocuments> open;
};

/// A file that a request is about.
struct LspSubject {
  std::string uri;
  LspFile file;
  std::shared_ptr<const LspText> text;
  std::shared_ptr<const Document> document;  ///< of the same text
};

/// Where something is, for the client and for us.
struct LspPlace {
  std::string uri;
  std::size_t begin = 0;  ///< in bytes of the text
  std::size_t end = 0;
  LspRange range;
  std::shared_ptr<const LspText> text;
};

/// One request on its way to the answer: gives it files, open or saved, finds symbols in them, and turns what is found
/// into places. A file is read once, so that all places of an answer are of one text. Used by one thread.
class LspRequest {
 public:
  LspRequest(const LspSources& sources, LspState state, const Json& params, RequestContext context);

  const Json& params() const { return params_; }
  const LspClient& client() const { return *state_.client; }
  const LspWorkspace& workspace() const { return *state_.workspace; }
  const LspOpenDocuments& open() const { return *state_.open; }
  const LspSources& sources() const { return sources_; }
  const RequestContext& context() const { return context_; }

  /// The file of params.textDocument. Nothing for what is no file, does not exist, is in no known language, or takes
  /// more to parse than the limits allow. Errors: kInvalidArgument without a URI; those of LanguageRegistry::load().
  Result<std::optional<LspSubject>> subject();

  /// The same for any URI, and for a file of a repository. The symbols of a file that is asked for by its URI are found
  /// also if it is not indexed.
  Result<std::optional<LspSubject>> subject_at(const std::string& uri);
  Result<std::optional<LspSubject>> subject_of(const LspFile& file);

  /// Symbols as the texts in the editor have them. Answers from what is indexed so far, if that holds something and
  /// `completeness` allows it. Errors: those of QueryBackend::symbols().
  Result<SymbolsAnswer> symbols(const FileSelection& selection, const SymbolQuery& query, Completeness completeness);

  /// Where a tag of a file is; nothing for a file that cannot be read, and for one without that place: if it is not
  /// open, it has changed since the tag was found, and is_outdated() is true from now on.
  std::optional<LspPlace> place(const LspFile& file, std::uint32_t line, std::uint32_t column, std::string_view name);

  /// Whether something that was found is not where it was found.
  bool is_outdated() const { return is_outdated_; }

  std::string uri_of(const LspFile& file);

  /// Stops at the first moment where nobody wants the answer any more. Errors: kCancelled.
  Status check() const { return context_.check(); }

 private:
  using ClientPaths = std::map<LspFile, std::string>;

  /// The files that are open by their paths in the client's words, which may lead over links.
  ClientPaths& ensure_opened();
  std::string client_path(const LspFile& file);
  std::shared_ptr<const LspText> text_at(const std::string& path);
  Result<std::optional<LspSubject>> make_subject(const LspFile& file);
  void put_unsaved_texts();

  LspSources sources_;
  LspState state_;
  const Json& params_;
  RequestContext context_;

  OverlayBackend overlay_;
  bool has_unsaved_texts_ = false;  // in overlay_
  bool is_outdated_ = false;
  std::optional<ClientPaths> opened_;
  std::map<std::string, std::shared_ptr<const LspText>> texts_;  // by the client's path; null: cannot be read
  std::map<LspFile, std::optional<LspSubject>> subjects_;        // the latest
};

}  // namespace repomap
