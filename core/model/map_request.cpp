// SPDX-License-Identifier: Apache-2.0
#include "core/model/map_request.hpp"

namespace repomap {

std::string_view rank_mode_name(RankMode mode) { return mode == RankMode::kAider ? "aider" : "anchored"; }

std::optional<RankMode> rank_mode_from_name(std::string_view name) {
  for (const RankMode mode : {RankMode::kAnchored, RankMode::kAider}) {
    if (name == rank_mode_name(mode)) {
      return mode;
    }
  }
  return std::nullopt;
}

std::string_view tokenizer_name(Tokenizer tokenizer) {
  switch (tokenizer) {
    case Tokenizer::kO200kBase: return "o200k_base";
    case Tokenizer::kCl100kBase: return "cl100k_base";
    case Tokenizer::kChars4: return "chars4";
  }
  return "";
}

std::optional<Tokenizer> tokenizer_from_name(std::string_view name) {
  for (const Tokenizer tokenizer : {Tokenizer::kO200kBase, Tokenizer::kCl100kBase, Tokenizer::kChars4}) {
    const std::string_view full_name = tokenizer_name(tokenizer);
    if (name == full_name || (full_name.ends_with("_base") && name == full_name.substr(0, full_name.size() - 5))) {
      return tokenizer;
    }
  }
  return std::nullopt;
}

}  // namespace repomap
