// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/cache/cache_kind.hpp"
#include "core/cache/cache_settings.hpp"

namespace repomap {

/// One field of CacheSettings as users write it: `cache.<name>` for all kinds, `cache.<kind>.<name>` for one.
struct CacheSettingField {
  std::string_view name;
  std::string_view default_value;  ///< of default_base_settings()
  std::string_view allowed;
  std::string_view help;
  bool (*set)(CacheSettings&, std::string_view value);  ///< whether the value is allowed; else anything is set
};

/// All fields, by name.
std::span<const CacheSettingField> cache_setting_fields();

/// The field of that name, or null.
const CacheSettingField* find_cache_setting(std::string_view name);

/// What `kind` allows of the field: less than other kinds where it is durable.
std::string_view allowed_for(const CacheSettingField& field, CacheKind kind);

}  // namespace repomap
