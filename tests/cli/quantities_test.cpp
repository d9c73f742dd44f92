// SPDX-License-Identifier: Apache-2.0
#include "cli/quantities.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace repomap::cli {
namespace {

using namespace std::chrono_literals;

TEST(Quantities, BytesHaveTheirLargestUnit) {
  EXPECT_EQ(bytes_text(0), "0");
  EXPECT_EQ(bytes_text(1023), "1023 B");
  EXPECT_EQ(bytes_text(1024), "1.0 KiB");
  EXPECT_EQ(bytes_text(10 * 1024), "10 KiB");
  EXPECT_EQ(bytes_text((1U << 20U) - 1), "1.0 MiB");
  EXPECT_EQ(bytes_text(std::uint64_t{5} << 30U), "5.0 GiB");
  EXPECT_EQ(bytes_text(~std::uint64_t{0}), "16384 PiB");
}

TEST(Quantities, CountsHaveTheirThousands) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
  EXPECT_EQ(count_text(1234567), "1,234,567");
  EXPECT_EQ(counted(1, "entry", "entries"), "1 entry");
  EXPECT_EQ(counted(2000, "entry", "entries"), "2,000 entries");
}

TEST(Quantities, AShareOfNothingIsNone) {
  EXPECT_EQ(share_text(0, 0), "-");
  EXPECT_EQ(share_text(1, 3), "33.3 %");
  EXPECT_EQ(share_text(2, 2), "100.0 %");
}

TEST(Quantities, DurationsHaveThreeDigitsOrSo) {
  EXPECT_EQ(duration_text(0ns), "-");
  EXPECT_EQ(duration_text(830ns), "830 ns");
  EXPECT_EQ(duration_text(1500ns), "1.5 us");
  EXPECT_EQ(duration_text(42ms), "42 ms");
  EXPECT_EQ(duration_text(2100ms), "2.1 s");
  EXPECT_EQ(duration_text(600s), "600 s");
}

TEST(Quantities, AgesHaveTheirLargestUnit) {
  EXPECT_EQ(age_text(59s), "59 s");
  EXPECT_EQ(age_text(-5min), "5 min");
  EXPECT_EQ(age_text(47h), "47 h");
  EXPECT_EQ(age_text(48h), "2 d");
}

TEST(Quantities, TimesAreUtcToTheMillisecond) {
  using Time = std::chrono::sys_time<std::chrono::microseconds>;
  EXPECT_EQ(time_text(Time(0us)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(time_text(Time(1'700'000'000'123'456us)), "2023-11-14T22:13:20.123Z");
}

}  // namespace
}  // namespace repomap::cli
