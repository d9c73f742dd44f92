// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "cli/output_stream.hpp"
#include "service/service.hpp"

namespace repomap::cli {

/// JSON with the keys in the order in which they are set (docs/CLI.md). Lines and columns are 1-based.
using Json = nlohmann::ordered_json;

Json to_json(const std::string& path, const FileTags& tags, const Tag& tag);
Json to_json(const SymbolHit& hit);
Json to_json(const Freshness& freshness);
Json to_json(const SymbolExplanation& explanation);

/// The files that a request has left out: [{path, reason, detail}].
Json skipped_to_json(const FileReport& report);

/// Prints a whole document, indented if stdout is a terminal. Bytes that are not UTF-8, which file names may hold,
/// become U+FFFD.
void print_document(OutputStream& out, const Json& json);

}  // namespace repomap::cli
