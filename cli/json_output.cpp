// SPDX-License-Identifier: Apache-2.0
#include "cli/json_output.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace repomap::cli {

Json to_json(const std::string& path, const FileTags& tags, const Tag& tag) {
  Json json;
  json["path"] = path;
  json["name"] = tags.name(tag);
  json["role"] = role_name(tag.role);
  json["kind"] = kind_name(tag.kind);
  json["line"] = tag.line + 1;
  json["column"] = tag.column + 1;
  json["end_line"] = tag.end_line + 1;
  json["scope"] = tags.scope(tag);
  json["signature"] = tags.signature(tag);
  json["lang"] = tags.language;
  return json;
}

Json to_json(const SymbolHit& hit) {
  Json json;
  json["path"] = hit.path;
  json["name"] = hit.name;
  json["role"] = role_name(hit.role);
  json["kind"] = kind_name(hit.kind);
  json["line"] = hit.line + 1;
  json["column"] = hit.column + 1;
  json["end_line"] = hit.end_line + 1;
  json["scope"] = hit.scope;
  json["signature"] = hit.signature;
  json["lang"] = hit.language;
  return json;
}

Json to_json(const Freshness& freshness) {
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(freshness.as_of.time_since_epoch()).count();
  const auto seconds = std::chrono::system_clock::to_time_t(freshness.as_of);
  Json json;
  json["as_of"] = fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), milliseconds % 1000);
  json["indexed"] = freshness.indexed;
  json["pending"] = freshness.pending;
  json["skipped"] = freshness.skipped;
  json["watcher"] = freshness.watcher;
  return json;
}

Json to_json(const SymbolExplanation& explanation) {
  Json json;
  json["path"] = explanation.path;
  json["name"] = explanation.name;
  json["rank"] = explanation.rank;
  json["graph_rank"] = explanation.graph_rank;
  json["file_rank"] = explanation.file_rank;
  json["referencing_files"] = explanation.referencing_files;
  json["references"] = Json::array();
  for (const auto& reference : explanation.strongest_references) {
    json["references"].push_back({{"path", reference.path}, {"share", reference.share}});
  }
  json["pulls"] = Json::array();
  for (const auto& pull : explanation.pulls) {
    json["pulls"].push_back({{"kind", pull.kind}, {"detail", pull.detail}});
  }
  return json;
}

Json skipped_to_json(const FileReport& report) {
  Json skipped = Json::array();
  for (const SkippedFile& file : report.skipped) {
    skipped.push_back({{"path", file.path}, {"reason", skip_reason_name(file.reason)}, {"detail", file.detail}});
  }
  return skipped;
}

void print_document(OutputStream& out, const Json& json) {
  const int indent = ::isatty(STDOUT_FILENO) != 0 ? 2 : -1;
  out.write(json.dump(indent, ' ', false, Json::error_handler_t::replace));
  out.write("\n");
}

}  // namespace repomap::cli
