// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/answer_json.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/skipped_file.hpp"
#include "service/protocol/json_reader.hpp"
#include "service/protocol/moment_text.hpp"

namespace repomap {
namespace {

/// More than a map has: where an object grows, all that it holds is copied.
constexpr std::size_t kMapMembers = 24;

constexpr std::string_view kReasons = "the name of a reason";
constexpr std::string_view kKinds = "the name of a kind of symbol";

std::optional<SkipReason> skip_reason_from_name(std::string_view name) {
  for (int reason = 0; reason <= static_cast<int>(SkipReason::kVanished); ++reason) {
    if (skip_reason_name(static_cast<SkipReason>(reason)) == name) {
      return static_cast<SkipReason>(reason);
    }
  }
  return std::nullopt;
}

std::optional<Role> role_from_name(std::string_view name) {
  return name == role_name(Role::kDefinition)  ? std::optional(Role::kDefinition)
         : name == role_name(Role::kReference) ? std::optional(Role::kReference)
                                               : std::nullopt;
}

Status read_skipped(const Json& json, std::vector<SkippedFile>& skipped) {
  SkippedFile file;
  JsonReader reader(json, Absent::kRefuse);
  reader.text("path", file.path);
  reader.name("reason", file.reason, skip_reason_from_name, kReasons);
  reader.text("detail", file.detail);
  skipped.push_back(std::move(file));
  return reader.status();
}

/// Where in the list of all skipped files those are that the index has skipped.
Json places_of(const std::vector<SkippedFile>& some, const std::vector<SkippedFile>& all) {
  Json places = Json::array();
  std::size_t place = 0;
  for (const SkippedFile& file : some) {
    while (place < all.size() && all[place].path != file.path) {
      ++place;
    }
    if (place < all.size()) {
      places.push_back(place);
    }
  }
  return places;
}

Json index_to_json(const FileReport& report) {
  const IndexReport& index = report.index;
  return {{"parsed", index.parsed}, {"reused", index.reused}, {"unknown", index.unknown},
          {"tags", index.tags},     {"bytes", index.bytes},   {"skipped", places_of(index.skipped, report.skipped)}};
}

Status read_index(const Json& json, FileReport& report) {
  JsonReader reader(json, Absent::kRefuse);
  reader.number("parsed", report.index.parsed);
  reader.number("reused", report.index.reused);
  reader.number("unknown", report.index.unknown);
  reader.number("tags", report.index.tags);
  reader.number("bytes", report.index.bytes);
  reader.array("skipped", [&](const Json& place) -> Status {
    if (!place.is_number_unsigned() || place.get<std::uint64_t>() >= report.skipped.size()) {
      return fail(ErrorCode::kInvalidArgument, "\"skipped\" of \"index\": places in \"skipped\" are expected");
    }
    report.index.skipped.push_back(report.skipped[place.get<std::size_t>()]);
    return {};
  });
  return reader.status();
}

Json to_json(const MapFile& file) {
  Json json;
  json["path"] = file.path;
  json["rank"] = file.rank;
  json["lines"] = Json::array();
  for (const std::uint32_t line : file.lines) {
    json["lines"].push_back(line + 1);
  }
  json["symbols"] = Json::array();
  for (const MapSymbol& symbol : file.symbols) {
    json["symbols"].push_back(
        {{"name", symbol.name}, {"kind", kind_name(symbol.kind)}, {"line", symbol.line + 1}, {"rank", symbol.rank}});
  }
  return json;
}

Status read_map_symbol(const Json& json, std::vector<MapSymbol>& symbols) {
  MapSymbol& symbol = symbols.emplace_back();
  JsonReader reader(json, Absent::kRefuse);
  reader.text("name", symbol.name);
  reader.name("kind", symbol.kind, kind_from_name, kKinds);
  reader.position("line", symbol.line);
  reader.real("rank", symbol.rank);
  return reader.status();
}

Status read_map_file(const Json& json, std::vector<MapFile>& files) {
  MapFile& file = files.emplace_back();
  JsonReader reader(json, Absent::kRefuse);
  reader.text("path", file.path);
  reader.real("rank", file.rank);
  reader.positions("lines", file.lines);
  reader.array("symbols", [&](const Json& symbol) { return read_map_symbol(symbol, file.symbols); });
  return reader.status();
}

Status read_explanation(const Json& json, std::vector<SymbolExplanation>& explanations) {
  SymbolExplanation& explanation = explanations.emplace_back();
  JsonReader reader(json, Absent::kRefuse);
  reader.text("path", explanation.path);
  reader.text("name", explanation.name);
  reader.real("rank", explanation.rank);
  reader.real("graph_rank", explanation.graph_rank);
  reader.real("file_rank", explanation.file_rank);
  reader.number("referencing_files", explanation.referencing_files);
  reader.array("references", [&](const Json& reference) {
    auto& added = explanation.strongest_references.emplace_back();
    JsonReader part(reference, Absent::kRefuse);
    part.text("path", added.path);
    part.real("share", added.share);
    return part.status();
  });
  reader.array("pulls", [&](const Json& pull) {
    auto& added = explanation.pulls.emplace_back();
    JsonReader part(pull, Absent::kRefuse);
    part.text("kind", added.kind);
    part.text("detail", added.detail);
    return part.status();
  });
  return reader.status();
}

Status read_hit(const Json& json, std::vector<SymbolHit>& hits) {
  SymbolHit& hit = hits.emplace_back();
  JsonReader reader(json, Absent::kRefuse);
  reader.text("path", hit.path);
  reader.text("name", hit.name);
  reader.name("role", hit.role, role_from_name, "def or ref");
  reader.name("kind", hit.kind, kind_from_name, kKinds);
  reader.position("line", hit.line);
  reader.position("column", hit.column);
  reader.position("end_line", hit.end_line);
  reader.text("scope", hit.scope);
  reader.text("signature", hit.signature);
  reader.text("lang", hit.language);
  if (reader.has("nearness")) {
    reader.name("nearness", hit.nearness, nearness_from_name, "same_file, imported, imported_name or elsewhere");
    reader.real("rank", hit.rank);
  }
  return reader.status();
}

Status read_definition(const Json& json, FileTags& tags) {
  std::vector<SymbolHit> hits;
  REPOMAP_TRY(read_hit(json, hits));
  const SymbolHit& hit = hits.front();
  Tag tag;
  tag.name = tags.strings.add(hit.name);
  tag.scope = tags.strings.add(hit.scope);
  tag.signature = tags.strings.add(hit.signature);
  tag.line = hit.line;
  tag.column = hit.column;
  tag.end_line = hit.end_line;
  tag.role = hit.role;
  tag.kind = hit.kind;
  tags.tags.push_back(tag);
  return {};
}

}  // namespace

Json to_json(const Freshness& freshness) {
  Json json;
  json["generation"] = freshness.generation;
  json["as_of"] = moment_text(freshness.as_of);
  json["indexed"] = freshness.indexed;
  json["pending"] = freshness.pending;
  json["skipped"] = freshness.skipped;
  json["watcher"] = freshness.watcher;
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
  if (hit.nearness != Nearness::kElsewhere || hit.rank != 0) {
    json["nearness"] = nearness_name(hit.nearness);
    json["rank"] = hit.rank;
  }
  return json;
}

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

void add_report(Json& json, const FileReport& report) {
  json["listed"] = report.listed;
  json["index"] = index_to_json(report);
  json["skipped"] = skipped_to_json(report);
  json["notices"] = report.notices;
}

Result<Freshness> freshness_from_json(const Json& json) {
  Freshness freshness;
  JsonReader reader(json, Absent::kRefuse);
  reader.number("generation", freshness.generation);
  reader.name("as_of", freshness.as_of, moment_from_text, "a time in UTC as 2026-01-31T12:00:00.000Z");
  reader.number("indexed", freshness.indexed);
  reader.number("pending", freshness.pending);
  reader.number("skipped", freshness.skipped);
  reader.text("watcher", freshness.watcher);
  REPOMAP_TRY(reader.status());
  return freshness;
}

Result<FileReport> report_from_json(const Json& json) {
  FileReport report;
  JsonReader reader(json, Absent::kRefuse);
  reader.number("listed", report.listed);
  reader.array("skipped", [&](const Json& file) { return read_skipped(file, report.skipped); });
  reader.object("index", [&](const Json& index) { return read_index(index, report); });
  reader.texts("notices", report.notices);
  reader.object("freshness", [&](const Json& freshness) -> Status {
    REPOMAP_ASSIGN(report.freshness, freshness_from_json(freshness));
    return {};
  });
  REPOMAP_TRY(reader.status());
  return report;
}

Json map_document(const MapAnswer& answer, const MapQuery& query) {
  Json json = Json::object();
  json.get_ref<Json::object_t&>().reserve(kMapMembers);
  json["root"] = query.selection.root;
  json["generation"] = answer.generation;
  json["rank"] = rank_mode_name(query.request.rank_mode);
  json["tokenizer"] = tokenizer_name(query.request.tokenizer);
  json["budget"] = query.request.token_budget;
  json["tokens"] = answer.map.tokens;
  json["files"] = Json::array();
  for (const MapFile& file : answer.map.files) {
    json["files"].push_back(to_json(file));
  }
  if (query.explain == ExplainPolicy::kShownSymbols) {
    json["explanations"] = Json::array();
    for (const SymbolExplanation& explanation : answer.explanations) {
      json["explanations"].push_back(to_json(explanation));
    }
  }
  json["text"] = answer.map.text;
  json["freshness"] = to_json(answer.report.freshness);
  json["skipped"] = skipped_to_json(answer.report);
  json["notices"] = answer.report.notices;
  return json;
}

Json to_json(const MapAnswer& answer, const MapQuery& query) {
  Json json = map_document(answer, query);
  add_report(json, answer.report);
  json["origin"] = answer.origin == MapOrigin::kMade ? "made" : "kept";
  return json;
}

Result<MapAnswer> map_answer_from_json(const Json& json) {
  MapAnswer answer;
  JsonReader reader(json, Absent::kRefuse);
  reader.number("generation", answer.generation);
  reader.number("tokens", answer.map.tokens);
  reader.array("files", [&](const Json& file) { return read_map_file(file, answer.map.files); });
  if (reader.has("explanations")) {
    reader.array("explanations", [&](const Json& one) { return read_explanation(one, answer.explanations); });
  }
  reader.text("text", answer.map.text);
  const auto origin_from_name = [](std::string_view name) {
    return name == "made"   ? std::optional(MapOrigin::kMade)
           : name == "kept" ? std::optional(MapOrigin::kKept)
                            : std::nullopt;
  };
  reader.name("origin", answer.origin, origin_from_name, "made or kept");
  REPOMAP_TRY(reader.status());
  REPOMAP_ASSIGN(answer.report, report_from_json(json));
  return answer;
}

Json symbols_document(const SymbolsAnswer& answer) {
  Json json;
  json["found"] = answer.found;
  json["symbols"] = Json::array();
  for (const SymbolHit& hit : answer.hits) {
    json["symbols"].push_back(to_json(hit));
  }
  json["freshness"] = to_json(answer.report.freshness);
  json["skipped"] = skipped_to_json(answer.report);
  return json;
}

Json to_json(const SymbolsAnswer& answer) {
  Json json = symbols_document(answer);
  add_report(json, answer.report);
  json["generation"] = answer.report.freshness.generation;
  return json;
}

Result<SymbolsAnswer> symbols_answer_from_json(const Json& json) {
  SymbolsAnswer answer;
  JsonReader reader(json, Absent::kRefuse);
  reader.number("found", answer.found);
  reader.array("symbols", [&](const Json& hit) { return read_hit(hit, answer.hits); });
  REPOMAP_TRY(reader.status());
  REPOMAP_ASSIGN(answer.report, report_from_json(json));
  return answer;
}

Json index_document(const IndexAnswer& answer) {
  const IndexReport& index = answer.report.index;
  Json json;
  json["files"] = answer.report.listed;
  json["parsed"] = index.parsed;
  json["reused"] = index.reused;
  json["skipped"] = skipped_to_json(answer.report);
  json["tags"] = index.tags;
  json["seconds"] = std::chrono::duration<double>(answer.elapsed).count();
  json["bytes"] = index.bytes;
  return json;
}

Json to_json(const IndexAnswer& answer) {
  Json json = index_document(answer);
  add_report(json, answer.report);
  json["freshness"] = to_json(answer.report.freshness);
  json["symbols"] = {
      {"reused", answer.symbols.reused}, {"renewed", answer.symbols.renewed}, {"exact", answer.symbols.is_exact}};
  return json;
}

Result<IndexAnswer> index_answer_from_json(const Json& json) {
  constexpr double kMaxSeconds = 1e9;
  IndexAnswer answer;
  double seconds = 0;
  JsonReader reader(json, Absent::kRefuse);
  reader.real("seconds", seconds);
  if (!(seconds >= 0 && seconds <= kMaxSeconds)) {
    reader.refuse("seconds", "a duration");
  }
  reader.object("symbols", [&](const Json& symbols) {
    JsonReader part(symbols, Absent::kRefuse);
    part.number("reused", answer.symbols.reused);
    part.number("renewed", answer.symbols.renewed);
    part.flag("exact", answer.symbols.is_exact);
    return part.status();
  });
  REPOMAP_TRY(reader.status());
  answer.elapsed = std::chrono::nanoseconds(std::llround(seconds * 1e9));
  REPOMAP_ASSIGN(answer.report, report_from_json(json));
  return answer;
}

Json outline_document(const std::string& path, const FileTags& tags) {
  Json json;
  json["path"] = path;
  json["lang"] = tags.language;
  json["lines"] = tags.line_count;
  json["syntax_errors"] = tags.has_syntax_errors;
  json["symbols"] = Json::array();
  for (const Tag& tag : tags.tags) {
    if (tag.role == Role::kDefinition) {
      json["symbols"].push_back(to_json(path, tags, tag));
    }
  }
  return json;
}

Result<FileTags> outline_from_json(const Json& json) {
  FileTags tags;
  JsonReader reader(json, Absent::kRefuse);
  reader.text("lang", tags.language);
  reader.number("lines", tags.line_count);
  reader.flag("syntax_errors", tags.has_syntax_errors);
  reader.array("symbols", [&](const Json& definition) { return read_definition(definition, tags); });
  REPOMAP_TRY(reader.status());
  return tags;
}

Json tree_document(const TreeRequest& request, const std::string& text) {
  Json json;
  json["path"] = request.path;
  json["lines"] = Json::array();
  for (const std::uint32_t line : request.lines) {
    json["lines"].push_back(line + 1);
  }
  json["text"] = text;
  return json;
}

Result<std::string> tree_from_json(const Json& json) {
  std::string text;
  JsonReader reader(json, Absent::kRefuse);
  reader.text("text", text);
  REPOMAP_TRY(reader.status());
  return text;
}

}  // namespace repomap
