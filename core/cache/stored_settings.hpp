// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/cache/cache_settings.hpp"

namespace repomap {

/// Settings as a store remembers them (docs/CACHE_FORMAT.md, "Settings"). What concerns a connection or the tier in
/// memory is not part of it: timeout, journal, mmap, page cache, synchronous, L1.
std::string encode_settings(const CacheSettings& settings);

/// `settings` with the remembered ones in place. Errors: kCorrupt.
Result<CacheSettings> decode_settings(std::string_view bytes, CacheSettings settings);

}  // namespace repomap
