// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/model/repo_symbols.hpp"

namespace repomap {

/// The bytes of a repository's symbols (docs/CACHE_FORMAT.md): a few numbers, then arrays as they lie in memory, so
/// that reading them is little more than copying.
std::string encode(const RepoSymbols& symbols);

/// What was encoded, ids included. Errors: kUnsupported for another version; kCorrupt if lengths do not fit, paths do
/// not rise, or a row has an identifier that is not there or a count of 0.
Result<RepoSymbols> decode_repo_symbols(std::string_view bytes);

}  // namespace repomap
