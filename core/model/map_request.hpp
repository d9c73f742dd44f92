// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/symbol_kind.hpp"

namespace repomap {

enum class RankMode : std::uint8_t { kAnchored, kAider };
enum class Tokenizer : std::uint8_t { kO200kBase, kCl100kBase, kChars4 };

/// "anchored", "aider".
std::string_view rank_mode_name(RankMode mode);
std::optional<RankMode> rank_mode_from_name(std::string_view name);

/// "o200k_base", "cl100k_base", "chars4".
std::string_view tokenizer_name(Tokenizer tokenizer);

/// The tokenizer of that name, with or without "_base"; nothing where there is none.
std::optional<Tokenizer> tokenizer_from_name(std::string_view name);

/// What a client asks of a map. Paths are relative to the root, with '/'.
struct MapRequest {
  std::size_t token_budget = 1024;  ///< a hard upper bound of RepoMap::tokens
  Tokenizer tokenizer = Tokenizer::kO200kBase;
  RankMode rank_mode = RankMode::kAnchored;
  std::string query;                    ///< free text: the task, a commit message, a prompt
  std::vector<std::string> chat_files;  ///< what the client already sees in full: pulls, is not shown
  std::vector<std::string> mentioned_files;
  std::vector<std::string> mentioned_identifiers;

  friend bool operator==(const MapRequest&, const MapRequest&) = default;
};

/// A symbol that a map shows. Lines are 0-based.
struct MapSymbol {
  std::string name;
  SymbolKind kind = SymbolKind::kSymbol;
  std::uint32_t line = 0;
  double rank = 0;
};

struct MapFile {
  std::string path;
  double rank = 0;
  std::vector<std::uint32_t> lines;  ///< lines of interest, 0-based, rising
  std::vector<MapSymbol> symbols;    ///< by line, then name
};

/// A rendered map.
struct RepoMap {
  std::string text;
  std::size_t tokens = 0;      ///< of text, by the request's tokenizer
  std::vector<MapFile> files;  ///< in the order of text
};

}  // namespace repomap
