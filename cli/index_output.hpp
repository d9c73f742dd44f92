// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"
#include "cli/json_output.hpp"

namespace repomap::cli {

/// Brings the caches of the repository up to date, with a progress line. Errors: those of Service::index().
Result<IndexAnswer> run_indexing(Context& context);

/// {files, parsed, reused, skipped, tags, seconds, bytes}.
Json to_json(const IndexAnswer& answer);

/// The same in one line, on stdout.
void print_summary(const Context& context, const IndexAnswer& answer);

}  // namespace repomap::cli
