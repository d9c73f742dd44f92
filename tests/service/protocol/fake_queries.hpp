// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/mutex.hpp"
#include "service/event_source.hpp"
#include "service/query_backend.hpp"
#include "tests/service/protocol/test_gate.hpp"

namespace repomap {

/// A repository of which the test says what is in it, and what happens to it. Keeps what it was asked.
class FakeQueries final : public QueryBackend, public EventSource {
 public:
  Freshness freshness{.generation = 7, .as_of = {}, .indexed = 1200, .pending = 0, .skipped = 3, .watcher = "ok"};
  std::vector<SymbolHit> hits;  ///< of which those are found that have the name, or a part of it for a pattern
  bool are_hits_late = false;   ///< whether they are found only once everything is indexed
  TestGate* gate = nullptr;     ///< where maps wait, if it is set
  std::size_t progress = 0;     ///< how many files a map reads

  Result<MapAnswer> map(const MapQuery& query, const RequestContext& context) override {
    if (gate != nullptr && !gate->wait(context.cancelled)) {
      return fail(ErrorCode::kCancelled, "cancelled");
    }
    for (std::size_t done = 1; context.progress && done <= progress; ++done) {
      context.progress(done, progress);
    }
    remember(query, context);
    MapAnswer answer;
    answer.map.text = "\nsrc/a.c:\n│int parse(void);\n";
    answer.map.tokens = 9;
    answer.map.files.push_back({"src/a.c", 0.5, {0}, {{"parse", SymbolKind::kFunction, 0, 0.5}}});
    answer.generation = freshness.generation;
    answer.report = report();
    return answer;
  }

  Result<IndexAnswer> index(const FileSelection& /*selection*/, const RequestContext& /*context*/) override {
    return IndexAnswer{};
  }

  Result<SymbolsAnswer> symbols(const FileSelection& selection, const SymbolQuery& query,
                                const RequestContext& context) override {
    MapQuery asked;
    asked.selection = selection;
    remember(asked, context);
    SymbolsAnswer answer;
    answer.report = report();
    if (are_hits_late && context.completeness == Completeness::kPartial) {
      answer.report.freshness.pending = 5;
      return answer;
    }
    const NameMatcher matcher(query.pattern, query.match);
    for (const SymbolHit& hit : hits) {
      if (hit.role == query.role && (!query.kind || *query.kind == hit.kind) && matcher.match(hit.name, hit.scope)) {
        ++answer.found;
        if (query.limit == 0 || answer.hits.size() < query.limit) {
          answer.hits.push_back(hit);
        }
      }
    }
    return answer;
  }

  Result<FileTags> file_tags(const std::string& /*root*/, const std::string& path) override {
    if (path.ends_with("missing.c")) {
      return fail(ErrorCode::kNotFound, "no such file " + path + "; did you mean src/a.c?");
    }
    FileTags tags;
    tags.language = "c";
    tags.line_count = 9;
    Tag outer;
    outer.name = tags.strings.add("outer");
    outer.signature = tags.strings.add("struct outer {");
    outer.end_line = 4;
    Tag inner;
    inner.name = tags.strings.add("inner");
    inner.signature = tags.strings.add("int inner;");
    inner.line = inner.end_line = 2;
    tags.tags = {outer, inner};
    return tags;
  }

  Result<std::string> tree(const TreeRequest& /*request*/) override { return std::string(); }

  Result<RepositoryMoment> sync(const FileSelection& /*selection*/, const RequestContext& /*context*/) override {
    return RepositoryMoment{freshness.generation, freshness};
  }

  std::uint64_t subscribe(const std::string& root, EventSink sink) override {
    MutexLock lock(mutex_);
    sinks_[++last_] = {root, std::move(sink)};
    changed_.notify_all();
    return last_;
  }

  void unsubscribe(std::uint64_t subscription) override {
    MutexLock lock(mutex_);
    sinks_.erase(subscription);
    changed_.notify_all();
  }

  /// Something has changed below every root that is listened to.
  void change(std::uint64_t generation) {
    std::map<std::uint64_t, std::pair<std::string, EventSink>> sinks;
    {
      MutexLock lock(mutex_);
      sinks = sinks_;
    }
    for (const auto& [number, sink] : sinks) {
      RepositoryEvent event;
      event.root = sink.first;
      event.generation = generation;
      sink.second(event);
    }
  }

  void wait_for_listeners(std::size_t count) {
    MutexLock lock(mutex_);
    while (sinks_.size() != count) {
      changed_.wait(mutex_);
    }
  }

  MapQuery last_query() {
    MutexLock lock(mutex_);
    return query_;
  }
  Completeness last_completeness() {
    MutexLock lock(mutex_);
    return completeness_;
  }

 private:
  FileReport report() const {
    FileReport report;
    report.freshness = freshness;
    report.listed = 1300;
    return report;
  }

  void remember(const MapQuery& query, const RequestContext& context) {
    MutexLock lock(mutex_);
    query_ = query;
    completeness_ = context.completeness;
  }

  CondVar changed_;
  Mutex mutex_;
  MapQuery query_ GUARDED_BY(mutex_);
  Completeness completeness_ GUARDED_BY(mutex_) = Completeness::kWhole;
  std::uint64_t last_ GUARDED_BY(mutex_) = 0;
  std::map<std::uint64_t, std::pair<std::string, EventSink>> sinks_ GUARDED_BY(mutex_);
};

}  // namespace repomap
