// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

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

/// The symbols of a whole repository under one set of interned names: what ranking reads.
struct RepoSymbols {
  std::vector<std::string> paths;  ///< relative to the root, sorted as bytes, distinct
  std::vector<FileSymbols> files;  ///< files[i] belongs to paths[i]; empty for a file without tags
  StringPool identifiers;
};

/// The symbols of one file under the names of `identifiers`, which grows by the names it does not have yet.
FileSymbols to_file_symbols(const FileTags& tags, StringPool& identifiers);

}  // namespace repomap
