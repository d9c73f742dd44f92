// SPDX-License-Identifier: Apache-2.0
#include "ranking/name_key.hpp"

#include <cstddef>
#include <string_view>

namespace repomap {

NameKey name_key(const StringPool& names, StringPool::Id identifier) {
  const std::string_view name = names.at(identifier);
  NameKey key{.leading = 0, .identifier = identifier};
  for (std::size_t i = 0; i < sizeof(key.leading); ++i) {
    key.leading = (key.leading << 8U) | (i < name.size() ? static_cast<unsigned char>(name[i]) : 0U);
  }
  return key;
}

bool is_less(const StringPool& names, const NameKey& a, const NameKey& b) {
  return a.leading != b.leading ? a.leading < b.leading : names.at(a.identifier) < names.at(b.identifier);
}

}  // namespace repomap
