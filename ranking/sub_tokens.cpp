// SPDX-License-Identifier: Apache-2.0
#include "ranking/sub_tokens.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <unordered_set>

#include "ranking/unicode_pattern.hpp"

namespace repomap {
namespace {

enum class Class : unsigned char { kOther, kUpper, kLower, kDigit, kBeyondAscii };

Class class_of(char c) {
  if (c >= 'A' && c <= 'Z') {
    return Class::kUpper;
  }
  if (c >= 'a' && c <= 'z') {
    return Class::kLower;
  }
  if ((static_cast<unsigned char>(c) & 0x80U) != 0) {
    return Class::kBeyondAscii;
  }
  return c >= '0' && c <= '9' ? Class::kDigit : Class::kOther;
}

/// Whether a new word starts at `text[position]`, given that it goes on a run of letters and digits.
bool starts_word(std::string_view text, std::size_t position) {
  if (class_of(text[position]) != Class::kUpper) {
    return false;
  }
  const bool next_is_lower = position + 1 < text.size() && class_of(text[position + 1]) == Class::kLower;
  const Class previous = class_of(text[position - 1]);
  return previous == Class::kLower || previous == Class::kDigit || (previous == Class::kUpper && next_is_lower);
}

/// Words that hold sentences together and say nothing of code; sorted.
constexpr auto kFunctionWords = std::to_array<std::string_view>(
    {"about",  "after", "again", "all",   "also", "an",   "and",   "any",  "are",   "as",    "at",   "be",    "because",
     "been",   "being", "but",   "by",    "can",  "did",  "do",    "does", "doesn", "don",   "each", "for",   "from",
     "had",    "has",   "have",  "how",   "if",   "in",   "into",  "is",   "isn",   "it",    "its",  "just",  "may",
     "more",   "no",    "not",   "now",   "of",   "off",  "on",    "only", "or",    "other", "our",  "out",   "over",
     "should", "so",    "some",  "still", "such", "than", "that",  "the",  "their", "them",  "then", "there", "these",
     "they",   "this",  "those", "to",    "too",  "up",   "very",  "was",  "we",    "were",  "what", "when",  "where",
     "which",  "while", "who",   "why",   "will", "with", "would", "you",  "your"});
static_assert(std::is_sorted(kFunctionWords.begin(), kFunctionWords.end()));

bool is_worth_a_search(std::string_view term) {
  return code_points(term) >= 2 && !std::binary_search(kFunctionWords.begin(), kFunctionWords.end(), term);
}

}  // namespace

std::string_view next_sub_token(std::string_view& rest) {
  std::size_t begin = 0;
  while (begin < rest.size() && class_of(rest[begin]) == Class::kOther) {
    ++begin;
  }
  std::size_t end = begin;
  while (end < rest.size() && class_of(rest[end]) != Class::kOther && (end == begin || !starts_word(rest, end))) {
    ++end;
  }
  const std::string_view token = rest.substr(begin, end - begin);
  rest.remove_prefix(end);
  return token;
}

std::vector<std::string> query_terms(std::string_view text) {
  const UnicodePattern word_pattern(R"([\p{L}\p{N}_-]+)");
  std::vector<std::string> terms;
  std::unordered_set<std::string> seen;
  const auto add = [&](const std::string& term) {
    if (is_worth_a_search(term) && seen.insert(term).second) {
      terms.push_back(term);
    }
  };
  for (std::string_view word : word_pattern.all_in(text)) {
    std::string joined;
    std::size_t parts = 0;
    for (std::string_view token = next_sub_token(word); !token.empty(); token = next_sub_token(word)) {
      const std::string lower = to_lower(token);
      add(lower);
      joined += lower;
      ++parts;
    }
    if (parts > 1) {
      add(joined);
    }
  }
  return terms;
}

std::vector<std::string> search_terms(const MapRequest& request) {
  if (request.rank_mode == RankMode::kAider) {
    return {};
  }
  std::string text = request.query;
  for (const std::string& identifier : request.mentioned_identifiers) {
    text += ' ';
    text += identifier;
  }
  return query_terms(text);
}

}  // namespace repomap
