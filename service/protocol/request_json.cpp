// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/request_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <utility>

#include "service/protocol/json_reader.hpp"

namespace repomap {
namespace {

using Keys = std::vector<std::string_view>;

constexpr std::size_t kMaxTokenBudget = 100'000'000;

const Keys& term_keys() {
  static const Keys kKeys = {"root", "settings", "deadline_ms", "min_generation", "complete", "progress"};
  return kKeys;
}

const Keys& selection_keys() {
  static const Keys kKeys = {"submodules", "subtrees", "paths"};
  return kKeys;
}

void allow_only(JsonReader& reader, std::initializer_list<Keys> groups) {
  std::vector<std::string_view> known;
  for (const Keys& keys : groups) {
    known.insert(known.end(), keys.begin(), keys.end());
  }
  reader.allow_only(known);
}

/// A path is relative, without NUL, and has no part "..".
bool is_inner_path(std::string_view path) {
  if (path.starts_with('/') || path.contains('\0')) {
    return false;
  }
  return std::ranges::none_of(path | std::views::split('/'),
                              [](auto part) { return std::string_view(part.begin(), part.end()) == ".."; });
}

void read_paths(JsonReader& reader, std::string_view key, std::vector<std::string>& paths) {
  reader.texts(key, paths);
  if (!std::ranges::all_of(paths, is_inner_path)) {
    reader.refuse(key, "an array of paths relative to the root, without \"..\"");
  }
}

void read_path(JsonReader& reader, std::string& path) {
  reader.require({"path"});
  reader.text("path", path);
  if (!is_inner_path(path)) {
    reader.refuse("path", "a path relative to the root, without \"..\"");
  }
}

void read_root(JsonReader& reader, std::string& root) {
  reader.text("root", root);
  if (reader.has("root") && (!root.starts_with('/') || root.contains('\0'))) {
    reader.refuse("root", "an absolute path");
  }
}

void read_selection(JsonReader& reader, const Settings& defaults, FileSelection& selection) {
  bool enters = defaults.submodules == SubmodulePolicy::kEnter;
  reader.require({"root"});
  read_root(reader, selection.root);
  reader.flag("submodules", enters);
  selection.submodules = enters ? SubmodulePolicy::kEnter : SubmodulePolicy::kSkip;
  read_paths(reader, "subtrees", selection.subtrees);
  read_paths(reader, "paths", selection.paths);
}

/// Requests about single files take it as all others do, though it says nothing to them.
void check_submodules(JsonReader& reader) {
  bool ignored = false;
  reader.flag("submodules", ignored);
}

std::optional<Role> role_from_name(std::string_view name) {
  return name == "def"   ? std::optional(Role::kDefinition)
         : name == "ref" ? std::optional(Role::kReference)
                         : std::nullopt;
}

std::optional<NameMatch> match_from_name(std::string_view name) {
  return name == "pattern" ? std::optional(NameMatch::kPattern)
         : name == "exact" ? std::optional(NameMatch::kExact)
         : name == "fuzzy" ? std::optional(NameMatch::kFuzzy)
                           : std::nullopt;
}

std::string_view match_name(NameMatch match) {
  switch (match) {
    case NameMatch::kExact: return "exact";
    case NameMatch::kFuzzy: return "fuzzy";
    case NameMatch::kPattern: break;
  }
  return "pattern";
}

void read_filters(JsonReader& reader, SymbolsRequest& request) {
  if (reader.has("kind")) {
    reader.name("kind", request.query.kind.emplace(), kind_from_name, "the name of a kind of symbol");
  }
  reader.text("lang", request.query.language);
  reader.number("limit", request.query.limit);
  reader.text("from", request.query.from);
  read_paths(reader, "without", request.query.without);
}

void add_paths(Json& json, const char* key, const std::vector<std::string>& paths) {
  if (!paths.empty()) {
    json[key] = paths;
  }
}

}  // namespace

Result<RequestTerms> request_terms_from_json(const Json& params) {
  constexpr std::uint64_t kMaxDeadline = 86'400'000;
  RequestTerms terms;
  std::uint64_t deadline = 0;
  bool notifies = false;
  JsonReader reader(params, Absent::kKeep);
  reader.require({"root"});
  read_root(reader, terms.root);
  reader.text("settings", terms.settings);
  reader.number("deadline_ms", deadline);
  if (deadline > kMaxDeadline) {
    reader.refuse("deadline_ms", "at most a day");
  }
  if (reader.has("deadline_ms")) {
    terms.deadline = std::chrono::milliseconds(deadline);
  }
  reader.number("min_generation", terms.min_generation);
  const auto completeness_from_name = [](std::string_view name) {
    return name == "whole"     ? std::optional(Completeness::kWhole)
           : name == "partial" ? std::optional(Completeness::kPartial)
                               : std::nullopt;
  };
  reader.name("complete", terms.completeness, completeness_from_name, "whole or partial");
  reader.flag("progress", notifies);
  terms.progress = notifies ? ProgressPolicy::kNotify : ProgressPolicy::kSilent;
  REPOMAP_TRY(reader.status());
  return terms;
}

void add_terms(Json& params, const RequestTerms& terms) {
  if (!terms.settings.empty()) {
    params["settings"] = terms.settings;
  }
  if (terms.deadline) {
    params["deadline_ms"] = terms.deadline->count();
  }
  if (terms.min_generation != 0) {
    params["min_generation"] = terms.min_generation;
  }
  params["complete"] = terms.completeness == Completeness::kWhole ? "whole" : "partial";
  params["progress"] = terms.progress == ProgressPolicy::kNotify;
}

Result<MapQuery> map_query_from_json(const Json& params, const Settings& defaults) {
  MapQuery query;
  MapRequest& request = query.request;
  request.token_budget = defaults.tokens;
  request.tokenizer = defaults.tokenizer;
  request.rank_mode = defaults.rank;
  bool explains = false;
  JsonReader reader(params, Absent::kKeep);
  allow_only(reader, {term_keys(),
                      selection_keys(),
                      {"tokens", "tokenizer", "rank", "query", "chat", "mention_files", "mention_idents", "explain",
                       "refresh"}});
  read_selection(reader, defaults, query.selection);
  reader.number("tokens", request.token_budget);
  if (request.token_budget > kMaxTokenBudget) {
    reader.refuse("tokens", fmt::format("at most {}", kMaxTokenBudget));
  }
  reader.name("tokenizer", request.tokenizer, tokenizer_from_name, "o200k, cl100k or chars4");
  reader.name("rank", request.rank_mode, rank_mode_from_name, "anchored or aider");
  reader.text("query", request.query);
  read_paths(reader, "chat", request.chat_files);
  read_paths(reader, "mention_files", request.mentioned_files);
  reader.texts("mention_idents", request.mentioned_identifiers);
  reader.flag("explain", explains);
  query.explain = explains ? ExplainPolicy::kShownSymbols : ExplainPolicy::kNone;
  if (reader.has("refresh")) {
    reader.name("refresh", query.refresh.emplace(), refresh_mode_from_name, "auto, files, always or manual");
  }
  REPOMAP_TRY(reader.status());
  return query;
}

Json to_params(const MapQuery& query) {
  const MapRequest& request = query.request;
  Json json = to_params(query.selection);
  json["tokens"] = request.token_budget;
  json["tokenizer"] = tokenizer_name(request.tokenizer);
  json["rank"] = rank_mode_name(request.rank_mode);
  if (!request.query.empty()) {
    json["query"] = request.query;
  }
  add_paths(json, "chat", request.chat_files);
  add_paths(json, "mention_files", request.mentioned_files);
  add_paths(json, "mention_idents", request.mentioned_identifiers);
  if (query.explain == ExplainPolicy::kShownSymbols) {
    json["explain"] = true;
  }
  if (query.refresh) {
    json["refresh"] = refresh_mode_name(*query.refresh);
  }
  return json;
}

Result<SymbolsRequest> symbols_request_from_json(const Json& params, const Settings& defaults) {
  SymbolsRequest request;
  JsonReader reader(params, Absent::kKeep);
  allow_only(reader,
             {term_keys(), selection_keys(), {"pattern", "match", "role", "kind", "lang", "from", "without", "limit"}});
  read_selection(reader, defaults, request.selection);
  reader.require({"pattern"});
  reader.text("pattern", request.query.pattern);
  reader.name("match", request.query.match, match_from_name, "pattern, exact or fuzzy");
  reader.name("role", request.query.role, role_from_name, "def or ref");
  read_filters(reader, request);
  REPOMAP_TRY(reader.status());
  return request;
}

Json to_params(const SymbolsRequest& request) {
  const SymbolQuery& query = request.query;
  Json json = to_params(request.selection);
  json["pattern"] = query.pattern;
  json["match"] = match_name(query.match);
  json["role"] = role_name(query.role);
  if (query.kind) {
    json["kind"] = kind_name(*query.kind);
  }
  if (!query.language.empty()) {
    json["lang"] = query.language;
  }
  if (!query.from.empty()) {
    json["from"] = query.from;
  }
  if (!query.without.empty()) {
    json["without"] = query.without;
  }
  if (query.limit != 0) {
    json["limit"] = query.limit;
  }
  return json;
}

Result<SymbolsRequest> name_request_from_json(const Json& params, Role role, const Settings& defaults) {
  SymbolsRequest request;
  request.query.match = NameMatch::kExact;
  request.query.role = role;
  JsonReader reader(params, Absent::kKeep);
  allow_only(reader, {term_keys(), selection_keys(), {"name", "kind", "lang", "from", "without", "limit"}});
  read_selection(reader, defaults, request.selection);
  reader.require({"name"});
  reader.text("name", request.query.pattern);
  read_filters(reader, request);
  REPOMAP_TRY(reader.status());
  return request;
}

Result<TagsQuery> tags_query_from_json(const Json& params, const Settings& defaults) {
  TagsQuery query;
  JsonReader reader(params, Absent::kKeep);
  allow_only(reader, {term_keys(), selection_keys(), {"lang", "role", "limit"}});
  read_selection(reader, defaults, query.selection);
  reader.text("lang", query.language);
  if (reader.has("role")) {
    reader.name("role", query.role.emplace(), role_from_name, "def or ref");
  }
  reader.number("limit", query.limit);
  REPOMAP_TRY(reader.status());
  return query;
}

Result<FileSelection> selection_from_json(const Json& params, const Settings& defaults) {
  FileSelection selection;
  JsonReader reader(params, Absent::kKeep);
  allow_only(reader, {term_keys(), selection_keys()});
  read_selection(reader, defaults, selection);
  REPOMAP_TRY(reader.status());
  return selection;
}

Json to_params(const FileSelection& selection) {
  Json json;
  json["root"] = selection.root;
  json["submodules"] = selection.submodules == SubmodulePolicy::kEnter;
  add_paths(json, "subtrees", selection.subtrees);
  add_paths(json, "paths", selection.paths);
  return json;
}

Result<OutlineRequest> outline_request_from_json(const Json& params) {
  OutlineRequest request;
  JsonReader reader(params, Absent::kKeep);
  allow_only(reader, {term_keys(), {"submodules", "path"}});
  check_submodules(reader);
  reader.require({"root"});
  read_root(reader, request.root);
  read_path(reader, request.path);
  REPOMAP_TRY(reader.status());
  return request;
}

Json to_params(const OutlineRequest& request) {
  Json json;
  json["root"] = request.root;
  json["path"] = request.path;
  return json;
}

Result<TreeRequest> tree_request_from_json(const Json& params) {
  TreeRequest request;
  JsonReader reader(params, Absent::kKeep);
  allow_only(reader, {term_keys(), {"submodules", "path", "lines"}});
  check_submodules(reader);
  reader.require({"root", "lines"});
  read_root(reader, request.root);
  read_path(reader, request.path);
  reader.positions("lines", request.lines);
  REPOMAP_TRY(reader.status());
  return request;
}

Json to_params(const TreeRequest& request) {
  Json json;
  json["root"] = request.root;
  json["path"] = request.path;
  json["lines"] = Json::array();
  for (const std::uint32_t line : request.lines) {
    json["lines"].push_back(line + 1);
  }
  return json;
}

Result<InvalidateRequest> invalidate_request_from_json(const Json& params) {
  InvalidateRequest request;
  JsonReader reader(params, Absent::kKeep);
  allow_only(reader, {term_keys(), {"submodules", "paths"}});
  check_submodules(reader);
  reader.require({"root"});
  read_root(reader, request.root);
  read_paths(reader, "paths", request.paths);
  REPOMAP_TRY(reader.status());
  return request;
}

Result<HelloRequest> hello_request_from_json(const Json& params) {
  HelloRequest request;
  JsonReader reader(params, Absent::kKeep);
  allow_only(reader, {Keys{"client", "version", "build"}});
  reader.text("client", request.client);
  reader.text("version", request.version);
  reader.text("build", request.build);
  REPOMAP_TRY(reader.status());
  return request;
}

Json to_params(const HelloRequest& request) {
  Json json;
  json["client"] = request.client;
  json["version"] = request.version;
  json["build"] = request.build;
  return json;
}

Result<std::string> optional_root_from_json(const Json& params) {
  std::string root;
  JsonReader reader(params, Absent::kKeep);
  allow_only(reader, {Keys{"root"}});
  read_root(reader, root);
  REPOMAP_TRY(reader.status());
  return root;
}

Result<std::uint64_t> subscription_from_json(const Json& params) {
  std::uint64_t subscription = 0;
  JsonReader reader(params, Absent::kRefuse);
  allow_only(reader, {Keys{"subscription"}});
  reader.number("subscription", subscription);
  REPOMAP_TRY(reader.status());
  return subscription;
}

Result<ShutdownMode> shutdown_mode_from_json(const Json& params) {
  bool drains = false;
  JsonReader reader(params, Absent::kKeep);
  allow_only(reader, {Keys{"drain"}});
  reader.flag("drain", drains);
  REPOMAP_TRY(reader.status());
  return drains ? ShutdownMode::kDrain : ShutdownMode::kAtOnce;
}

Status no_params_from_json(const Json& params) {
  JsonReader reader(params, Absent::kKeep);
  reader.allow_only({});
  return reader.status();
}

}  // namespace repomap
