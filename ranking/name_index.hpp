// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/repo_symbols.hpp"

namespace repomap {

/// Which defined names have which sub-tokens, so that a query need not cut all names into theirs. Worth its making
/// where /// the same symbols are asked more than once. It also serves later symbols whose names are the same and more:
/// what it does not cover is cut when it is met. Immutable once built, so any thread may read it.
class NameIndex {
 public:
  static NameIndex build(const RepoSymbols& symbols);

  /// Some covered names, each at least once that has `term` for a sub-token or for all of it but joiners, and possibly
  /// others. REQUIRES: `term` is in lower case.
  std::span<const StringPool::Id> bearers(std::string_view term) const;

  /// Whether a name is in the index. Those that were defined when it was made are, apart from some without sub-tokens.
  bool covers(StringPool::Id identifier) const {
    return identifier < sub_tokens_.size() && sub_tokens_[identifier] != 0;
  }

  /// The number of sub-tokens of a covered name.
  std::size_t sub_tokens(StringPool::Id identifier) const { return sub_tokens_[identifier]; }

  /// An estimate of what it occupies.
  std::size_t memory_bytes() const;

 private:
  class Builder;
  NameIndex() = default;

  std::vector<std::uint16_t> sub_tokens_;    // for each identifier; 0 for those that are not defined
  std::vector<std::uint32_t> bucket_begin_;  // in bearers_, for each hash of a term, and the end
  std::vector<StringPool::Id> bearers_;
};

/// Appends `text` in lower case.
void append_lower(std::string_view text, std::string& lower);

}  // namespace repomap
