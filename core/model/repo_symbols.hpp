// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/model/file_tags.hpp"

namespace repomap {

/// How often a file refers to an identifier.
struct ReferenceCount {
  StringPool::Id identifier = 0;  ///< in RepoSymbols::identifiers
  std::uint32_t count = 0;

  friend bool operator==(const ReferenceCount&, const ReferenceCount&) = default;
};

/// The distinct identifiers that one file defines and refers to, each list in the order of first occurrence in the
/// file. That order, not the ids, is what all sums run over, so ranks do not depend on who interned a name first.
struct FileSymbols {
  std::vector<StringPool::Id> definitions;  ///< distinct, kinds with is_map_kind() only
  std::vector<ReferenceCount> references;   ///< distinct by identifier
};

/// The symbols of one file, lying elsewhere.
struct FileSymbolsView {
  FileSymbolsView() = default;
  FileSymbolsView(std::span<const StringPool::Id> defined, std::span<const ReferenceCount> referenced)
      : definitions(defined), references(referenced) {}
  // NOLINTNEXTLINE(google-explicit-constructor): a view of a value, as std::string_view is
  FileSymbolsView(const FileSymbols& symbols) : definitions(symbols.definitions), references(symbols.references) {}

  std::span<const StringPool::Id> definitions;
  std::span<const ReferenceCount> references;
};

/// The symbols of many files, one row for each, end to end in two arrays. Rows are appended, not changed.
/// Thread-compatible.
class SymbolTable {
 public:
  /// What a table consists of. Row i ends at …_ends[i] and starts where the row before it ends.
  struct Arrays {
    std::vector<std::uint32_t> definition_ends;
    std::vector<std::uint32_t> reference_ends;
    std::vector<StringPool::Id> definitions;
    std::vector<ReferenceCount> references;
  };

  /// REQUIRES: the view is not of this table.
  void push_back(FileSymbolsView row);

  std::size_t size() const { return arrays_.definition_ends.size(); }

  /// REQUIRES: row < size(). The view lives as long as the table is not changed.
  FileSymbolsView operator[](std::size_t row) const {
    return {part(arrays_.definitions, arrays_.definition_ends, row),
            part(arrays_.references, arrays_.reference_ends, row)};
  }

  /// All rows in order.
  auto rows() const {
    return std::views::iota(std::size_t{0}, size()) |
           std::views::transform([this](std::size_t row) { return (*this)[row]; });
  }

  const Arrays& arrays() const { return arrays_; }

  /// The table of these arrays. Errors: kCorrupt if the ends do not part the arrays into as many rows of each, an
  /// identifier is 0 or not below `identifiers`, or a count is 0.
  static Result<SymbolTable> restore(Arrays arrays, std::size_t identifiers);

 private:
  template <typename T>
  static std::span<const T> part(const std::vector<T>& all, const std::vector<std::uint32_t>& ends, std::size_t row) {
    const std::size_t begin = row == 0 ? 0 : ends[row - 1];
    return std::span(all).subspan(begin, ends[row] - begin);
  }

  Arrays arrays_;
};

/// The table with these rows.
SymbolTable to_symbol_table(std::span<const FileSymbols> rows);

/// The symbols of a whole repository under one set of interned names: what ranking reads.
struct RepoSymbols {
  std::vector<std::string> paths;  ///< relative to the root, sorted as bytes, distinct
  SymbolTable files;               ///< files[i] belongs to paths[i]; empty for a file without tags
  StringPool identifiers;          ///< may hold names that no file has any more
};

/// The symbols of one file under the names of `identifiers`, which grows by the names it does not have yet.
FileSymbols to_file_symbols(const FileTags& tags, StringPool& identifiers);

}  // namespace repomap
