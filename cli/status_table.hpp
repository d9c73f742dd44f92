// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/command.hpp"
#include "service/protocol/status_json.hpp"

namespace repomap::cli {

/// In a word what becomes of a repository: "trouble", "indexing", "current", "unloaded".
std::string repository_state(const RepositoryStatus& repository);

/// The status of the daemon for people: itself, its repositories, its caches.
void print_status_tables(const Context& context, const StatusAnswer& answer);

}  // namespace repomap::cli
