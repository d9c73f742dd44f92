// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.hpp"
#include "core/model/file_tags.hpp"

namespace repomap {

/// The digest of all that ranking reads of a file's tags: which names it defines and how often it refers to which, each
/// in the order of first occurrence (to_file_symbols). Lines are no part of it, so an edit that only moves symbols
/// leaves it, and with it every rank, as it was.
Digest symbols_digest(const FileTags& tags);

}  // namespace repomap
