// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/daemon_address.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "service/versions.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

/// Sets a variable of the environment for the length of a scope.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const char* value) : name_(name) {
    const char* const old = std::getenv(name);
    had_value_ = old != nullptr;
    old_value_ = had_value_ ? old : "";
    if (value != nullptr) {
      setenv(name, value, 1);
    } else {
      unsetenv(name);
    }
  }
  ~ScopedVariable() {
    if (had_value_) {
      setenv(name_, old_value_.c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  const char* name_;
  bool had_value_ = false;
  std::string old_value_;
};

mode_t mode_of(const std::string& path) {
  struct stat found{};
  return lstat(path.c_str(), &found) == 0 ? found.st_mode & 07777 : 0;
}

TEST(DaemonAddress, LiesInTheRuntimeDirectory) {
  const TemporaryTree tree;
  const ScopedVariable runtime("XDG_RUNTIME_DIR", tree.root().c_str());
  const auto address = find_daemon_address();
  ASSERT_TRUE(address) << address.error().message;
  EXPECT_EQ(address->directory, tree.path("repomap"));
  EXPECT_EQ(address->socket, tree.path("repomap/daemon.sock"));
  EXPECT_EQ(address->lock, tree.path("repomap/daemon.lock"));
  EXPECT_EQ(address->log, tree.path("repomap/daemon.log"));
  EXPECT_EQ(mode_of(address->directory), 0U) << "finding makes nothing";
}

TEST(DaemonAddress, LiesInATemporaryDirectoryOfTheUserWithoutARuntimeDirectory) {
  const TemporaryTree tree;
  const ScopedVariable temporary("TMPDIR", tree.root().c_str());
  for (const char* value : {static_cast<const char*>(nullptr), "", "relative"}) {
    const ScopedVariable runtime("XDG_RUNTIME_DIR", value);
    const auto address = find_daemon_address();
    ASSERT_TRUE(address) << address.error().message;
    EXPECT_EQ(address->directory, tree.path("repomap-" + std::to_string(geteuid())));
  }
}

TEST(DaemonAddress, MakesADirectoryForTheUserAloneWhateverTheMask) {
  const TemporaryTree tree;
  const auto address = daemon_address_in(tree.path("repomap"));
  ASSERT_TRUE(address);
  const mode_t old_mask = umask(0277);
  const Status made = ensure_daemon_directory(*address);
  umask(old_mask);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(mode_of(address->directory), 0700U);
  EXPECT_TRUE(ensure_daemon_directory(*address));
}

TEST(DaemonAddress, RefusesADirectoryThatOthersMayEnter) {
  const TemporaryTree tree;
  tree.make_directory("repomap");
  ASSERT_EQ(chmod(tree.path("repomap").c_str(), 0755), 0);
  const auto address = daemon_address_in(tree.path("repomap"));
  ASSERT_FALSE(address);
  EXPECT_EQ(address.error().code, ErrorCode::kPermissionDenied);
  EXPECT_NE(address.error().message.find("has mode 0755"), std::string::npos) << address.error().message;
}

TEST(DaemonAddress, RefusesALinkAndAFileInThePlaceOfTheDirectory) {
  const TemporaryTree tree;
  tree.make_directory("elsewhere");
  ASSERT_EQ(chmod(tree.path("elsewhere").c_str(), 0700), 0);
  tree.link("link", tree.path("elsewhere"));
  tree.write("file");
  for (const char* name : {"link", "file"}) {
    const auto address = daemon_address_in(tree.path(name));
    ASSERT_FALSE(address) << name;
    EXPECT_EQ(address.error().code, ErrorCode::kPermissionDenied) << name;
  }
}

TEST(DaemonAddress, RefusesADirectoryOfSomebodyElse) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only the superuser can give a directory away";
  }
  const TemporaryTree tree;
  tree.make_directory("repomap");
  ASSERT_EQ(chmod(tree.path("repomap").c_str(), 0700), 0);
  ASSERT_EQ(chown(tree.path("repomap").c_str(), 12345, 12345), 0);
  const auto address = daemon_address_in(tree.path("repomap"));
  ASSERT_FALSE(address);
  EXPECT_NE(address.error().message.find("belongs to user 12345"), std::string::npos) << address.error().message;
}

TEST(DaemonAddress, NamesTheLimitOfAPathThatIsTooLong) {
  const std::string fits(107 - std::string("/daemon.sock").size() - 1, 'd');
  EXPECT_TRUE(daemon_address_in("/" + fits));
  const auto address = daemon_address_in("/" + fits + "d");
  ASSERT_FALSE(address);
  EXPECT_EQ(address.error().code, ErrorCode::kLimitExceeded);
  EXPECT_NE(address.error().message.find("108 bytes, but the path of a socket has at most 107"), std::string::npos)
      << address.error().message;
}

TEST(BuildId, BeginsWithTheVersionAndStaysTheSame) {
  const std::string version(program_version());
  EXPECT_EQ(build_id().substr(0, version.size() + 1), version + "-");
  EXPECT_EQ(build_id(), build_id());
}

}  // namespace
}  // namespace repomap
