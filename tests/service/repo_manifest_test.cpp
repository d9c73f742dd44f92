// SPDX-License-Identifier: Apache-2.0
#include "service/repo_manifest.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace repomap {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
const Clock::WallTime kNow{std::chrono::seconds(1'700'000'000)};
constexpr std::int64_t kNowNs = 1'700'000'000 * kSecondNs;

FileStat stat_changed(std::int64_t when_ns) {
  FileStat stat;
  stat.type = FileType::kRegular;
  stat.size_bytes = 12;
  stat.mtime_ns = when_ns;
  stat.ctime_ns = when_ns;
  stat.inode = 77;
  stat.device = 3;
  return stat;
}

TEST(RepoManifest, AStatIsProofOnlyOnceTheClockHasTicked) {
  EXPECT_TRUE(is_proof(stat_changed(kNowNs - kSecondNs / 10 + 1), kNow));
  EXPECT_FALSE(is_proof(stat_changed(kNowNs - kSecondNs / 200), kNow)) << "within one tick";
  EXPECT_FALSE(is_proof(stat_changed(kNowNs), kNow));
  EXPECT_FALSE(is_proof(stat_changed(kNowNs + 5 * kSecondNs + 1), kNow)) << "from the future";
  FileStat touched = stat_changed(kNowNs - 100 * kSecondNs + 1);
  touched.ctime_ns = kNowNs - 1;
  EXPECT_FALSE(is_proof(touched, kNow)) << "an old mtime can be set, a ctime cannot";
}

TEST(RepoManifest, WholeSecondsAreACoarseClock) {
  EXPECT_FALSE(is_proof(stat_changed(kNowNs - kSecondNs), kNow));
  EXPECT_TRUE(is_proof(stat_changed(kNowNs - 3 * kSecondNs), kNow));
}

RepoManifest example() {
  RepoManifest manifest;
  manifest.environment = {1, 2};
  manifest.stamps["/lib/c.so"] = {stat_changed(5), {3, 4}};
  manifest.stamps["/lib/go.so"] = {std::nullopt, {5, 6}};
  manifest.fingerprints["c"] = {7, 8};
  FileVersion tagged;
  tagged.outcome = FileOutcome::kTagged;
  tagged.content = {9, 10};
  tagged.symbols = {11, 12};
  tagged.language = "c";
  tagged.tags = 400;
  tagged.cost = std::chrono::microseconds(1234);
  FileVersion refused;
  refused.outcome = FileOutcome::kRefused;
  refused.reason = SkipReason::kTooLarge;
  refused.detail = "12 MB, limit 4 MB";
  manifest.files.push_back({"src/a.c", stat_changed(-5), tagged});
  manifest.files.push_back({"src/a.cc", std::nullopt, refused});
  manifest.files.push_back({std::string("src/a\xff\0b", 8), stat_changed(6), {}});
  manifest.files.push_back({"src/b", stat_changed(7), {}});
  return manifest;
}

TEST(RepoManifest, ReadsWhatItWrote) {
  const RepoManifest manifest = example();
  const auto read = decode_repo_manifest(encode(manifest));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(encode(*read), encode(manifest));
  ASSERT_EQ(read->files.size(), manifest.files.size());
  for (std::size_t i = 0; i < manifest.files.size(); ++i) {
    EXPECT_EQ(read->files[i], manifest.files[i]) << i;
  }
  EXPECT_EQ(read->fingerprints, manifest.fingerprints);
  EXPECT_EQ(read->stamps, manifest.stamps);
}

TEST(RepoManifest, RefusesOtherVersionsAndDamage) {
  std::string bytes = encode(example());
  std::string newer = bytes;
  newer[0] = 99;
  EXPECT_EQ(decode_repo_manifest(newer).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(decode_repo_manifest("").error().code, ErrorCode::kCorrupt);
  for (std::size_t length = 1; length < bytes.size(); ++length) {
    EXPECT_FALSE(decode_repo_manifest(std::string_view(bytes).substr(0, length))) << length;
  }
  EXPECT_FALSE(decode_repo_manifest(bytes + "x"));
  // Whatever a flipped byte gives, it is a manifest with sorted paths or an error.
  for (std::size_t at = 1; at < bytes.size(); ++at) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x81);
    if (const auto read = decode_repo_manifest(flipped)) {
      for (std::size_t i = 1; i < read->files.size(); ++i) {
        EXPECT_LT(read->files[i - 1].path, read->files[i].path);
      }
    }
  }
}

}  // namespace
}  // namespace repomap
