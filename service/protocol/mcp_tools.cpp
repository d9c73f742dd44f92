// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_tools.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

#include "core/base/utf8.hpp"
#include "service/protocol/answer_json.hpp"
#include "service/protocol/closest_word.hpp"
#include "service/protocol/mcp_resources.hpp"
#include "service/protocol/mcp_texts.hpp"
#include "service/protocol/mcp_tool_schemas.hpp"
#include "service/protocol/moment_text.hpp"

namespace repomap {
namespace {

constexpr std::size_t kSymbolLimit = 30;
constexpr std::size_t kReferenceLimit = 50;
constexpr std::size_t kOutlineLimit = 2000;
constexpr std::size_t kNearLimit = 5;
constexpr std::size_t kNearCandidates = 2000;
constexpr std::size_t kLookedUpPaths = 5;
constexpr std::size_t kShownNotices = 3;
constexpr std::chrono::seconds kCallPatience{40};  // clients wait for 60 s

std::string note(const std::string& text) { return "note: " + text + "\n"; }

std::string note_lines(const std::vector<std::string>& notes) {
  std::string lines;
  for (const std::string& text : notes) {
    lines += note(text);
  }
  return lines;
}

std::string notices_of(const FileReport& report) {
  std::string notes;
  for (std::size_t i = 0; i < std::min(report.notices.size(), kShownNotices); ++i) {
    notes += note(report.notices[i]);
  }
  return notes;
}

/// The last name of "Scope.name", or "" for a name without a scope.
std::string name_in_scope(const std::string& name) {
  const auto separator = name.find_last_of(".:#/");
  return separator == std::string::npos || separator + 1 == name.size() ? "" : name.substr(separator + 1);
}

/// How the names of the hits relate to a name: the first may be it, and others contain it.
std::string_view relation_of(const std::vector<SymbolHit>& hits, const std::string& name) {
  const bool is_same = std::ranges::all_of(hits, [&name](const SymbolHit& hit) { return hit.name == name; });
  return is_same ? "these have the name" : "these have a name similar to";
}

std::string count_of(std::size_t shown, std::size_t found, std::string_view what) {
  const std::string all = fmt::format("{} {}{}", grouped(found), what, found == 1 ? "" : "s");
  return shown < found ? fmt::format("the first {} of {}", grouped(shown), all) : all;
}

/// The structured form of hits, under the name that the tool has for them.
Json answer_object(const char* hits, const SymbolsAnswer& answer, const std::vector<std::string>& near,
                   const std::vector<std::string>& notes) {
  Json object;
  object[hits] = Json::array();
  for (const SymbolHit& hit : answer.hits) {
    object[hits].push_back(symbol_object(hit));
  }
  object["found"] = answer.found;
  object["near"] = near;
  object["notes"] = notes;
  object["freshness"] = freshness_object(answer.report.freshness);
  return object;
}

/// The same as the command line's --json, but for the text, which is the other format.
McpToolResult map_as_json(const MapAnswer& answer, const MapQuery& query, const std::string& notes) {
  Json document = with_valid_text(map_document(answer, query));
  document.erase("text");
  document["freshness"] = freshness_object(answer.report.freshness);
  document["notes"] = notes;
  return {document.dump(), document};
}

std::string map_as_text(const MapAnswer& answer, const MapQuery& query, const std::string& notes) {
  const FileReport& report = answer.report;
  std::string text =
      fmt::format("{}; the map shows {} of {} files in {} of {} tokens\n", freshness_line(report.freshness),
                  grouped(answer.map.files.size()), grouped(report.listed), grouped(answer.map.tokens),
                  grouped(query.request.token_budget));
  text += notes + notices_of(report);
  if (answer.map.files.empty()) {
    return text + "\n" +
           (report.freshness.pending > 0 ? "Nothing is indexed yet.\n"
                                         : "Nothing to show: no file in view has symbols that fit.\n");
  }
  return text + answer.map.text;
}

}  // namespace

Result<McpToolResult> McpTools::call(const std::string& tool, const Json& arguments, RequestContext context) const {
  using Method = Result<McpToolResult> (McpTools::*)(const Call&) const;
  static constexpr std::array<std::pair<std::string_view, Method>, 5> kMethods = {
      {{"repo_map", &McpTools::repo_map},
       {"find_symbol", &McpTools::find_symbol},
       {"file_outline", &McpTools::file_outline},
       {"references", &McpTools::references},
       {"index_status", &McpTools::index_status}}};
  context.completeness = Completeness::kPartial;
  McpArguments reader(arguments, *mcp_input_schema(tool));
  const std::string project_root = reader.text("project_root");
  REPOMAP_TRY(reader.status());
  REPOMAP_ASSIGN(McpRoot root, roots_.find(project_root));
  const Call call{reader, std::move(root), context, std::chrono::steady_clock::now() + kCallPatience};
  const auto* const found = std::ranges::find(kMethods, tool, &std::pair<std::string_view, Method>::first);
  Result<McpToolResult> result = (this->*found->second)(call);
  if (result) {
    result = McpToolResult{to_valid_utf8(result->text), with_valid_text(std::move(result->structured))};
  }
  return result;
}

Result<std::string> McpTools::map_text(const std::string& root, const RequestContext& context) const {
  MapQuery query;
  query.selection = selection_of({"", root});
  query.request.token_budget = settings_.tokens;
  query.request.tokenizer = settings_.tokenizer;
  query.request.rank_mode = settings_.rank;
  REPOMAP_ASSIGN(const MapAnswer answer, backend_.map(query, context));
  return to_valid_utf8(map_as_text(answer, query, ""));
}

FileSelection McpTools::selection_of(const McpRoot& root) const {
  FileSelection selection;
  selection.root = root.path;
  selection.submodules = settings_.submodules;
  return selection;
}

Result<McpToolResult> McpTools::repo_map(const Call& call) const {
  std::string notes;
  REPOMAP_ASSIGN(const MapQuery query, read_map_query(call, notes));
  const std::string format = call.arguments.choice("format").value_or("text");
  REPOMAP_TRY(call.arguments.status());
  REPOMAP_ASSIGN(const MapAnswer answer, backend_.map(query, call.context));
  return format == "json" ? map_as_json(answer, query, notes)
                          : McpToolResult{map_as_text(answer, query, notes), Json()};
}

Result<MapQuery> McpTools::read_map_query(const Call& call, std::string& notes) const {
  McpArguments& arguments = call.arguments;
  MapQuery query;
  query.selection = selection_of(call.root);
  MapRequest& request = query.request;
  request.query = arguments.text("query");
  request.mentioned_identifiers = arguments.texts("mentioned_idents");
  request.tokenizer = settings_.tokenizer;
  request.rank_mode = settings_.rank;
  const std::size_t limit = arguments.number("token_limit", settings_.tokens);
  request.token_budget = std::min(limit, arguments.number("max_context_window", limit));
  if (arguments.flag("force_refresh")) {
    query.refresh = RefreshMode::kAlways;
  }
  arguments.flag("exclude_unranked");
  request.chat_files = read_paths(call, "chat_files", notes);
  request.mentioned_files = read_paths(call, "mentioned_files", notes);
  query.selection.paths = read_paths(call, "other_files", notes);
  REPOMAP_TRY(arguments.status());
  if (!query.selection.paths.empty()) {
    query.selection.paths.insert(query.selection.paths.end(), request.chat_files.begin(), request.chat_files.end());
  }
  return query;
}

/// Those that exist; of the others a note says what may have been meant. A map without one of its hints is better than
/// none. But nothing that is to be kept to is left: that is an error.
std::vector<std::string> McpTools::read_paths(const Call& call, std::string_view argument, std::string& notes) const {
  const std::vector<std::string> given = call.arguments.texts(argument);
  const bool takes_directories = argument == "other_files";
  std::vector<std::string> paths;
  std::size_t looked_up = 0;
  for (const std::string& path : given) {
    const auto found = find_repo_path(call.root.path, path);
    if (!found) {
      notes += note(fmt::format("{}: {}; left out", argument, found.error().message));
    } else if (found->kind == RepoPathKind::kMissing) {
      const std::string reason = ++looked_up <= kLookedUpPaths ? missing_path(call.root, found->path)
                                                               : fmt::format("no such file {}", found->path);
      notes += note(fmt::format("{}: {}; left out", argument, reason));
    } else if (found->kind == RepoPathKind::kDirectory && !takes_directories) {
      notes += note(fmt::format("{}: {} is a directory, and files are expected; left out", argument, path));
    } else if (!found->path.empty() || !takes_directories) {
      paths.push_back(found->path);
    } else {
      return {};  // the root: all files
    }
  }
  if (takes_directories && !given.empty() && paths.empty()) {
    call.arguments.check(fail(ErrorCode::kNotFound, fmt::format("nothing to make a map of. {}", notes)));
  }
  return paths;
}

/// What is wrong with a path that does not exist, as whoever has the list of files says it.
std::string McpTools::missing_path(const McpRoot& root, const std::string& path) const {
  const auto tags = backend_.file_tags(root.path, path);
  return tags ? fmt::format("no such file {}", path) : tags.error().message;
}

/// What is indexed so far, if it holds anything that matches. That nothing does is said of all files: while they are
/// being read for the first time it is worth waiting for, as long as clients wait for the whole call.
Result<SymbolsAnswer> McpTools::look_up(const Call& call, const FileSelection& selection,
                                        const SymbolQuery& query) const {
  REPOMAP_ASSIGN(SymbolsAnswer partial, backend_.symbols(selection, query, call.context));
  if (partial.found > 0 || partial.report.freshness.pending == 0) {
    return partial;
  }
  RequestContext context = call.context;
  context.completeness = Completeness::kWhole;
  context.deadline = call.patience_end;
  auto whole = backend_.symbols(selection, query, context);
  const bool is_late = !whole && whole.error().code == ErrorCode::kLimitExceeded;
  return is_late ? Result<SymbolsAnswer>(std::move(partial)) : std::move(whole);
}

/// The definitions that a query means. "Scope.name" is looked for exactly; where that gives nothing, or nothing of the
/// kind, what comes nearest to it is given with a note. Without its scope a pattern would mean something else.
Result<SymbolsAnswer> McpTools::ask_definitions(const Call& call, SymbolQuery query, Notes& notes) const {
  const std::string last = name_in_scope(query.pattern);
  if (last.empty()) {
    return ask_without_scope(call, std::move(query), notes);
  }
  const std::string whole = query.pattern;
  query.match = NameMatch::kExact;
  REPOMAP_ASSIGN(SymbolsAnswer exact, look_up(call, selection_of(call.root), query));
  if (exact.found > 0) {
    return exact;
  }
  if (last.find_first_of("*?[") != std::string::npos) {
    notes.emplace_back("a pattern has no scope: look for the scope, and then outline its file");
    return exact;
  }
  query.pattern = last;
  Notes others;
  REPOMAP_ASSIGN(SymbolsAnswer answer, ask_without_scope(call, std::move(query), others));
  if (answer.found > 0) {
    notes.push_back(fmt::format("no {}; {} {}", whole, relation_of(answer.hits, last), last));
    notes.insert(notes.end(), others.begin(), others.end());
  }
  return answer;
}

Result<SymbolsAnswer> McpTools::ask_without_scope(const Call& call, SymbolQuery query, Notes& notes) const {
  const FileSelection selection = selection_of(call.root);
  query.match = NameMatch::kPattern;
  REPOMAP_ASSIGN(SymbolsAnswer answer, look_up(call, selection, query));
  if (answer.found > 0 || !query.kind) {
    return answer;
  }
  const std::string_view kind = kind_name(*query.kind);
  query.kind.reset();
  REPOMAP_ASSIGN(SymbolsAnswer any, look_up(call, selection, query));
  if (any.found > 0) {
    notes.push_back(fmt::format("no {} of that name; these are of other kinds", kind));
  }
  return any;
}

Result<McpToolResult> McpTools::find_symbol(const Call& call) const {
  SymbolQuery query;
  query.pattern = call.arguments.required_text("name");
  query.limit = call.arguments.number("limit", kSymbolLimit);
  if (const auto kind = call.arguments.choice("kind")) {
    query.kind = kind_from_name(*kind);
  }
  REPOMAP_TRY(call.arguments.status());
  Notes notes;
  REPOMAP_ASSIGN(const SymbolsAnswer answer, ask_definitions(call, query, notes));
  const NearNames near = near_names(call, answer, query.pattern);
  McpToolResult result;
  result.text = freshness_line(answer.report.freshness) + "\n";
  if (answer.found == 0) {
    result.text += fmt::format("No symbol matches \"{}\".{}{}", query.pattern, near.text, note_lines(notes));
  } else {
    result.text += fmt::format("{} for \"{}\"\n{}", count_of(answer.hits.size(), answer.found, "definition"),
                               query.pattern, note_lines(notes) + symbol_lines(answer.hits));
  }
  result.structured = answer_object("symbols", answer, near.names, notes);
  return result;
}

Result<McpToolResult> McpTools::references(const Call& call) const {
  SymbolQuery query;
  query.pattern = call.arguments.required_text("name");
  query.limit = call.arguments.number("limit", kReferenceLimit);
  query.match = NameMatch::kExact;
  query.role = Role::kReference;
  const std::string path = call.arguments.text("path");
  REPOMAP_TRY(call.arguments.status());
  FileSelection selection = selection_of(call.root);
  if (!path.empty()) {
    REPOMAP_ASSIGN(const RepoPath found, find_repo_path(call.root.path, path));
    if (found.kind == RepoPathKind::kMissing) {
      return fail(ErrorCode::kNotFound, missing_path(call.root, found.path));
    }
    if (!found.path.empty()) {
      selection.paths.push_back(found.path);
    }
  }
  // Uses bear the bare name: which scope a use means, syntax does not tell.
  REPOMAP_ASSIGN(SymbolsAnswer answer, look_up(call, selection, query));
  const std::string last = name_in_scope(query.pattern);
  Notes notes;
  if (answer.found == 0 && !last.empty()) {
    query.pattern = last;
    REPOMAP_ASSIGN(answer, look_up(call, selection, query));
    if (answer.found > 0) {
      notes.push_back(fmt::format("uses of every {}: syntax does not tell which one is meant", last));
    }
  }
  const NearNames near = near_names(call, answer, query.pattern);
  McpToolResult result;
  result.text = freshness_line(answer.report.freshness) + "\n";
  const std::string where = path.empty() ? "" : " in " + path;
  if (answer.found == 0) {
    result.text += fmt::format("No reference to \"{}\"{}.{}", query.pattern, where, near.text);
  } else {
    result.text += fmt::format("{} to \"{}\"{}\n{}", count_of(answer.hits.size(), answer.found, "reference"),
                               query.pattern, where, note_lines(notes) + symbol_lines(answer.hits));
  }
  result.structured = answer_object("references", answer, near.names, notes);
  return result;
}

/// Where nothing was found, the defined name that `name` may be a misspelling of, and those that have its letters in
/// their order.
McpTools::NearNames McpTools::near_names(const Call& call, const SymbolsAnswer& answer, const std::string& name) const {
  if (answer.found > 0) {
    return {};
  }
  if (answer.report.freshness.pending > 0) {
    return {{}, " Not all files are indexed yet: ask again.\n"};
  }
  const FileSelection selection = selection_of(call.root);
  NearNames near;
  const auto add = [&near](const SymbolHit& hit) {
    if (near.names.size() < kNearLimit && std::ranges::find(near.names, hit.name) == near.names.end()) {
      near.names.push_back(hit.name);
      near.text += symbol_lines({&hit, 1});
    }
  };
  const auto ask = [&](std::string pattern, NameMatch match) {
    SymbolQuery query;
    query.pattern = std::move(pattern);
    query.match = match;
    query.limit = kNearCandidates;
    auto found = backend_.symbols(selection, query, call.context);
    return found ? std::move(found->hits) : std::vector<SymbolHit>();
  };
  const auto add_closest = [&](const std::vector<SymbolHit>& hits) {
    std::vector<std::string> names;
    std::ranges::transform(hits, std::back_inserter(names), &SymbolHit::name);
    if (const auto found = std::ranges::find(hits, closest_word(name, names), &SymbolHit::name); found != hits.end()) {
      add(*found);
    }
  };
  const std::vector<SymbolHit> fuzzy = ask(name, NameMatch::kFuzzy);
  add_closest(fuzzy);
  if (near.names.empty()) {
    add_closest(ask(name.substr(0, std::max<std::size_t>(2, name.size() / 2)), NameMatch::kFuzzy));
  }
  std::ranges::for_each(fuzzy, add);
  near.text = near.text.empty() ? " Nothing has a similar name; try repo_map with a query in words.\n"
                                : " Did you mean one of these?\n" + near.text;
  return near;
}

Result<McpToolResult> McpTools::file_outline(const Call& call) const {
  const std::string given = call.arguments.required_text("path");
  REPOMAP_TRY(call.arguments.status());
  REPOMAP_ASSIGN(const RepoPath found, find_repo_path(call.root.path, given));
  if (found.kind == RepoPathKind::kDirectory) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{} is a directory; name one of its files, or call repo_map with \"other_files\": [\"{}\"]",
                            given, given));
  }
  REPOMAP_ASSIGN(const FileTags tags, backend_.file_tags(call.root.path, found.path));
  std::vector<const Tag*> definitions;
  for (const Tag& tag : tags.tags) {
    if (tag.role == Role::kDefinition) {
      definitions.push_back(&tag);
    }
  }
  const std::size_t shown = std::min(definitions.size(), kOutlineLimit);
  McpToolResult result;
  result.text = fmt::format("fresh: read from the file for this answer\n{}: {}, {} lines, {}{}\n{}", found.path,
                            tags.language, grouped(tags.line_count), count_of(shown, definitions.size(), "definition"),
                            tags.has_syntax_errors ? ", with syntax errors" : "", outline_lines(tags, kOutlineLimit));
  Freshness freshness;
  freshness.as_of = std::chrono::system_clock::now();
  freshness.indexed = 1;
  Json& structured = result.structured;
  structured = {{"path", found.path},
                {"lang", tags.language},
                {"lines", tags.line_count},
                {"syntax_errors", tags.has_syntax_errors},
                {"symbols", Json::array()},
                {"found", definitions.size()},
                {"freshness", freshness_object(freshness)}};
  for (std::size_t i = 0; i < shown; ++i) {
    structured["symbols"].push_back(outline_object(found.path, tags, *definitions[i]));
  }
  return result;
}

Result<McpToolResult> McpTools::index_status(const Call& call) const {
  REPOMAP_TRY(call.arguments.status());
  REPOMAP_ASSIGN(const RepositoryMoment moment, backend_.sync(selection_of(call.root), call.context));
  const Freshness& freshness = moment.freshness;
  const std::string uri = map_uri(call.root);
  McpToolResult result;
  result.text =
      fmt::format("{}\nproject: {}\n{} files indexed, {} pending, {} skipped\n", freshness_line(freshness),
                  call.root.path, grouped(freshness.indexed), grouped(freshness.pending), grouped(freshness.skipped));
  if (freshness.pending == 0) {
    result.text += fmt::format("nothing saved before {} is missing\n", moment_text(freshness.as_of));
  }
  result.text += fmt::format("resource: {}\n", uri);
  result.structured = {{"root", call.root.path}, {"resource", uri}, {"freshness", freshness_object(freshness)}};
  return result;
}

}  // namespace repomap
