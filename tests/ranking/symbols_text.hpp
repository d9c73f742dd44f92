// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/model/map_request.hpp"
#include "core/model/repo_symbols.hpp"

namespace repomap {

/// A repository's symbols and a request, as tests write them down: one statement a line, fields parted by tabs.
///   file PATH           a file; the statements below belong to it; paths must rise
///   def NAME            a definition
///   ref NAME COUNT      so many references
///   chat PATH | mention-file PATH | mention NAME | query TEXT | mode aider|anchored
struct RankingCase {
  RepoSymbols symbols;
  MapRequest request;
};

/// REQUIRES: `text` follows the form above; anything else is an assertion failure.
RankingCase parse_ranking_case(const std::string& text);

/// The same symbols with names interned in another order, drawn from `seed`.
RepoSymbols reinterned(const RepoSymbols& symbols, unsigned seed);

}  // namespace repomap
