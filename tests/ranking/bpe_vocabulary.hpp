// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "ranking/bpe_image_builder.hpp"

namespace repomap {

/// All single letters 'a' … and `joined` random tokens of 2 to 12 letters, ranks in this order; `letters` at most 26.
inline std::vector<BpeToken> make_random_vocabulary(std::mt19937& random, int letters, std::size_t joined) {
  std::vector<BpeToken> tokens;
  for (int i = 0; i < letters; ++i) {
    tokens.push_back({.bytes = std::string(1, static_cast<char>('a' + i)), .rank = static_cast<std::uint32_t>(i)});
  }
  while (tokens.size() < static_cast<std::size_t>(letters) + joined) {
    // Joins of two tokens, as in real vocabularies, so that merges build on merges.
    const std::string bytes = tokens[random() % tokens.size()].bytes + tokens[random() % tokens.size()].bytes;
    const bool is_known = std::ranges::any_of(tokens, [&](const BpeToken& token) { return token.bytes == bytes; });
    if (!is_known && bytes.size() <= 12) {
      tokens.push_back({.bytes = bytes, .rank = static_cast<std::uint32_t>(tokens.size())});
    }
  }
  return tokens;
}

inline std::string make_random_word(std::mt19937& random, int letters, std::size_t length) {
  std::string word(length, ' ');
  for (char& letter : word) {
    letter = static_cast<char>('a' + static_cast<int>(random() % static_cast<unsigned>(letters)));
  }
  return word;
}

}  // namespace repomap
