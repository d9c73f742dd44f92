// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tree_sitter/api.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace repomap {

/// A copy of a language whose every parse state is a "large" one: a row of the parse table that is indexed by symbol.
///
/// Generated grammars store most states as short lists that the parser scans for each token and each reduction; that
/// scan is a third of the parsing time. The dense table gives the same trees from one load. It costs
/// states × symbols × 2 bytes, so languages above `kMaxTableBytes` keep their lists.
///
/// Owns the table and the copied TSLanguage; borrows all other data from the original, which must outlive it.
/// Immutable after construction, so thread-safe.
class DenseLanguage {
 public:
  static constexpr std::size_t kMaxTableBytes = std::size_t{12} << 20U;

  /// REQUIRES: the ABI version of `original` is supported by the core library.
  explicit DenseLanguage(const TSLanguage* original);
  ~DenseLanguage();
  DenseLanguage(const DenseLanguage&) = delete;
  DenseLanguage& operator=(const DenseLanguage&) = delete;

  /// The dense copy, or the original where it is too large.
  const TSLanguage* get() const;

 private:
  const TSLanguage* original_;
  std::unique_ptr<TSLanguage> dense_;
  std::vector<std::uint16_t> table_;
};

}  // namespace repomap
