// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/json_output.hpp"
#include "service/cache_care.hpp"

namespace repomap::cli {

/// The options that the commands of the group "cache" share.
struct CacheOptions {
  std::vector<std::string> kinds;  ///< names; none: all
  bool force = false;
};

/// Adds --kind.
void add_kind_option(CLI::App& command, CacheOptions& options);

/// Adds --kind and --force.
void add_removal_options(CLI::App& command, CacheOptions& options);

/// The kinds that were named, else all, each once and in their order.
std::vector<CacheKind> chosen_kinds(const CacheOptions& options);

/// The same for a command that removes entries: without --force none whose loss cannot be made good.
/// Errors: kInvalidArgument if such a kind was named.
Result<std::vector<CacheKind>> removable_kinds(const CacheOptions& options);

/// "" where the cache is in memory only, which then is said on stderr.
std::string cache_root(const Context& context);

/// {key, kind, bytes, …}, without the value.
Json to_json(CacheKind kind, const EntrySummary& summary);

// The parts of add_cache_commands().
void add_cache_stats_command(Commands& commands, CLI::App& group);
void add_cache_entry_commands(Commands& commands, CLI::App& group);
void add_cache_check_command(Commands& commands, CLI::App& group);
void add_cache_removal_commands(Commands& commands, CLI::App& group);
void add_cache_explain_command(Commands& commands, CLI::App& group);
void add_cache_warm_command(Commands& commands, CLI::App& group);
void add_cache_migrate_command(Commands& commands, CLI::App& group);

}  // namespace repomap::cli
