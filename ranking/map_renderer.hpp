// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include "core/model/map_request.hpp"
#include "core/model/ranked_tags.hpp"
#include "core/model/repo_symbols.hpp"
#include "ranking/token_counter.hpp"
#include "ranking/tree_source.hpp"

namespace repomap {

/// The map of the best entries that fit in `token_budget` tokens.
///
/// The text has the form of aider's repository map: files by path, each as an empty line, "<path>:" and the tree around
/// all its shown definitions, or "<path>" alone; lines cut to kMaxMapLineCharacters; valid UTF-8; paths by
/// visible_path(). It ends in '\n', or is "" where nothing fits.
///
/// RepoMap::tokens is the count of the whole text and never exceeds the budget. Shown is the longest run of entries
/// from the best one on that fits, then each later entry that still fits, until kFullEnough is reached or too many in a
/// row of tries have failed. An entry that the source knows nothing of is passed over.
///
/// Deterministic. Calls `source` and `counter` on the caller's thread; has no other effect. Does not fail.
/// Time: each try renders and counts only the files it changes, and tries double in size, so a file is rendered
/// O(log entries) times, plus once for each entry that did not fit.
/// REQUIRES: ranked.is_whole.
RepoMap render_map(const RankedTags& ranked, const RepoSymbols& symbols, TreeSource& source,
                   const TokenCounter& counter, std::size_t token_budget);

/// The same map from the first entries, or nothing if it may depend on those that are not there.
std::optional<RepoMap> render_map_from_first(const RankedTags& ranked, const RepoSymbols& symbols, TreeSource& source,
                                             const TokenCounter& counter, std::size_t token_budget);

}  // namespace repomap
