// SPDX-License-Identifier: Apache-2.0
#include "tests/support/single_operations.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace repomap {

CacheItem make_item(std::string_view key, std::string_view value, std::vector<CacheTag> tags,
                    std::optional<Clock::WallTime> expires) {
  return {CacheKey::from_text(key), {std::make_shared<const std::string>(value), std::move(tags), expires}};
}

void put(CacheBackend& backend, const CacheItem& item) {
  const Status status = backend.put_many({&item, 1});
  EXPECT_TRUE(status) << status.error().message;
}

std::optional<CacheEntry> get_entry(CacheBackend& backend, std::string_view key) {
  const CacheKey cache_key = CacheKey::from_text(key);
  auto entries = backend.get_many({&cache_key, 1});
  if (!entries || entries->size() != 1) {
    ADD_FAILURE() << key << ": " << (entries ? "not one result" : entries.error().message);
    return std::nullopt;
  }
  return std::move(entries->front());
}

std::optional<std::string> get(CacheBackend& backend, std::string_view key) {
  const std::optional<CacheEntry> entry = get_entry(backend, key);
  return entry ? std::optional(*entry->value) : std::nullopt;
}

std::size_t erase(CacheBackend& backend, std::string_view key) {
  const CacheKey cache_key = CacheKey::from_text(key);
  const auto erased = backend.erase({&cache_key, 1});
  EXPECT_TRUE(erased) << erased.error().message;
  return erased.value_or(0);
}

std::size_t evict(CacheBackend& backend, std::string_view label) {
  const CacheTag tag{std::string(label)};
  const auto evicted = backend.evict({&tag, 1});
  EXPECT_TRUE(evicted) << evicted.error().message;
  return evicted.value_or(0);
}

}  // namespace repomap
