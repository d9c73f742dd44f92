// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/status_json.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "service/protocol/moment_text.hpp"
#include "tests/support/random_answers.hpp"

namespace repomap {
namespace {

Json over_the_wire(const Json& json) { return *parse_json(json_line(json)); }

BackendStats some_tier(RandomAnswers& random) {
  BackendStats stats;
  stats.name = random.text();
  stats.hits = random.below(100);
  stats.misses = random.below(100);
  stats.puts = random.number();
  stats.evictions = random.number();
  stats.errors = random.number();
  stats.skipped = random.number();
  stats.items = random.number();
  stats.size_bytes = random.number();
  stats.limit_bytes = random.number();
  stats.get_latency = {random.number(), std::chrono::nanoseconds(random.below(1000)), std::chrono::nanoseconds(1),
                       std::chrono::seconds(3), std::chrono::nanoseconds(0)};
  stats.trouble = random.text();
  return stats;
}

RepositoryStatus some_repository(RandomAnswers& random) {
  RepositoryStatus repository;
  repository.root = random.text();
  repository.is_loaded = random.below(2) == 0;
  repository.generation = random.number();
  repository.files = random.number();
  repository.indexed = random.number();
  repository.pending = random.number();
  repository.skipped = random.number();
  repository.queued = random.number();
  repository.memory_bytes = random.number();
  repository.watcher.mode = static_cast<WatchMode>(random.below(3));
  repository.watcher.reason = repository.watcher.mode == WatchMode::kEvents ? "" : random.text();
  repository.watcher.watches = random.number();
  repository.watcher.events = random.number();
  repository.batches = random.number();
  if (random.below(2) == 0) {
    repository.as_of = Clock::WallTime(std::chrono::milliseconds(random.below(1'000'000'000)));
  }
  repository.trouble = random.text();
  return repository;
}

TEST(StatusJson, GivesTheStatusBack) {
  RandomAnswers random(1);
  for (int round = 0; round < 300; ++round) {
    StatusAnswer answer;
    answer.daemon = {random.number(), random.text(),   random.text(),   std::chrono::seconds(random.below(1000)),
                     random.number(), random.number(), random.number(), std::chrono::seconds(random.below(1000))};
    answer.service.memory_bytes = random.number();
    answer.service.memory_limit_bytes = random.number();
    for (std::uint32_t i = random.below(3); i > 0; --i) {
      answer.service.repositories.push_back(some_repository(random));
      KindStats& kind = answer.service.caches.emplace_back();
      kind.kind = kAllCacheKinds[random.below(kAllCacheKinds.size())];
      kind.directory = random.text();
      kind.stats.hits = random.below(100);
      kind.stats.tiers = {some_tier(random), some_tier(random)};
    }
    const auto received = status_answer_from_json(over_the_wire(to_json(answer)));
    ASSERT_TRUE(received) << received.error().message;
    EXPECT_EQ(to_json(*received), to_json(answer)) << "round " << round;
  }
}

TEST(StatusJson, RefusesAWatcherThatItDoesNotKnow) {
  StatusAnswer answer;
  answer.service.repositories.emplace_back();
  Json json = to_json(answer);
  json["repositories"][0]["watcher"] = "sleeping";
  EXPECT_FALSE(status_answer_from_json(json));
}

TEST(EventJson, GivesEventsBack) {
  using Kind = RepositoryEvent::Kind;
  const std::vector<RepositoryEvent> events = {{Kind::kChanged, "/r\xff", 7, {"", "a\xfe"}, 0, 0},
                                               {Kind::kProgress, "/r", 0, {}, 3, 9},
                                               {Kind::kUnloaded, "/r", 0, {}, 0, 0}};
  for (const RepositoryEvent& event : events) {
    const Json params = over_the_wire(event_params(event, 5));
    EXPECT_EQ(params["subscription"], 5);
    const auto received = event_from_json(event_method(event.kind), params);
    ASSERT_TRUE(received) << received.error().message;
    EXPECT_EQ(received->kind, event.kind);
    EXPECT_EQ(received->root, event.root);
    EXPECT_EQ(received->generation, event.generation);
    EXPECT_EQ(received->paths, event.paths);
    EXPECT_EQ(received->done, event.done);
    EXPECT_EQ(received->total, event.total);
  }
  EXPECT_FALSE(event_from_json("other", Json::object()));
  EXPECT_FALSE(event_from_json("changed", {{"root", "/r"}, {"generation", 1}}));
}

TEST(MomentJson, GivesMomentsBack) {
  RandomAnswers random(2);
  const RepositoryMoment moment{9, random.report().freshness};
  const auto received = moment_from_json(over_the_wire(to_json(moment)));
  ASSERT_TRUE(received);
  EXPECT_EQ(to_json(*received), to_json(moment));
}

TEST(MomentText, IsReadBackToTheMillisecond) {
  RandomAnswers random(3);
  for (int round = 0; round < 1000; ++round) {
    const std::chrono::system_clock::time_point moment(std::chrono::milliseconds(random.number() % 7'000'000'000'000));
    EXPECT_EQ(moment_from_text(moment_text(moment)), moment);
  }
}

TEST(MomentText, RefusesWhatIsNone) {
  for (const char* text : {"", "2026-01-31", "2026-01-31T12:00:00Z", "2026-02-30T12:00:00.000Z",
                           "2026-13-01T12:00:00.000Z", "2026-01-31T25:00:00.000Z", "2026-01-31T12:00:00.00xZ",
                           "0000-01-31T12:00:00.000Z", "2026-01-31 12:00:00.000Z", "-026-01-31T12:00:00.000Z"}) {
    EXPECT_EQ(moment_from_text(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace repomap
