// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "ranking/bpe_image_builder.hpp"

namespace repomap {

/// An encoding as the npm package js-tiktoken ships it.
struct RankSource {
  std::string pattern;           ///< the regular expression of its words
  std::vector<BpeToken> tokens;  ///< in the order of the file
};

/// Reads the text of one `ranks/<encoding>.js`: a module that exports an object with the string literals "pat_str" and
/// "bpe_ranks". The second holds lines "<label> <first rank> <token> <token> …", the tokens in base64 (RFC 4648) and of
/// rising rank. Errors: kCorrupt.
Result<RankSource> parse_rank_source(std::string_view script);

}  // namespace repomap
