// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "core/cache/cache_key.hpp"

namespace repomap {

/// The key that CacheKey::to_display() shows as `text`. Spaces around parts do not count.
/// Errors: kInvalidArgument, which says where the text stops to be a key.
Result<CacheKey> cache_key_from_text(std::string_view text);

}  // namespace repomap
