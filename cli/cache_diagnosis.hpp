// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/json_output.hpp"

namespace repomap::cli {

/// What `repomap doctor` says of the cache.
struct CacheDiagnosis {
  std::string root;         ///< "": in memory only
  bool is_good = false;     ///< whether what is computed is kept, as the settings say
  std::string detail;       ///< one line for people
  std::string file_system;  ///< "local", or the name of a network file system; "" without a root
  std::uint64_t free_bytes = 0;
  std::vector<std::string> notices;
};

/// Looks at the place of the cache, and opens what is there; makes nothing.
CacheDiagnosis diagnose_cache(Context& context);

/// {root, file_system, free_bytes, notices, kinds: [{kind, size_limit_bytes, …}]}, the latter as in force.
Json to_json(const Context& context, const CacheDiagnosis& diagnosis);

/// The settings in force of each kind, as a table.
void print_kind_settings(const Context& context);

}  // namespace repomap::cli
