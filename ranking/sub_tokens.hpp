// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/map_request.hpp"

namespace repomap {

/// Takes the next sub-token off the front of `rest`; "" when there is none left. Sub-tokens are runs of letters and
/// digits, cut where camelCase starts a new word: "parseHTTPHeader2_x" is "parse", "HTTP", "Header2", "x". Bytes beyond
/// ASCII count as letters, and no word starts at or behind them.
std::string_view next_sub_token(std::string_view& rest);

/// The distinct terms of a text that are worth a search, in lower case, by first occurrence: the sub-tokens of its
/// words and, for a word of several, the word without its joiners, so that "tag_ranker" finds TagRanker and
/// "tagranker". Single characters and English function words are left out.
std::vector<std::string> query_terms(std::string_view text);

/// The terms that the text ranking of `request` looks for: those of its query and of its mentioned identifiers; none in
/// RankMode::kAider.
std::vector<std::string> search_terms(const MapRequest& request);

}  // namespace repomap
