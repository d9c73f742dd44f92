// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/daemon_metrics.hpp"

#include <gtest/gtest.h>

#include <string>

#include "service/protocol/daemon_status.hpp"
#include "service/protocol/metric_text.hpp"
#include "tests/service/protocol/metric_parser.hpp"

namespace repomap {
namespace {

using std::chrono::milliseconds;

KindStats tags_of(const std::string& directory, std::uint64_t hits, std::uint64_t items) {
  KindStats kind;
  kind.kind = CacheKind::kTags;
  kind.directory = directory;
  kind.stats.hits = hits;
  for (const char* tier : {"memory", "disk"}) {
    BackendStats& stats = kind.stats.tiers.emplace_back();
    stats.name = tier;
    stats.hits = hits;
    stats.items = items;
  }
  return kind;
}

double value_of(const MetricParser& parser, const std::string& family,
                const std::map<std::string, std::string>& labels) {
  for (const MetricSample& sample : parser.families()->at(family).samples) {
    if (sample.labels == labels) {
      return sample.value;
    }
  }
  ADD_FAILURE() << family << " has no such sample";
  return -1;
}

TEST(MetricText, EscapesTheValuesOfLabels) {
  MetricText text;
  text.family("one", "gauge", "Help.");
  text.sample(1.5, {{"a", "back\\slash \"quoted\"\nnext"}, {"b", ""}});
  text.sample(2, {{"a", "not UTF-8: \xff"}});
  EXPECT_EQ(text.text(),
            "# HELP one Help.\n# TYPE one gauge\n"
            "one{a=\"back\\\\slash \\\"quoted\\\"\\nnext\",b=\"\"} 1.5\n"
            "one{a=\"not UTF-8: ?\"} 2\n");
  const MetricParser parser(text.text());
  ASSERT_TRUE(parser.families()) << parser.trouble();
  EXPECT_EQ(value_of(parser, "one", {{"a", "back\\slash \"quoted\"\nnext"}, {"b", ""}}), 1.5);
}

TEST(MetricText, GivesHistogramsWhoseBucketsAddUp) {
  DurationHistogram durations;
  durations.add(milliseconds(2));
  durations.add(milliseconds(2000));
  durations.add(milliseconds(1'000'000));
  MetricText text;
  text.family("t", "histogram", "Help.");
  text.histogram(durations, {"method", "map"});
  const MetricParser parser(text.text());
  ASSERT_TRUE(parser.families()) << parser.trouble();
  EXPECT_EQ(value_of(parser, "t", {{"method", "map"}, {"le", "0.001"}}), 0);
  EXPECT_EQ(value_of(parser, "t", {{"method", "map"}, {"le", "0.003"}}), 1);
  EXPECT_EQ(value_of(parser, "t", {{"method", "map"}, {"le", "100"}}), 2);
  EXPECT_EQ(value_of(parser, "t", {{"method", "map"}, {"le", "+Inf"}}), 3);
}

TEST(MetricParser, IsStrict) {
  for (const char* wrong : {"a 1\n", "# HELP a b\n# TYPE a gauge\na 1", "# HELP a b\na 1\n",
                            "# HELP a b\n# TYPE a gauge\na 1\na 2\n", "# HELP a b\n# TYPE a gauge\na{b=\"\\x\"} 1\n",
                            "# HELP a b\n# TYPE a gauge\nc 1\n", "# HELP a b\n# TYPE a gauge\na one\n"}) {
    EXPECT_FALSE(MetricParser(wrong).families()) << wrong;
  }
}

TEST(DaemonMetrics, AreAllThatTheDaemonCounts) {
  RequestMetrics requests;
  requests.connection_opened();
  for (const char* outcome : {"ok", "ok", "cancelled"}) {
    requests.request_begun();
    requests.request_ended("map", outcome, milliseconds(5));
  }
  requests.refused("slow");
  StatusAnswer status;
  status.daemon.version = "0.1.0";
  status.daemon.build = "0.1.0-abc";
  status.daemon.uptime = std::chrono::seconds(90);
  status.daemon.rss_bytes = 12345;
  RepositoryStatus& repository = status.service.repositories.emplace_back();
  repository.root = "/src/\"me\"/a\nb";
  repository.generation = 7;
  repository.watcher.overflows = 3;
  status.service.caches.push_back(tags_of("/cache/tags", 5, 2));
  const MetricParser parser(daemon_metrics_text(requests.snapshot(), status));
  ASSERT_TRUE(parser.families()) << parser.trouble();
  EXPECT_EQ(value_of(parser, "repomap_build_info", {{"version", "0.1.0"}, {"build", "0.1.0-abc"}}), 1);
  EXPECT_EQ(value_of(parser, "repomap_uptime_seconds", {}), 90);
  EXPECT_EQ(value_of(parser, "repomap_resident_memory_bytes", {}), 12345);
  EXPECT_EQ(value_of(parser, "repomap_requests_total", {{"method", "map"}, {"outcome", "ok"}}), 2);
  EXPECT_EQ(value_of(parser, "repomap_requests_total", {{"method", "map"}, {"outcome", "cancelled"}}), 1);
  EXPECT_EQ(value_of(parser, "repomap_refusals_total", {{"reason", "slow"}}), 1);
  EXPECT_EQ(value_of(parser, "repomap_connections", {}), 1);
  EXPECT_EQ(value_of(parser, "repomap_repository_generation", {{"root", repository.root}}), 7);
  EXPECT_EQ(value_of(parser, "repomap_repository_watch_overflows_total", {{"root", repository.root}}), 3);
  EXPECT_EQ(value_of(parser, "repomap_cache_hits_total", {{"kind", "tags"}, {"tier", "disk"}}), 5);
}

TEST(DaemonStatus, AddsUpCachesAndCountsASharedStoreOnce) {
  KindStats sum = tags_of("/cache/tags", 5, 10);
  add_stats(sum, tags_of("/cache/tags", 7, 12));
  EXPECT_EQ(sum.stats.hits, 12U);
  ASSERT_EQ(sum.stats.tiers.size(), 2U);
  EXPECT_EQ(sum.stats.tiers[0].hits, 12U);
  EXPECT_EQ(sum.stats.tiers[0].items, 22U) << "each service has a memory of its own";
  EXPECT_EQ(sum.stats.tiers[1].items, 12U) << "the store is one";
  add_stats(sum, tags_of("/other/tags", 0, 100));
  EXPECT_EQ(sum.stats.tiers[1].items, 112U);
}

TEST(DaemonStatus, KnowsTheMemoryOfTheProcess) { EXPECT_GT(resident_bytes(), 1'000'000U); }

}  // namespace
}  // namespace repomap
