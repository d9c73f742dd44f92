// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace repomap {

/// A label by which entries are invalidated: "file:src/a.c", "lang:c", "schema:3". Any bytes, compared as bytes.
/// Not to be confused with Tag, a symbol's occurrence.
struct CacheTag {
  std::string label;

  static CacheTag file(std::string_view path) { return {fmt::format("file:{}", path)}; }
  static CacheTag language(std::string_view name) { return {fmt::format("lang:{}", name)}; }
  static CacheTag schema(std::uint32_t version) { return {fmt::format("schema:{}", version)}; }

  friend bool operator==(const CacheTag&, const CacheTag&) = default;
  friend auto operator<=>(const CacheTag&, const CacheTag&) = default;
};

}  // namespace repomap
