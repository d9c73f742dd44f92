// SPDX-License-Identifier: Apache-2.0
//
// What is launched is this program itself, which lists its tests and ends.
#include "service/protocol/daemon_launcher.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "service/protocol/daemon_socket.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;

std::string content_of(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

class DaemonLauncherTest : public testing::Test {
 protected:
  const TemporaryTree tree_;
  const DaemonAddress address_ = *daemon_address_in(tree_.path("run"));
};

TEST_F(DaemonLauncherTest, WritesWhatTheProcessSaysToTheLogAndTellsOfItsEnd) {
  const auto launched = launch_daemon(address_, {"--gtest_list_tests"}, 60s);
  ASSERT_FALSE(launched);
  EXPECT_EQ(launched.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(launched.error().message, "the daemon has ended at its start; see " + address_.log);
  EXPECT_NE(content_of(address_.log).find("DaemonLauncherTest."), std::string::npos);
}

TEST_F(DaemonLauncherTest, WaitsUntilTheSocketAnswers) {
  ASSERT_TRUE(ensure_daemon_directory(address_));
  const auto socket = DaemonSocket::bind(address_.socket);
  ASSERT_TRUE(socket);
  const auto launched = launch_daemon(address_, {"--gtest_list_tests"}, 60s);
  ASSERT_TRUE(launched) << launched.error().message;
  int status = -1;
  EXPECT_EQ(waitpid(*launched, &status, 0), *launched);
  EXPECT_EQ(status, 0);
}

TEST_F(DaemonLauncherTest, DoesNotWaitWithoutPatience) {
  const auto launched = launch_daemon(address_, {"--gtest_list_tests"}, 0s);
  ASSERT_TRUE(launched) << launched.error().message;
  int status = -1;
  EXPECT_EQ(waitpid(*launched, &status, 0), *launched);
}

TEST_F(DaemonLauncherTest, BeginsALargeLogAnew) {
  ASSERT_TRUE(ensure_daemon_directory(address_));
  const std::string before((std::size_t{1} << 20) + 1, 'x');
  std::ofstream(address_.log) << before;
  ASSERT_FALSE(launch_daemon(address_, {"--gtest_list_tests"}, 60s));
  EXPECT_EQ(content_of(address_.log + ".old"), before);
  EXPECT_LT(std::filesystem::file_size(address_.log), before.size());
  ASSERT_FALSE(launch_daemon(address_, {"--gtest_list_tests"}, 60s));
  EXPECT_EQ(content_of(address_.log + ".old"), before) << "a small one is gone on with";
}

TEST_F(DaemonLauncherTest, StartsNothingWhereTheDirectoryIsNotOurs) {
  tree_.write("run", "in its place");
  const auto launched = launch_daemon(address_, {"--gtest_list_tests"}, 60s);
  ASSERT_FALSE(launched);
  EXPECT_EQ(launched.error().code, ErrorCode::kPermissionDenied);
}

}  // namespace
}  // namespace repomap
