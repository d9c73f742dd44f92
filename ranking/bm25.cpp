// SPDX-License-Identifier: Apache-2.0
//
// Each distinct name is cut into sub-tokens once for each query, which is cheaper than to build an index for one query;
// where there is an index, only the names that it gives are. Names match a handful of terms at most. So the work is one
// pass over the names, and one over the files with the few matches that were found.
#include "ranking/bm25.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "ranking/name_index.hpp"
#include "ranking/sub_tokens.hpp"

namespace repomap {
namespace {

constexpr std::uint32_t kEnd = 0xffffffff;
constexpr std::size_t kLongest = 63;

std::uint64_t length_bit(std::size_t length) { return std::uint64_t{1} << std::min(length, kLongest); }

}  // namespace

QueryTerms::QueryTerms(std::vector<std::string> terms) : terms_(std::move(terms)) {
  for (const std::string& term : terms_) {
    lengths_by_first_byte_[static_cast<unsigned char>(term.front())] |= length_bit(term.size());
  }
}

std::size_t QueryTerms::find_in(std::string_view name, std::vector<std::uint32_t>& found) {
  const std::size_t first = found.size();
  std::size_t count = 0;
  joined_.clear();
  for (std::string_view token = next_sub_token(name); !token.empty(); token = next_sub_token(name)) {
    const std::size_t begin = joined_.size();
    append_lower(token, joined_);
    look_up(std::string_view(joined_).substr(begin), first, found);
    ++count;
  }
  if (count > 1) {
    look_up(joined_, first, found);
  }
  return count;
}

void QueryTerms::look_up(std::string_view lower, std::size_t first, std::vector<std::uint32_t>& found) const {
  if ((lengths_by_first_byte_[static_cast<unsigned char>(lower.front())] & length_bit(lower.size())) == 0) {
    return;
  }
  const auto term = std::find(terms_.begin(), terms_.end(), lower);
  const auto index = static_cast<std::uint32_t>(term - terms_.begin());
  const bool is_new = std::find(found.begin() + static_cast<std::ptrdiff_t>(first), found.end(), index) == found.end();
  if (term != terms_.end() && is_new) {
    found.push_back(index);
  }
}

Bm25::Bm25(const RepoSymbols& symbols, QueryTerms& terms, const NameIndex* names)
    : symbols_(symbols),
      names_(names),
      sub_tokens_(symbols.identifiers.size(), 0),
      first_match_(symbols.identifiers.size(), 0),
      matches_(1, kEnd),
      lengths_(symbols.files.size(), 0),
      file_scores_(symbols.files.size(), 0) {
  for (const std::string& term : names_ != nullptr ? terms.all() : std::vector<std::string>()) {
    for (const StringPool::Id identifier : names_->bearers(term)) {
      ensure_scanned(identifier, terms);
    }
  }
  count(symbols, terms);
  score(terms.all().size());
}

/// Finds the terms of a name, unless that has been done.
void Bm25::ensure_scanned(StringPool::Id identifier, QueryTerms& terms) {
  if (sub_tokens_[identifier] != 0) {
    return;
  }
  const std::size_t begin = matches_.size();
  const std::size_t count = terms.find_in(symbols_.identifiers.at(identifier), matches_);
  constexpr std::size_t kMost = std::numeric_limits<std::uint16_t>::max() - 1;
  sub_tokens_[identifier] = static_cast<std::uint16_t>(std::min(count, kMost) + 1);
  if (matches_.size() > begin) {
    first_match_[identifier] = static_cast<std::uint32_t>(begin);
    matches_.push_back(kEnd);
  }
}

void Bm25::count(const RepoSymbols& symbols, QueryTerms& terms) {
  std::vector<double> frequencies(terms.all().size(), 0);
  std::vector<std::uint32_t> in_path;
  for (std::uint32_t file = 0; file < symbols.files.size(); ++file) {
    in_path.clear();
    lengths_[file] = kPathWeight * static_cast<double>(terms.find_in(symbols.paths[file], in_path));
    for (const std::uint32_t term : in_path) {
      frequencies[term] += kPathWeight;
    }
    for (const StringPool::Id identifier : symbols.files[file].definitions) {
      if (names_ != nullptr && names_->covers(identifier)) {
        lengths_[file] += static_cast<double>(names_->sub_tokens(identifier));
      } else {
        ensure_scanned(identifier, terms);
        lengths_[file] += sub_tokens_[identifier] - 1;
      }
      for (std::uint32_t match = first_match_[identifier]; matches_[match] != kEnd; ++match) {
        frequencies[matches_[match]] += 1;
      }
    }
    for (std::uint32_t term = 0; term < frequencies.size(); ++term) {
      if (frequencies[term] > 0) {
        postings_.push_back({file, term, std::exchange(frequencies[term], 0)});
      }
    }
  }
}

void Bm25::score(std::size_t term_count) {
  const auto files = static_cast<double>(file_scores_.size());
  std::vector<double> documents(term_count, 0);
  for (const Posting& posting : postings_) {
    documents[posting.term] += 1;
  }
  for (const double with_term : documents) {
    term_weights_.push_back(std::log(1 + (files - with_term + 0.5) / (with_term + 0.5)));
  }
  const double mean_length = std::accumulate(lengths_.begin(), lengths_.end(), 0.0) / std::max(files, 1.0);
  for (const Posting& posting : postings_) {
    const double length = 1 - kLengthShare + kLengthShare * lengths_[posting.file] / mean_length;
    file_scores_[posting.file] += term_weights_[posting.term] * posting.frequency * (kSaturation + 1) /
                                  (posting.frequency + kSaturation * length);
  }
}

double Bm25::name_score(StringPool::Id identifier) const {
  double sum = 0;
  for (std::uint32_t match = first_match_[identifier]; matches_[match] != kEnd; ++match) {
    sum += term_weights_[matches_[match]];
  }
  return sum;
}

}  // namespace repomap
