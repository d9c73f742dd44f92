// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/cache/cache_backend.hpp"

namespace repomap {

// Operations on one text key. Each is a failure of the test if the backend fails.
CacheItem make_item(std::string_view key, std::string_view value, std::vector<CacheTag> tags = {},
                    std::optional<Clock::WallTime> expires = std::nullopt);
void put(CacheBackend& backend, const CacheItem& item);
/// The value of the text key, or nothing.
std::optional<std::string> get(CacheBackend& backend, std::string_view key);
std::optional<CacheEntry> get_entry(CacheBackend& backend, std::string_view key);
std::size_t erase(CacheBackend& backend, std::string_view key);
std::size_t evict(CacheBackend& backend, std::string_view label);

}  // namespace repomap
