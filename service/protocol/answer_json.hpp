// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "core/base/result.hpp"
#include "core/model/file_tags.hpp"
#include "service/protocol/json_value.hpp"
#include "service/query_backend.hpp"

namespace repomap {

// Answers as JSON (docs/CLI.md, docs/PROTOCOL.md) and back. A …_document is what `repomap … --json` prints; to_json()
// of an answer is the same with what else a client needs to have the whole answer. Lines and columns are 1-based in
// JSON. Errors of every …_from_json: kInvalidArgument, naming the first key that is missing or of another type; keys
// that are not known are left alone, since answers may grow.

Json to_json(const Freshness& freshness);
Json to_json(const SymbolHit& hit);
Json to_json(const SymbolExplanation& explanation);

/// One tag of a file, as a row of `tags`.
Json to_json(const std::string& path, const FileTags& tags, const Tag& tag);

/// The files that a request has left out: [{path, reason, detail}].
Json skipped_to_json(const FileReport& report);

/// Of `query` it takes what the answer is to: root, budget and the like.
Json map_document(const MapAnswer& answer, const MapQuery& query);
Json to_json(const MapAnswer& answer, const MapQuery& query);
Result<MapAnswer> map_answer_from_json(const Json& json);

Json symbols_document(const SymbolsAnswer& answer);
Json to_json(const SymbolsAnswer& answer);
Result<SymbolsAnswer> symbols_answer_from_json(const Json& json);

Json index_document(const IndexAnswer& answer);
Json to_json(const IndexAnswer& answer);
Result<IndexAnswer> index_answer_from_json(const Json& json);

/// The definitions of a file. What comes back has these, the language, the number of lines and has_syntax_errors.
Json outline_document(const std::string& path, const FileTags& tags);
Result<FileTags> outline_from_json(const Json& json);

/// {path, lines, text}.
Json tree_document(const TreeRequest& request, const std::string& text);
Result<std::string> tree_from_json(const Json& json);

Result<Freshness> freshness_from_json(const Json& json);

/// All of a report but for its freshness: "listed", "index", "skipped" and "notices", for answers that have a form of
/// their own. Keys that are there already keep their place.
void add_report(Json& json, const FileReport& report);

/// The report of an answer, with its "freshness".
Result<FileReport> report_from_json(const Json& json);

}  // namespace repomap
