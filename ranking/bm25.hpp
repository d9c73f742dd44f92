// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/repo_symbols.hpp"

namespace repomap {

class NameIndex;

/// The terms of a query, for asking quickly which of them a name has. Thread-compatible.
class QueryTerms {
 public:
  /// REQUIRES: `terms` are distinct, in lower case and not empty, as query_terms() gives them.
  explicit QueryTerms(std::vector<std::string> terms);

  const std::vector<std::string>& all() const { return terms_; }

  /// Appends to `found` the indices of the distinct terms that are a sub-token of `name`, or all of it but joiners.
  /// Returns the number of sub-tokens of `name`.
  std::size_t find_in(std::string_view name, std::vector<std::uint32_t>& found);

 private:
  void look_up(std::string_view lower, std::size_t first, std::vector<std::uint32_t>& found) const;

  std::vector<std::string> terms_;
  std::array<std::uint64_t, 256> lengths_by_first_byte_{};  // a bit for each length, 63 for all longer ones
  std::string joined_;                                      // scratch: the name without joiners, in lower case
};

/// Okapi BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework") of a repository's files for a
/// query: a file is the bag of the sub-tokens of the names it defines and, kPathWeight times, of its path.
/// Immutable once built. Borrows the symbols.
class Bm25 {
 public:
  static constexpr double kSaturation = 1.2;    // k1
  static constexpr double kLengthShare = 0.75;  // b
  static constexpr double kPathWeight = 2;

  /// `names` is the index of the symbols, or null for none; it changes no score.
  Bm25(const RepoSymbols& symbols, QueryTerms& terms, const NameIndex* names = nullptr);

  /// For each path: its score, 0 if no term matches.
  const std::vector<double>& file_scores() const { return file_scores_; }

  /// The summed weight (inverse document frequency) of the terms in the name of a definition.
  double name_score(StringPool::Id identifier) const;

 private:
  struct Posting {
    std::uint32_t file = 0;
    std::uint32_t term = 0;
    double frequency = 0;
  };

  void ensure_scanned(StringPool::Id identifier, QueryTerms& terms);
  void count(const RepoSymbols& symbols, QueryTerms& terms);
  void score(std::size_t term_count);

  const RepoSymbols& symbols_;
  const NameIndex* const names_;
  std::vector<std::uint16_t> sub_tokens_;   // for each identifier: number of sub-tokens + 1, 0 if not scanned
  std::vector<std::uint32_t> first_match_;  // for each identifier: index in matches_ of its terms, 0 for none
  std::vector<std::uint32_t> matches_;      // runs of terms, each closed by kEnd
  std::vector<Posting> postings_;           // by file
  std::vector<double> lengths_;             // for each path: weighted number of sub-tokens
  std::vector<double> term_weights_;
  std::vector<double> file_scores_;
};

}  // namespace repomap
