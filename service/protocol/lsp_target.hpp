// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/document_values.hpp"
#include "service/protocol/lsp_request.hpp"
#include "service/protocol/rpc_error.hpp"

namespace repomap {

/// The identifier that a request is about.
struct LspTarget {
  LspSubject subject;
  ByteRange identifier;
  std::string name;
  std::string qualifier;  ///< "a" of "a.name" and "b::a->name"; "" for none
  std::optional<LocalBinding> local;

  LspRange range() const { return subject.text->range_of(identifier.begin, identifier.end); }
};

/// What stands at params.position of params.textDocument; nothing where no identifier is, or where
/// LspRequest::subject() has nothing. Errors: kInvalidParams; those of LspRequest::subject().
std::expected<std::optional<LspTarget>, RpcError> lsp_target(LspRequest& request);

/// The word before '.', "::", "->", ":" and the like that stand before a byte, with nothing between them.
std::string_view lsp_qualifier(std::string_view text, std::size_t begin);

/// Whether the word at a byte is a member of what stands before it, so that no function binds it: "b" of "a.b".
bool lsp_is_member(std::string_view text, std::size_t begin);

/// What binds the identifier, if a function does. Nothing for members and for what is no identifier.
std::optional<LocalBinding> lsp_local_binding(const LspSubject& subject, std::size_t begin, std::size_t end);

/// The definitions of a target's name in its repository: the one that it stands on; then those in what its qualifier
/// names; then, as all of them among themselves, those of the same file, of imported ones, and by rank.
/// Errors: those of QueryBackend::symbols().
Result<std::vector<SymbolHit>> lsp_definitions(LspRequest& request, const LspTarget& target);

/// The definitions of a name, near ones first. Errors: those of QueryBackend::symbols().
Result<std::vector<SymbolHit>> lsp_definitions(LspRequest& request, const LspFile& from, const std::string& name,
                                               std::size_t limit);

/// Whether what is found is spelled in its file as a name that a function binds: a local variable is not what a name of
/// the repository means. Parses the file, unless that was done before.
bool lsp_is_local(LspRequest& request, const LspPlace& place, const LspFile& file);

}  // namespace repomap
