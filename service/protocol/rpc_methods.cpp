// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/rpc_methods.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "service/protocol/answer_json.hpp"
#include "service/protocol/daemon_address.hpp"
#include "service/protocol/daemon_status.hpp"
#include "service/protocol/progress_notifier.hpp"
#include "service/repository_root.hpp"
#include "service/versions.hpp"

namespace repomap {
namespace {

constexpr int kProtocolVersion = 1;
constexpr std::size_t kMaxTagRows = 250'000;  // of one answer, which is put together in memory

RpcLane control_lane(const Json&) { return RpcLane::kControl; }
RpcLane query_lane(const Json&) { return RpcLane::kQuery; }
RpcLane waiting_lane(const Json&) { return RpcLane::kWaiting; }

/// Who asks for a whole answer may have to wait for a repository to be indexed.
RpcLane lane_by_terms(const Json& params) {
  const auto complete = params.find("complete");
  const bool waits = (complete != params.end() && *complete == "whole") || params.contains("min_generation");
  return waits ? RpcLane::kWaiting : RpcLane::kQuery;
}

/// For methods that are asked in order to wait.
Completeness whole_unless_told(const Json& params, Completeness told) {
  return params.contains("complete") ? told : Completeness::kWhole;
}

/// What is no deadline the method refuses.
std::optional<std::chrono::milliseconds> deadline_of(const Json& params) {
  const auto terms = request_terms_from_json(params);
  return terms ? terms->deadline : std::nullopt;
}

/// All files are known when they have been indexed.
RpcLane lane_by_paths(const Json& params) {
  const auto paths = params.find("paths");
  return paths == params.end() || paths->empty() ? RpcLane::kWaiting : RpcLane::kQuery;
}

}  // namespace

/// The repository that a request is about, and the terms under which it is answered.
struct RpcMethods::Target {
  std::string root;
  ServiceRegistry::Entry entry;
  RequestContext context;

  Service& service() const { return *entry.service; }
};

RpcMethods::RpcMethods(ServiceRegistry& registry, DaemonControls controls)
    : registry_(registry), controls_(std::move(controls)) {
  events_ = registry_.subscribe(
      [this](const RepositoryEvent& event) { subscriptions_.tell(event, std::chrono::steady_clock::now()); });
}

RpcMethods::~RpcMethods() { registry_.unsubscribe(events_); }

/// Errors, besides those of the parameters: those of find_repository_root() and ServiceRegistry::get(), and
/// kSettingsDiffer.
RpcMethods::FoundTarget RpcMethods::find_target(const RpcCall& call) const {
  REPOMAP_ASSIGN(const RequestTerms terms, request_terms_from_json(call.params));
  Target target;
  REPOMAP_ASSIGN(target.root, find_repository_root(terms.root, RootSearch::kExact));
  REPOMAP_ASSIGN(target.entry, registry_.get(target.root));
  if (!terms.settings.empty() && terms.settings != target.entry.fingerprint) {
    return std::unexpected(RpcError(rpc_code::kSettingsDiffer,
                                    fmt::format("{}: the daemon has other settings for it", target.root),
                                    "settings_differ"));
  }
  if (terms.progress == ProgressPolicy::kNotify && !call.id.is_null()) {
    target.context.progress = make_progress_notifier(call.peer, call.id);
  }
  if (terms.deadline) {
    target.context.deadline = call.received + *terms.deadline;
  }
  target.context.cancelled = call.cancelled;
  target.context.min_generation = terms.min_generation;
  target.context.completeness = terms.completeness;
  REPOMAP_TRY(target.context.check());
  return target;
}

RpcResult RpcMethods::hello(const RpcCall& call) const {
  REPOMAP_TRY(hello_request_from_json(call.params));
  return Json::object({{"name", "repomap"},
                       {"version", program_version()},
                       {"build", build_id()},
                       {"pid", getpid()},
                       {"protocol", kProtocolVersion},
                       {"methods", names_}});
}

RpcResult RpcMethods::map(const RpcCall& call) const {
  REPOMAP_ASSIGN(const Target target, find_target(call));
  REPOMAP_ASSIGN(MapQuery query, map_query_from_json(call.params, target.entry.settings));
  query.selection.root = target.root;
  REPOMAP_ASSIGN(const MapAnswer answer, target.service().map(query, target.context));
  return to_json(answer, query);
}

RpcResult RpcMethods::symbols(const RpcCall& call) const {
  REPOMAP_ASSIGN(const Target target, find_target(call));
  REPOMAP_ASSIGN(SymbolsRequest request, symbols_request_from_json(call.params, target.entry.settings));
  request.selection.root = target.root;
  REPOMAP_ASSIGN(const SymbolsAnswer answer,
                 target.service().symbols(request.selection, request.query, target.context));
  return to_json(answer);
}

RpcResult RpcMethods::named_symbols(const RpcCall& call, Role role) const {
  REPOMAP_ASSIGN(const Target target, find_target(call));
  REPOMAP_ASSIGN(SymbolsRequest request, name_request_from_json(call.params, role, target.entry.settings));
  request.selection.root = target.root;
  REPOMAP_ASSIGN(const SymbolsAnswer answer,
                 target.service().symbols(request.selection, request.query, target.context));
  return to_json(answer);
}

RpcResult RpcMethods::outline(const RpcCall& call) const {
  REPOMAP_ASSIGN(const Target target, find_target(call));
  REPOMAP_ASSIGN(const OutlineRequest request, outline_request_from_json(call.params));
  REPOMAP_ASSIGN(const FileTags tags, target.service().file_tags(target.root, request.path));
  return outline_document(request.path, tags);
}

RpcResult RpcMethods::tree(const RpcCall& call) const {
  REPOMAP_ASSIGN(const Target target, find_target(call));
  REPOMAP_ASSIGN(TreeRequest request, tree_request_from_json(call.params));
  request.root = target.root;
  REPOMAP_ASSIGN(const std::string text, target.service().tree(request));
  return tree_document(request, text);
}

RpcResult RpcMethods::tags(const RpcCall& call) const {
  REPOMAP_ASSIGN(const Target target, find_target(call));
  REPOMAP_ASSIGN(TagsQuery query, tags_query_from_json(call.params, target.entry.settings));
  query.selection.root = target.root;
  const std::size_t limit = std::min(query.limit, kMaxTagRows);
  Json rows = Json::array();
  bool is_truncated = false;
  const auto add_rows = [&](const std::string& path, const FileTags& tags) {
    for (const Tag& tag : tags.tags) {
      if (query.role && tag.role != *query.role) {
        continue;
      }
      is_truncated = is_truncated || rows.size() >= limit;
      if (!is_truncated) {
        rows.push_back(repomap::to_json(path, tags, tag));
      }
    }
  };
  REPOMAP_ASSIGN(const FileReport report,
                 target.service().tags({query.selection, query.language}, add_rows, target.context));
  Json answer;
  answer["tags"] = std::move(rows);
  answer["truncated"] = is_truncated;
  answer["freshness"] = repomap::to_json(report.freshness);
  add_report(answer, report);
  return answer;
}

RpcResult RpcMethods::index(const RpcCall& call) const {
  REPOMAP_ASSIGN(Target target, find_target(call));
  target.context.completeness = whole_unless_told(call.params, target.context.completeness);
  REPOMAP_ASSIGN(FileSelection selection, selection_from_json(call.params, target.entry.settings));
  selection.root = target.root;
  REPOMAP_ASSIGN(const IndexAnswer answer, target.service().index(selection, target.context));
  return repomap::to_json(answer);
}

RpcResult RpcMethods::sync(const RpcCall& call) const {
  REPOMAP_ASSIGN(Target target, find_target(call));
  REPOMAP_ASSIGN(FileSelection selection, selection_from_json(call.params, target.entry.settings));
  selection.root = target.root;
  target.context.completeness = whole_unless_told(call.params, target.context.completeness);
  REPOMAP_ASSIGN(const RepositoryMoment moment, target.service().sync(selection, target.context));
  return repomap::to_json(moment);
}

RpcResult RpcMethods::invalidate(const RpcCall& call) const {
  REPOMAP_ASSIGN(Target target, find_target(call));
  REPOMAP_ASSIGN(const InvalidateRequest request, invalidate_request_from_json(call.params));
  const FileSelection selection{target.root, {}, target.entry.settings.submodules};
  target.context.completeness = Completeness::kWhole;
  REPOMAP_TRY(target.service().invalidate(selection, request.paths, target.context));
  return Json::object();
}

RpcResult RpcMethods::warm(const RpcCall& call) const {
  REPOMAP_ASSIGN(const Target target, find_target(call));
  REPOMAP_ASSIGN(FileSelection selection, selection_from_json(call.params, target.entry.settings));
  selection.root = target.root;
  target.service().warm(selection);
  return Json::object();
}

StatusAnswer RpcMethods::status() const {
  return {.daemon = controls_.status(), .service = status_of_all(registry_.services())};
}

RpcResult RpcMethods::status_of(const RpcCall& call) const {
  REPOMAP_ASSIGN(std::string root, optional_root_from_json(call.params));
  StatusAnswer answer = status();
  if (!root.empty()) {
    REPOMAP_ASSIGN(root, find_repository_root(root, RootSearch::kExact));
    std::erase_if(answer.service.repositories, [&](const RepositoryStatus& one) { return one.root != root; });
  }
  return repomap::to_json(answer);
}

RpcResult RpcMethods::metrics(const RpcCall& call) const {
  REPOMAP_TRY(no_params_from_json(call.params));
  return Json::object({{"text", controls_.metrics_text(status())}});
}

RpcResult RpcMethods::subscribe(const RpcCall& call) {
  REPOMAP_ASSIGN(std::string root, optional_root_from_json(call.params));
  if (!root.empty()) {
    REPOMAP_ASSIGN(root, find_repository_root(root, RootSearch::kExact));
  }
  REPOMAP_ASSIGN(const std::uint64_t subscription, subscriptions_.add(call.peer, std::move(root)));
  return Json::object({{"subscription", subscription}});
}

RpcResult RpcMethods::unsubscribe(const RpcCall& call) {
  REPOMAP_ASSIGN(const std::uint64_t subscription, subscription_from_json(call.params));
  REPOMAP_TRY(subscriptions_.remove(*call.peer, subscription));
  return Json::object();
}

RpcResult RpcMethods::reload(const RpcCall& call) const {
  REPOMAP_TRY(no_params_from_json(call.params));
  registry_.reload();
  return Json::object();
}

RpcResult RpcMethods::shutdown(const RpcCall& call) const {
  REPOMAP_ASSIGN(const ShutdownMode mode, shutdown_mode_from_json(call.params));
  controls_.shutdown(mode);
  return Json::object();
}

RpcMethodTable RpcMethods::table() {
  RpcMethodTable table;
  const auto add = [&](const char* name, auto method, std::function<RpcLane(const Json&)> lane) {
    table[name] = {[this, method](const RpcCall& call) { return (this->*method)(call); }, std::move(lane), deadline_of};
  };
  add("hello", &RpcMethods::hello, control_lane);
  add("map", &RpcMethods::map, lane_by_terms);
  add("symbols", &RpcMethods::symbols, lane_by_terms);
  add("outline", &RpcMethods::outline, lane_by_terms);
  add("tree", &RpcMethods::tree, lane_by_terms);
  add("tags", &RpcMethods::tags, lane_by_terms);
  add("index", &RpcMethods::index, waiting_lane);
  add("sync", &RpcMethods::sync, waiting_lane);
  add("invalidate", &RpcMethods::invalidate, lane_by_paths);
  add("warm", &RpcMethods::warm, query_lane);
  add("status", &RpcMethods::status_of, control_lane);
  add("metrics", &RpcMethods::metrics, control_lane);
  add("subscribe", &RpcMethods::subscribe, control_lane);
  add("unsubscribe", &RpcMethods::unsubscribe, control_lane);
  add("reload", &RpcMethods::reload, query_lane);
  add("shutdown", &RpcMethods::shutdown, control_lane);
  for (const auto& [name, role] : {std::pair{"definitions", Role::kDefinition}, {"references", Role::kReference}}) {
    table[name] = {[this, role](const RpcCall& call) { return named_symbols(call, role); }, lane_by_terms};
  }
  names_.clear();
  for (const auto& [name, method] : table) {
    names_.push_back(name);
  }
  return table;
}

}  // namespace repomap
