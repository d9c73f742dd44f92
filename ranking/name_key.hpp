// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/model/file_tags.hpp"

namespace repomap {

/// An identifier as it is sorted by its name: with the first bytes of it at hand, so that most pairs need no look at
/// the names themselves.
struct NameKey {
  std::uint64_t leading = 0;  ///< the first eight bytes as a number that sorts as they do, filled up with zeros
  StringPool::Id identifier = 0;
};

NameKey name_key(const StringPool& names, StringPool::Id identifier);

/// Whether the name of `a` is less than that of `b`, by its bytes. REQUIRES: both keys are of `names`.
bool is_less(const StringPool& names, const NameKey& a, const NameKey& b);

}  // namespace repomap
