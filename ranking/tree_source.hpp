// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/model/file_tags.hpp"
#include "core/model/map_request.hpp"

namespace repomap {

/// Yields what a map shows of a file. Files are indices in RepoSymbols::paths, lines are 0-based.
///
/// An answer must not change while a map is rendered: the same question gets the same answer.
/// Used by one thread. A file that can no longer be read is no failure of the map: it has no definitions and no tree,
/// and the source is the one to report it.
class TreeSource {
 public:
  virtual ~TreeSource() = default;

  /// The definitions of `identifier` (in RepoSymbols::identifiers) in `file`, kinds with is_map_kind() only, by line.
  /// Their rank is 0.
  virtual std::vector<MapSymbol> definitions(std::uint32_t file, StringPool::Id identifier) = 0;

  /// The text of `file` around `lines`, as render_tree gives it, of any length and any bytes; nothing if the file
  /// cannot be read. REQUIRES: lines rise and are distinct.
  virtual std::optional<std::string> tree(std::uint32_t file, std::span<const std::uint32_t> lines) = 0;
};

}  // namespace repomap
