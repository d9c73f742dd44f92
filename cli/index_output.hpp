// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace repomap::cli {

/// Brings the caches of the repository up to date, with a progress line. Errors: those of QueryBackend::index().
Result<IndexAnswer> run_indexing(Context& context);

/// The same in one line, on stdout.
void print_summary(const Context& context, const IndexAnswer& answer);

}  // namespace repomap::cli
