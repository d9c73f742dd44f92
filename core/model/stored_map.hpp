// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.hpp"
#include "core/base/result.hpp"
#include "core/model/map_request.hpp"
#include "core/model/symbol_explanation.hpp"

namespace repomap {

/// A file that was read to render a map, and what was in it.
struct ReadFile {
  std::string path;
  Digest content;  ///< zero for a file that could not be read

  friend bool operator==(const ReadFile&, const ReadFile&) = default;
};

/// A finished map as it is kept: with all that an answer says of it, and the files whose text it shows. It is true as
/// long as each of them has that content.
struct StoredMap {
  RepoMap map;
  std::vector<SymbolExplanation> explanations;
  std::vector<std::string> notices;
  std::vector<ReadFile> read;
};

/// The bytes of a map (docs/CACHE_FORMAT.md). Ranks keep every bit.
std::string encode(const StoredMap& stored);

/// What was encoded. Errors: kUnsupported for another version, kCorrupt for anything that encode() does not write.
Result<StoredMap> decode_stored_map(std::string_view bytes);

}  // namespace repomap
