// SPDX-License-Identifier: Apache-2.0
#include "cli/output_stream.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>

namespace repomap::cli {
namespace {

TEST(OutputStream, WritesWhatIsPrintedInOrder) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  OutputStream out(ends[1]);
  out.print("{}-{}\n", 1, "two");
  out.write("three");
  EXPECT_TRUE(out.finish().has_value());
  std::string read(64, '\0');
  const ssize_t size = ::read(ends[0], read.data(), read.size());
  ASSERT_GT(size, 0);
  EXPECT_EQ(read.substr(0, static_cast<std::size_t>(size)), "1-two\nthree");
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(OutputStream, KeepsTheFirstFailure) {
  const int full = ::open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  OutputStream out(full);
  out.write(std::string(std::size_t{3} << 20U, 'x'));
  out.write("more");
  const auto finished = out.finish();
  ASSERT_FALSE(finished.has_value());
  EXPECT_NE(finished.error().message.find("No space left"), std::string::npos) << finished.error().message;
  ::close(full);
}

}  // namespace
}  // namespace repomap::cli
