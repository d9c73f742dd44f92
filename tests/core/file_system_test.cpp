// SPDX-License-Identifier: Apache-2.0
#include "core/base/file_system.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 40U;
constexpr uid_t kNobody = 65534;

class PosixFileSystem : public testing::Test {
 protected:
  ErrorCode error_of(const std::string& path, std::uint64_t limit = kNoLimit) const {
    const auto content = files_->read_file(path, limit);
    EXPECT_FALSE(content) << path << " was read";
    return content ? ErrorCode::kIo : content.error().code;
  }

  TemporaryTree tree_;
  std::unique_ptr<FileSystem> files_ = make_posix_file_system();
};

TEST_F(PosixFileSystem, ReadsAllBytesOfAFile) {
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) {
    bytes += static_cast<char>(i);
  }
  tree_.write("bytes", bytes);
  tree_.write("empty", "");
  EXPECT_EQ(files_->read_file(tree_.path("bytes"), kNoLimit).value_or(""), bytes);
  EXPECT_EQ(files_->read_file(tree_.path("empty"), kNoLimit).value_or("wrong"), "");
}

TEST_F(PosixFileSystem, HoldsTheLimitToTheByte) {
  tree_.write("five", "12345");
  EXPECT_EQ(files_->read_file(tree_.path("five"), 5).value_or(""), "12345");
  EXPECT_EQ(error_of(tree_.path("five"), 4), ErrorCode::kLimitExceeded);
  EXPECT_EQ(files_->read_file(tree_.path("five"), 4).error().message, tree_.path("five") + ": 5 bytes, limit 4 bytes");
}

// A file of /proc says that its size is 0, so for read_file it grows while it is read.
TEST_F(PosixFileSystem, HoldsTheLimitForAFileThatGrows) {
  ASSERT_EQ(prctl(PR_SET_NAME, "elevenbytes"), 0);
  const std::string path = "/proc/thread-self/comm";
  EXPECT_EQ(files_->read_file(path, kNoLimit).value_or(""), "elevenbytes\n");
  EXPECT_EQ(files_->read_file(path, 12).value_or(""), "elevenbytes\n");
  for (std::uint64_t limit = 0; limit < 12; ++limit) {
    EXPECT_EQ(error_of(path, limit), ErrorCode::kLimitExceeded) << limit;
  }
}

TEST_F(PosixFileSystem, NeverWaitsForAFifo) {
  ASSERT_EQ(mkfifo(tree_.path("fifo").c_str(), 0600), 0);
  EXPECT_EQ(error_of(tree_.path("fifo")), ErrorCode::kUnsupported);
}

TEST_F(PosixFileSystem, RefusesWhatIsNoRegularFile) {
  tree_.make_directory("directory");
  EXPECT_EQ(error_of(tree_.path("directory")), ErrorCode::kUnsupported);
  EXPECT_EQ(error_of("/dev/null"), ErrorCode::kUnsupported);
  ASSERT_EQ(mknod(tree_.path("socket").c_str(), S_IFSOCK | 0600, 0), 0);
  EXPECT_EQ(error_of(tree_.path("socket")), ErrorCode::kUnsupported);
}

TEST_F(PosixFileSystem, SaysWhatIsMissing) {
  tree_.write("file");
  EXPECT_EQ(error_of(tree_.path("missing")), ErrorCode::kNotFound);
  EXPECT_EQ(error_of(tree_.path("file/below")), ErrorCode::kNotFound);
  EXPECT_NE(files_->read_file(tree_.path("missing"), 1).error().message.find(tree_.path("missing")), std::string::npos);
  EXPECT_EQ(files_->stat(tree_.path("missing")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(files_->list_directory(tree_.path("missing")).error().code, ErrorCode::kNotFound);
}

TEST_F(PosixFileSystem, FollowsNoLoopOfLinks) {
  tree_.link("a", "b");
  tree_.link("b", "a");
  EXPECT_EQ(error_of(tree_.path("a")), ErrorCode::kIo);
  EXPECT_EQ(files_->stat(tree_.path("a")).value_or(FileStat()).type, FileType::kSymlink);
}

// Root may read everything, so a child process gives up root's rights first.
TEST_F(PosixFileSystem, SaysWhatIsForbidden) {
  tree_.write("secret/file");
  chmod(tree_.path("secret/file").c_str(), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (getuid() == 0 && setuid(kNobody) != 0) {
      _exit(2);
    }
    const auto content = files_->read_file(tree_.path("secret/file"), kNoLimit);
    _exit(!content && content.error().code == ErrorCode::kPermissionDenied ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

TEST_F(PosixFileSystem, StatsALinkAsALink) {
  tree_.write("file", "123");
  tree_.link("link", "file");
  const auto file = files_->stat(tree_.path("file"));
  const auto link = files_->stat(tree_.path("link"));
  ASSERT_TRUE(file && link);
  EXPECT_EQ(file->type, FileType::kRegular);
  EXPECT_EQ(file->size_bytes, 3U);
  EXPECT_EQ(link->type, FileType::kSymlink);
  EXPECT_NE(file->inode, link->inode);
  struct stat info{};
  ASSERT_EQ(::lstat(tree_.path("file").c_str(), &info), 0);
  EXPECT_EQ(file->mtime_ns, info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec);
  EXPECT_EQ(file->inode, info.st_ino);
}

TEST_F(PosixFileSystem, ListsADirectorySortedAsBytesWithTypes) {
  tree_.write("b");
  tree_.write("B");
  tree_.write("\xff\xfe not utf-8");
  tree_.write("a\nb");
  tree_.make_directory("directory");
  tree_.link("link", "b");
  ASSERT_EQ(mkfifo(tree_.path("fifo").c_str(), 0600), 0);
  const auto entries = files_->list_directory(tree_.root());
  ASSERT_TRUE(entries);
  std::vector<std::pair<std::string, FileType>> found;
  for (const DirectoryEntry& entry : *entries) {
    found.emplace_back(entry.name, entry.type);
  }
  const std::vector<std::pair<std::string, FileType>> expected{{"B", FileType::kRegular},
                                                               {"a\nb", FileType::kRegular},
                                                               {"b", FileType::kRegular},
                                                               {"directory", FileType::kDirectory},
                                                               {"fifo", FileType::kOther},
                                                               {"link", FileType::kSymlink},
                                                               {"\xff\xfe not utf-8", FileType::kRegular}};
  EXPECT_EQ(found, expected);
  EXPECT_EQ(files_->read_file(tree_.path("\xff\xfe not utf-8"), kNoLimit).value_or(""), "x\n");
}

TEST(JoinPath, DoublesNoSeparator) {
  EXPECT_EQ(join_path("a", "b"), "a/b");
  EXPECT_EQ(join_path("a/", "b"), "a/b");
  EXPECT_EQ(join_path("/", "b"), "/b");
  EXPECT_EQ(join_path("", "b"), "b");
  EXPECT_EQ(join_path("a", ""), "a/");
}

TEST(BaseName, IsThePartBehindTheLastSeparator) {
  EXPECT_EQ(base_name("a/b/c.h"), "c.h");
  EXPECT_EQ(base_name("c.h"), "c.h");
  EXPECT_EQ(base_name("a/"), "");
  EXPECT_EQ(base_name(""), "");
}

TEST_F(PosixFileSystem, ReadsKernelFilesThatAnswerOnlyOneRead) {
  const auto limit = make_posix_file_system()->read_file("/proc/sys/fs/inotify/max_user_watches", 64);
  if (!limit && limit.error().code == ErrorCode::kNotFound) {
    GTEST_SKIP() << "this system has no inotify";
  }
  ASSERT_TRUE(limit) << limit.error().message;
  EXPECT_EQ(limit->back(), '\n') << *limit;
}

}  // namespace
}  // namespace repomap
