// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/status_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "service/protocol/answer_json.hpp"
#include "service/protocol/json_reader.hpp"
#include "service/protocol/moment_text.hpp"

namespace repomap {
namespace {

constexpr std::array<std::string_view, 3> kEventMethods = {"changed", "indexing", "unloaded"};

double microseconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

Json hit_rate(std::uint64_t hits, std::uint64_t misses) {
  return hits + misses == 0 ? Json() : Json(static_cast<double>(hits) / static_cast<double>(hits + misses));
}

void read_duration(JsonReader& reader, std::string_view key, std::chrono::nanoseconds& duration) {
  constexpr double kMaxMicroseconds = 9e15 / 1e3;
  double number = 0;
  reader.real(key, number);
  if (!(number >= 0 && number <= kMaxMicroseconds)) {
    return reader.refuse(key, "a duration in microseconds");
  }
  duration = std::chrono::nanoseconds(std::llround(number * 1e3));
}

Status read_latency(const Json& json, LatencySummary& latency) {
  JsonReader reader(json, Absent::kRefuse);
  reader.number("count", latency.count);
  read_duration(reader, "p50", latency.p50);
  read_duration(reader, "p95", latency.p95);
  read_duration(reader, "p99", latency.p99);
  read_duration(reader, "max", latency.max);
  return reader.status();
}

Status read_tier(const Json& json, BackendStats& stats) {
  JsonReader reader(json, Absent::kRefuse);
  reader.text("tier", stats.name);
  reader.number("items", stats.items);
  reader.number("bytes", stats.size_bytes);
  reader.number("limit_bytes", stats.limit_bytes);
  reader.number("hits", stats.hits);
  reader.number("misses", stats.misses);
  reader.number("puts", stats.puts);
  reader.number("evictions", stats.evictions);
  reader.number("errors", stats.errors);
  reader.number("skipped", stats.skipped);
  reader.object("get_us", [&](const Json& part) { return read_latency(part, stats.get_latency); });
  reader.object("put_us", [&](const Json& part) { return read_latency(part, stats.put_latency); });
  reader.text("trouble", stats.trouble);
  return reader.status();
}

Status read_kind(const Json& json, KindStats& kind) {
  JsonReader reader(json, Absent::kRefuse);
  reader.name("kind", kind.kind, cache_kind_from_name, "the name of a kind of cache");
  reader.text("directory", kind.directory);
  reader.number("hits", kind.stats.hits);
  reader.number("misses", kind.stats.misses);
  reader.array("tiers", [&](const Json& tier) { return read_tier(tier, kind.stats.tiers.emplace_back()); });
  return reader.status();
}

std::optional<WatcherState> watcher_from_text(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, WatchMode>, 2> kModes = {
      {{"polling(", WatchMode::kPolling}, {"degraded(", WatchMode::kDegraded}}};
  WatcherState state;
  if (text == state.to_display()) {
    return state;
  }
  for (const auto& [prefix, mode] : kModes) {
    if (text.starts_with(prefix) && text.ends_with(')')) {
      text.remove_prefix(prefix.size());
      text.remove_suffix(1);
      state.mode = mode;
      state.reason = text;
      return state;
    }
  }
  return std::nullopt;
}

void read_watcher(JsonReader& reader, WatcherState& watcher) {
  reader.name("watcher", watcher, watcher_from_text, "ok, polling(reason) or degraded(reason)");
  reader.number("watches", watcher.watches);
  reader.number("polled", watcher.polled);
  reader.number("events", watcher.events);
  reader.number("overflows", watcher.overflows);
}

Status read_repository(const Json& json, RepositoryStatus& repository) {
  JsonReader reader(json, Absent::kRefuse);
  reader.text("root", repository.root);
  reader.flag("loaded", repository.is_loaded);
  reader.number("generation", repository.generation);
  reader.number("files", repository.files);
  reader.number("indexed", repository.indexed);
  reader.number("pending", repository.pending);
  reader.number("skipped", repository.skipped);
  reader.number("queued", repository.queued);
  reader.number("memory_bytes", repository.memory_bytes);
  read_watcher(reader, repository.watcher);
  reader.number("batches", repository.batches);
  reader.text("trouble", repository.trouble);
  if (!reader.is_null("as_of")) {
    std::chrono::system_clock::time_point as_of;
    reader.name("as_of", as_of, moment_from_text, "a time in UTC, or null");
    repository.as_of = std::chrono::floor<std::chrono::microseconds>(as_of);
  }
  return reader.status();
}

Json to_json(const DaemonStatus& daemon, const ServiceStatus& service) {
  Json json;
  json["pid"] = daemon.pid;
  json["version"] = daemon.version;
  json["build"] = daemon.build;
  json["uptime_s"] = daemon.uptime.count();
  json["connections"] = daemon.connections;
  json["requests"] = daemon.requests;
  json["rss_bytes"] = daemon.rss_bytes;
  json["memory_bytes"] = service.memory_bytes;
  json["memory_limit_bytes"] = service.memory_limit_bytes;
  json["idle_exit_s"] = daemon.idle_exit.count();
  return json;
}

Status read_daemon(const Json& json, StatusAnswer& answer) {
  std::uint32_t uptime = 0;
  std::uint32_t idle_exit = 0;
  JsonReader reader(json, Absent::kRefuse);
  reader.number("pid", answer.daemon.pid);
  reader.text("version", answer.daemon.version);
  reader.text("build", answer.daemon.build);
  reader.number("uptime_s", uptime);
  reader.number("connections", answer.daemon.connections);
  reader.number("requests", answer.daemon.requests);
  reader.number("rss_bytes", answer.daemon.rss_bytes);
  reader.number("memory_bytes", answer.service.memory_bytes);
  reader.number("memory_limit_bytes", answer.service.memory_limit_bytes);
  reader.number("idle_exit_s", idle_exit);
  answer.daemon.uptime = std::chrono::seconds(uptime);
  answer.daemon.idle_exit = std::chrono::seconds(idle_exit);
  return reader.status();
}

}  // namespace

Json to_json(const LatencySummary& latency) {
  return {{"count", latency.count},
          {"p50", microseconds(latency.p50)},
          {"p95", microseconds(latency.p95)},
          {"p99", microseconds(latency.p99)},
          {"max", microseconds(latency.max)}};
}

Json to_json(const BackendStats& stats) {
  Json json;
  json["tier"] = stats.name;
  json["items"] = stats.items;
  json["bytes"] = stats.size_bytes;
  json["limit_bytes"] = stats.limit_bytes;
  json["hits"] = stats.hits;
  json["misses"] = stats.misses;
  json["hit_rate"] = hit_rate(stats.hits, stats.misses);
  json["puts"] = stats.puts;
  json["evictions"] = stats.evictions;
  json["errors"] = stats.errors;
  json["skipped"] = stats.skipped;
  json["get_us"] = to_json(stats.get_latency);
  json["put_us"] = to_json(stats.put_latency);
  json["trouble"] = stats.trouble;
  return json;
}

Json to_json(const KindStats& kind) {
  Json json;
  json["kind"] = cache_kind_name(kind.kind);
  json["directory"] = kind.directory;
  json["hits"] = kind.stats.hits;
  json["misses"] = kind.stats.misses;
  json["hit_rate"] = hit_rate(kind.stats.hits, kind.stats.misses);
  json["tiers"] = Json::array();
  for (const BackendStats& tier : kind.stats.tiers) {
    json["tiers"].push_back(to_json(tier));
  }
  return json;
}

Json to_json(const RepositoryStatus& repository) {
  Json json;
  json["root"] = repository.root;
  json["loaded"] = repository.is_loaded;
  json["generation"] = repository.generation;
  json["files"] = repository.files;
  json["indexed"] = repository.indexed;
  json["pending"] = repository.pending;
  json["skipped"] = repository.skipped;
  json["queued"] = repository.queued;
  json["memory_bytes"] = repository.memory_bytes;
  json["watcher"] = repository.watcher.to_display();
  json["watches"] = repository.watcher.watches;
  json["polled"] = repository.watcher.polled;
  json["events"] = repository.watcher.events;
  json["overflows"] = repository.watcher.overflows;
  json["batches"] = repository.batches;
  json["as_of"] = repository.as_of ? Json(moment_text(*repository.as_of)) : Json();
  json["trouble"] = repository.trouble;
  return json;
}

Json to_json(const StatusAnswer& answer) {
  Json json;
  json["daemon"] = to_json(answer.daemon, answer.service);
  json["repositories"] = Json::array();
  for (const RepositoryStatus& repository : answer.service.repositories) {
    json["repositories"].push_back(to_json(repository));
  }
  json["caches"] = Json::array();
  for (const KindStats& kind : answer.service.caches) {
    json["caches"].push_back(to_json(kind));
  }
  return json;
}

Result<StatusAnswer> status_answer_from_json(const Json& json) {
  StatusAnswer answer;
  ServiceStatus& service = answer.service;
  JsonReader reader(json, Absent::kRefuse);
  reader.object("daemon", [&](const Json& daemon) { return read_daemon(daemon, answer); });
  reader.array("repositories",
               [&](const Json& one) { return read_repository(one, service.repositories.emplace_back()); });
  reader.array("caches", [&](const Json& kind) { return read_kind(kind, service.caches.emplace_back()); });
  REPOMAP_TRY(reader.status());
  return answer;
}

Json to_json(const RepositoryMoment& moment) {
  Json json;
  json["generation"] = moment.generation;
  json["freshness"] = to_json(moment.freshness);
  return json;
}

Result<RepositoryMoment> moment_from_json(const Json& json) {
  RepositoryMoment moment;
  JsonReader reader(json, Absent::kRefuse);
  reader.number("generation", moment.generation);
  reader.object("freshness", [&](const Json& freshness) -> Status {
    REPOMAP_ASSIGN(moment.freshness, freshness_from_json(freshness));
    return {};
  });
  REPOMAP_TRY(reader.status());
  return moment;
}

std::string_view event_method(RepositoryEvent::Kind kind) { return kEventMethods[static_cast<std::size_t>(kind)]; }

Json event_params(const RepositoryEvent& event, std::uint64_t subscription) {
  Json json;
  json["subscription"] = subscription;
  json["root"] = event.root;
  if (event.kind == RepositoryEvent::Kind::kChanged) {
    json["generation"] = event.generation;
    json["paths"] = event.paths;
  } else if (event.kind == RepositoryEvent::Kind::kProgress) {
    json["done"] = event.done;
    json["total"] = event.total;
  }
  return json;
}

Result<RepositoryEvent> event_from_json(std::string_view method, const Json& params) {
  const auto* found = std::ranges::find(kEventMethods, method);
  if (found == kEventMethods.end()) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is no event", method));
  }
  RepositoryEvent event;
  event.kind = static_cast<RepositoryEvent::Kind>(found - kEventMethods.begin());
  JsonReader reader(params, Absent::kRefuse);
  reader.text("root", event.root);
  if (event.kind == RepositoryEvent::Kind::kChanged) {
    reader.number("generation", event.generation);
    reader.texts("paths", event.paths);
  } else if (event.kind == RepositoryEvent::Kind::kProgress) {
    reader.number("done", event.done);
    reader.number("total", event.total);
  }
  REPOMAP_TRY(reader.status());
  return event;
}

Result<ProgressReport> progress_from_json(const Json& params) {
  ProgressReport report;
  JsonReader reader(params, Absent::kRefuse);
  reader.number("done", report.done);
  reader.number("total", report.total);
  REPOMAP_TRY(reader.status());
  return report;
}

}  // namespace repomap
