// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/output_stream.hpp"
#include "service/protocol/json_value.hpp"

namespace repomap::cli {

/// Prints a whole document, indented if stdout is a terminal. Bytes that are not UTF-8, which file names may hold,
/// become U+FFFD.
void print_document(OutputStream& out, const Json& json);

/// Prints a document as one line, and at once: one of a series.
void print_json_line(OutputStream& out, const Json& json);

}  // namespace repomap::cli
