// SPDX-License-Identifier: Apache-2.0
#include "ranking/name_index.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <limits>
#include <utility>

#include "core/base/digest.hpp"
#include "ranking/sub_tokens.hpp"
#include "ranking/unicode_pattern.hpp"

namespace repomap {

void append_lower(std::string_view text, std::string& lower) {
  const bool is_ascii =
      std::none_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
  if (!is_ascii) {
    lower += to_lower(text);
    return;
  }
  for (const char c : text) {
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
}

// Terms are told apart by their hash alone: who asks looks at the names anyway.
class NameIndex::Builder {
 public:
  explicit Builder(const RepoSymbols& symbols) : symbols_(symbols) {
    index_.sub_tokens_.resize(symbols.identifiers.size(), 0);
  }

  NameIndex build() {
    for (const FileSymbolsView row : symbols_.files.rows()) {
      for (const StringPool::Id identifier : row.definitions) {
        if (index_.sub_tokens_[identifier] == 0) {
          add(identifier);
        }
      }
    }
    fill_buckets();
    return std::move(index_);
  }

 private:
  struct Occurrence {
    std::uint32_t hash = 0;
    StringPool::Id identifier = 0;
  };

  void add(StringPool::Id identifier) {
    constexpr std::size_t kMost = std::numeric_limits<std::uint16_t>::max();
    std::string_view rest = symbols_.identifiers.at(identifier);
    std::size_t count = 0;
    joined_.clear();
    for (std::string_view token = next_sub_token(rest); !token.empty(); token = next_sub_token(rest)) {
      const std::size_t begin = joined_.size();
      append_lower(token, joined_);
      occurrences_.push_back({hash_of(std::string_view(joined_).substr(begin)), identifier});
      ++count;
    }
    if (count > 1) {
      occurrences_.push_back({hash_of(joined_), identifier});
    }
    index_.sub_tokens_[identifier] = static_cast<std::uint16_t>(std::min(count, kMost));
  }

  /// A counting sort by the last bits of the hash.
  void fill_buckets() {
    const auto buckets = static_cast<std::uint32_t>(std::bit_ceil(occurrences_.size() + 1));
    index_.bucket_begin_.assign(buckets + std::size_t{1}, 0);
    for (const Occurrence& occurrence : occurrences_) {
      ++index_.bucket_begin_[(occurrence.hash & (buckets - 1)) + 1];
    }
    for (std::size_t i = 0; i < buckets; ++i) {
      index_.bucket_begin_[i + 1] += index_.bucket_begin_[i];
    }
    std::vector<std::uint32_t> next(index_.bucket_begin_.begin(), index_.bucket_begin_.end() - 1);
    index_.bearers_.resize(occurrences_.size());
    for (const Occurrence& occurrence : occurrences_) {
      index_.bearers_[next[occurrence.hash & (buckets - 1)]++] = occurrence.identifier;
    }
  }

  static std::uint32_t hash_of(std::string_view term) { return static_cast<std::uint32_t>(hash64_of(term)); }

  const RepoSymbols& symbols_;
  NameIndex index_;
  std::vector<Occurrence> occurrences_;
  std::string joined_;  // scratch: the name without joiners, in lower case
};

NameIndex NameIndex::build(const RepoSymbols& symbols) { return Builder(symbols).build(); }

std::span<const StringPool::Id> NameIndex::bearers(std::string_view term) const {
  const std::size_t buckets = bucket_begin_.size() - 1;
  const std::size_t bucket = static_cast<std::uint32_t>(hash64_of(term)) & (buckets - 1);
  return std::span(bearers_).subspan(bucket_begin_[bucket], bucket_begin_[bucket + 1] - bucket_begin_[bucket]);
}

std::size_t NameIndex::memory_bytes() const {
  return std::as_bytes(std::span(sub_tokens_)).size() + std::as_bytes(std::span(bucket_begin_)).size() +
         std::as_bytes(std::span(bearers_)).size();
}

}  // namespace repomap
