// SPDX-License-Identifier: Apache-2.0
#include "core/cache/graph_cache.hpp"

#include <memory>
#include <utility>

#include "core/model/repo_symbols_codec.hpp"

namespace repomap {
namespace {

CacheKey key_of(const Digest& state) { return CacheKey::from_text("symbols").add_digest(state); }

}  // namespace

std::optional<RepoSymbols> GraphCache::get(const Digest& state) {
  const CacheKey key = key_of(state);
  auto values = entries_.get<RepoSymbols>(
      {&key, 1}, [](std::size_t /*index*/, std::string_view bytes) { return decode_repo_symbols(bytes); });
  return std::move(values.front());
}

void GraphCache::set(const Digest& state, const RepoSymbols& symbols) {
  CacheItem item;
  item.key = key_of(state);
  item.entry.value = std::make_shared<const std::string>(encode(symbols));
  entries_.put({&item, 1});
}

}  // namespace repomap
