// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "service/protocol/json_value.hpp"
#include "service/protocol/lsp_text.hpp"
#include "service/protocol/lsp_values.hpp"

namespace repomap {

/// A text that the client has open, as of one of its versions. Immutable, so shared by requests and later versions.
struct LspDocument {
  std::string uri;   ///< as the client has it
  std::string path;  ///< absolute
  std::int64_t version = 0;
  std::shared_ptr<const LspText> text;
};

/// The open texts by path, as of one message.
using LspOpenDocuments = std::map<std::string, LspDocument>;

/// What the client has open, kept in step by its notifications (LSP 3.18, "Text Document Synchronization"). Only files:
/// what has no path is left out. Used by one thread; requests take a snapshot along.
class LspDocuments {
 public:
  /// The texts as they are; later notifications do not touch it.
  std::shared_ptr<const LspOpenDocuments> snapshot() const { return open_; }

  void open(const Json& params, PositionEncoding encoding);

  /// Applies the changes in their order, each to what the one before has made. After a change that cannot be
  /// understood the text is not known any more, so the file counts as closed. Errors: kInvalidArgument for that.
  /// Of a file that is not open a change that gives the whole text opens it; others say nothing.
  Status change(const Json& params, PositionEncoding encoding);

  void close(const Json& params);

  /// All files count as closed. Whether any was open.
  bool close_all();

 private:
  void put(LspDocument document);

  std::shared_ptr<const LspOpenDocuments> open_ = std::make_shared<LspOpenDocuments>();
};

/// The text after the "contentChanges" of a notification. Errors: kInvalidArgument.
Result<std::shared_ptr<const LspText>> apply_lsp_changes(std::shared_ptr<const LspText> text, const Json& changes);

}  // namespace repomap
