// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/model/map_request.hpp"
#include "service/protocol/json_value.hpp"
#include "service/protocol/mcp_arguments.hpp"
#include "service/protocol/mcp_roots.hpp"
#include "service/query_backend.hpp"

namespace repomap {

/// What the user has set for maps.
struct McpMapSettings {
  std::size_t tokens = 4096;  ///< of a map for which nobody says how large it is to be
  Tokenizer tokenizer = Tokenizer::kO200kBase;
  RankMode rank = RankMode::kAnchored;
  SubmodulePolicy submodules = SubmodulePolicy::kSkip;
};

struct McpToolResult {
  std::string text;
  Json structured;  ///< as the tool's output schema has it; null for none
};

/// The tools themselves: reads arguments, asks, and words the answers. Borrows the backend and the roots. Thread-safe.
class McpTools {
 public:
  McpTools(QueryBackend& backend, McpRoots& roots, const McpMapSettings& settings)
      : backend_(backend), roots_(roots), settings_(settings) {}

  /// Errors: what a language model can do something about, in a sentence; kCancelled. REQUIRES: a tool of that name.
  Result<McpToolResult> call(const std::string& tool, const Json& arguments, RequestContext context) const;

  /// The map of a root as its resource has it. Errors: those of QueryBackend::map().
  Result<std::string> map_text(const std::string& root, const RequestContext& context) const;

 private:
  /// One call: of which root, with what.
  struct Call {
    McpArguments& arguments;
    McpRoot root;
    const RequestContext& context;
    std::chrono::steady_clock::time_point patience_end;  ///< until when it waits for files that are being read
  };
  /// Names to fall back on where nothing was found.
  struct NearNames {
    std::vector<std::string> names;
    std::string text;  ///< the same with where each is defined, in lines
  };
  using Notes = std::vector<std::string>;  ///< sentences on how an answer differs from what was asked for

  Result<McpToolResult> repo_map(const Call& call) const;
  Result<McpToolResult> find_symbol(const Call& call) const;
  Result<McpToolResult> file_outline(const Call& call) const;
  Result<McpToolResult> references(const Call& call) const;
  Result<McpToolResult> index_status(const Call& call) const;

  Result<MapQuery> read_map_query(const Call& call, std::string& notes) const;
  std::vector<std::string> read_paths(const Call& call, std::string_view argument, std::string& notes) const;
  std::string missing_path(const McpRoot& root, const std::string& path) const;
  FileSelection selection_of(const McpRoot& root) const;
  Result<SymbolsAnswer> look_up(const Call& call, const FileSelection& selection, const SymbolQuery& query) const;
  Result<SymbolsAnswer> ask_definitions(const Call& call, SymbolQuery query, Notes& notes) const;
  Result<SymbolsAnswer> ask_without_scope(const Call& call, SymbolQuery query, Notes& notes) const;
  NearNames near_names(const Call& call, const SymbolsAnswer& answer, const std::string& name) const;

  QueryBackend& backend_;
  McpRoots& roots_;
  const McpMapSettings settings_;
};

}  // namespace repomap
