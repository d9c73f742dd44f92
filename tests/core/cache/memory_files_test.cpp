// SPDX-License-Identifier: Apache-2.0
#include "core/cache/memory_files.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/cache/memory_pressure.hpp"
#include "tests/support/fake_file_system.hpp"

namespace repomap {
namespace {

constexpr std::string_view kPressure =
    "some avg10=12.50 avg60=3.00 avg300=0.10 total=12345\n"
    "full avg10=4.25 avg60=1.00 avg300=0.00 total=345\n";
constexpr std::string_view kMeminfo =
    "MemTotal:        8000000 kB\nMemFree:          100000 kB\nMemAvailable:    4000000 kB\n";
constexpr std::string_view kHybridMounts =
    "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n"
    "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:4 - cgroup cgroup rw,cpu,cpuacct\n"
    "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
    "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";
constexpr std::string_view kUnifiedMount = "30 23 0:26 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";

TEST(MemoryFiles, ReadsPressure) {
  const auto stall = parse_memory_stall(kPressure);
  ASSERT_TRUE(stall);
  EXPECT_DOUBLE_EQ(stall->some_percent, 12.5);
  EXPECT_DOUBLE_EQ(stall->full_percent, 4.25);
}

TEST(MemoryFiles, RefusesPressureThatIsNone) {
  for (const std::string_view text :
       {"", "some", "some \nfull \n", "some avg10=\nfull avg10=1\n", "some avg10=1\n", "some avg10=1\nfull avg10=-1\n",
        "some avg10=101\nfull avg10=1\n", "some avg10=nan\nfull avg10=1\n", "some avg10=inf\nfull avg10=1\n",
        "some avg10=1e999\nfull avg10=1\n", "some avg10=1x\nfull avg10=1\n", "some avg60=1\nfull avg60=1\n",
        "awesome avg10=1\nfull avg10=1\n"}) {
    EXPECT_FALSE(parse_memory_stall(text)) << text;
  }
}

TEST(MemoryFiles, ReadsMeminfo) {
  EXPECT_EQ(parse_meminfo(kMeminfo, "MemAvailable").value_or(0), 4'000'000ULL * 1024);
  EXPECT_EQ(parse_meminfo(kMeminfo, "Mem").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(parse_meminfo("MemTotal: x kB\n", "MemTotal").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(parse_meminfo("MemTotal: -1 kB\n", "MemTotal").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(parse_meminfo("MemTotal: 1 MB\n", "MemTotal").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(parse_meminfo("MemTotal:", "MemTotal").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(parse_meminfo("MemTotal: 18446744073709551615 kB\n", "MemTotal").error().code, ErrorCode::kCorrupt);
}

TEST(MemoryFiles, ReadsByteCountsAndStatistics) {
  EXPECT_EQ(parse_byte_count("4096\n").value_or(0), 4096U);
  EXPECT_EQ(parse_byte_count("max\n").value_or(0), std::numeric_limits<std::uint64_t>::max());
  for (const std::string_view text : {"", "\n", "-1", "1 2", "0x10", "18446744073709551616", "maximum"}) {
    EXPECT_FALSE(parse_byte_count(text)) << text;
  }
  EXPECT_EQ(parse_stat_value("cache 1\ninactive_file 7\ntotal_inactive_file 9\n", "inactive_file").value_or(0), 7U);
  EXPECT_EQ(parse_stat_value("cache 1\n", "inactive_file").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(parse_stat_value("inactive_file\n", "inactive_file").error().code, ErrorCode::kCorrupt);
}

std::vector<std::string> directories(std::string_view cgroup, std::string_view mounts) {
  const auto found = find_memory_cgroup(cgroup, mounts);
  return found ? found->directories : std::vector<std::string>{"none"};
}

TEST(MemoryFiles, FindsTheControlGroupsOfAProcess) {
  EXPECT_EQ(
      directories("0::/user.slice/a.scope\n", kUnifiedMount),
      (std::vector<std::string>{"/sys/fs/cgroup/user.slice/a.scope", "/sys/fs/cgroup/user.slice", "/sys/fs/cgroup"}));
  EXPECT_EQ(directories("0::/\n", kUnifiedMount), std::vector<std::string>{"/sys/fs/cgroup"});
  EXPECT_EQ(directories("9:cpu,cpuacct:/x\n4:memory:/docker/ab\n0::/\n", kHybridMounts),
            (std::vector<std::string>{"/sys/fs/cgroup/memory/docker/ab", "/sys/fs/cgroup/memory/docker",
                                      "/sys/fs/cgroup/memory"}));
  EXPECT_EQ(find_memory_cgroup("4:memory:/\n0::/\n", kHybridMounts)->version, CgroupVersion::kV1);
  EXPECT_EQ(find_memory_cgroup("4:memory:/\n0::/a\n", kUnifiedMount)->version, CgroupVersion::kV2);
}

TEST(MemoryFiles, FindsThemInsideOfAContainer) {
  constexpr std::string_view kMount = "35 31 0:32 /docker/ab /sys/fs/my\\040cgroup ro - cgroup cgroup rw,memory\n";
  EXPECT_EQ(directories("4:memory:/docker/ab/c\n", kMount),
            (std::vector<std::string>{"/sys/fs/my cgroup/c", "/sys/fs/my cgroup"}));
  EXPECT_EQ(directories("4:memory:/docker/ab\n", kMount), std::vector<std::string>{"/sys/fs/my cgroup"});
  EXPECT_EQ(directories("4:memory:/docker/abc\n", kMount).back(), "/sys/fs/my cgroup");
  EXPECT_EQ(directories("0::/../../other\n", kUnifiedMount), std::vector<std::string>{"/sys/fs/cgroup"});
}

TEST(MemoryFiles, FindsNoneWhereThereIsNone) {
  EXPECT_EQ(directories("", kUnifiedMount), std::vector<std::string>{"none"});
  EXPECT_EQ(directories("0::/a\n", ""), std::vector<std::string>{"none"});
  EXPECT_EQ(directories("0::relative\n", kUnifiedMount), std::vector<std::string>{"none"});
  EXPECT_EQ(directories("4:memory:/a\n", "35 31 0:32 / - cgroup cgroup rw,memory\n"), std::vector<std::string>{"none"});
}

TEST(MemoryFiles, SurvivesAnyBytes) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  constexpr std::string_view kAlphabet = "some full avg10=.9:/-\\\n0 kBmemory,cgroup2max\xff";
  for (int round = 0; round < 20'000; ++round) {
    std::string text(round % 2 == 0 ? kPressure : kHybridMounts);
    for (auto change = random() % 30; change > 0; --change) {
      const std::size_t place = random() % text.size();
      text[place] = kAlphabet[random() % kAlphabet.size()];
    }
    text.resize(random() % (text.size() + 1));
    (void)parse_meminfo(text, "some");
    (void)parse_stat_value(text, "some");
    (void)parse_byte_count(text);
    if (const auto stall = parse_memory_stall(text)) {
      EXPECT_GE(stall->some_percent, 0);
      EXPECT_LE(stall->full_percent, 100);
    }
    for (const std::string& cgroup : {text, std::string("4:memory:/a/b\n0::/c\n")}) {
      if (const auto found = find_memory_cgroup(cgroup, text)) {
        ASSERT_FALSE(found->directories.empty());
        EXPECT_EQ(found->directories.back().front(), '/');
      }
    }
  }
}

TEST(LinuxMemorySource, TakesTheNarrowestBound) {
  FakeFileSystem files;
  files.put("/proc/meminfo", std::string(kMeminfo));
  files.put("/proc/pressure/memory", std::string(kPressure));
  const auto source = make_linux_memory_source(files);
  MemoryReading reading = source->read();
  EXPECT_EQ(reading.limit_bytes, 8'000'000ULL * 1024);
  EXPECT_EQ(reading.free_bytes, 4'000'000ULL * 1024);
  ASSERT_TRUE(reading.stall);
  EXPECT_DOUBLE_EQ(reading.stall->some_percent, 12.5);

  files.put("/proc/self/cgroup", "0::/a/b\n");
  files.put("/proc/self/mountinfo", std::string(kUnifiedMount));
  files.put("/sys/fs/cgroup/a/b/memory.max", "max\n");
  files.put("/sys/fs/cgroup/a/b/memory.current", "700\n");
  files.put("/sys/fs/cgroup/a/b/memory.pressure", "some avg10=1.00\nfull avg10=0.50\n");
  files.put("/sys/fs/cgroup/a/memory.max", "1000\n");
  files.put("/sys/fs/cgroup/a/memory.current", "900\n");
  files.put("/sys/fs/cgroup/a/memory.stat", "anon 700\ninactive_file 150\n");
  reading = source->read();
  EXPECT_EQ(reading.limit_bytes, 1000U);
  EXPECT_EQ(reading.free_bytes, 250U);  // 900 in use, of which 150 can be taken back
  EXPECT_DOUBLE_EQ(reading.stall->some_percent, 1.0);

  files.put("/sys/fs/cgroup/a/memory.current", "2000\n");
  EXPECT_EQ(source->read().free_bytes, 0U);  // above its limit for a moment
}

TEST(LinuxMemorySource, ReadsTheFirstVersionOfControlGroups) {
  FakeFileSystem files;
  files.put("/proc/meminfo", std::string(kMeminfo));
  files.put("/proc/self/cgroup", "4:memory:/docker\n0::/\n");
  files.put("/proc/self/mountinfo", std::string(kHybridMounts));
  files.put("/sys/fs/cgroup/memory/docker/memory.limit_in_bytes", "1000\n");
  files.put("/sys/fs/cgroup/memory/docker/memory.usage_in_bytes", "600\n");
  files.put("/sys/fs/cgroup/memory/docker/memory.stat", "inactive_file 1\ntotal_inactive_file 100\n");
  files.put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  files.put("/sys/fs/cgroup/memory/memory.usage_in_bytes", "9223372036854771712\n");
  const MemoryReading reading = make_linux_memory_source(files)->read();
  EXPECT_EQ(reading.limit_bytes, 1000U);
  EXPECT_EQ(reading.free_bytes, 500U);
  EXPECT_FALSE(reading.stall);
}

TEST(LinuxMemorySource, KnowsNothingWhereNothingCanBeRead) {
  const FakeFileSystem files;
  const MemoryReading reading = make_linux_memory_source(files)->read();
  EXPECT_EQ(reading.limit_bytes, std::nullopt);
  EXPECT_EQ(reading.free_bytes, std::nullopt);
  EXPECT_FALSE(reading.stall);
}

TEST(LinuxMemorySource, ReadsThisMachine) {
  const auto files = make_posix_file_system();
  const auto source = make_linux_memory_source(*files);
  const MemoryReading reading = source->read();
  ASSERT_TRUE(reading.limit_bytes && reading.free_bytes);
  EXPECT_GT(*reading.limit_bytes, std::uint64_t{1} << 20U);
  EXPECT_LE(*reading.free_bytes, *reading.limit_bytes);
  source->give_back();
}

}  // namespace
}  // namespace repomap
