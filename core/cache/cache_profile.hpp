// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "core/base/result.hpp"
#include "core/cache/cache_kind.hpp"
#include "core/cache/cache_settings.hpp"

namespace repomap {

/// The base settings unless somebody says otherwise: 5 GiB on disk, 128 MiB in memory.
CacheSettings default_base_settings();

/// Where everything is cached, and how. A value type.
struct CacheProfile {
  std::string root;  ///< an absolute path; "": nothing on disk, everything in memory

  /// Of every kind that has no override. Its limits of size and of items are for all kinds together: each gets its
  /// share. Kinds that are durable keep their own limit, and their way of losing nothing.
  CacheSettings base = default_base_settings();

  /// The kinds with settings of their own, which are in the place of all of the base.
  std::map<CacheKind, CacheSettings> overrides;

  /// What is in force for a kind.
  CacheSettings settings(CacheKind kind) const;

  /// Errors: kInvalidArgument for a root that is not absolute and for settings that cannot be, with the kind, the
  /// setting and what is allowed (CacheSettings::validate).
  Status validate() const;
};

}  // namespace repomap
