// SPDX-License-Identifier: Apache-2.0
#include "watcher/git_index.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/file_system.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

constexpr std::size_t kSha1Bytes = 20;

std::string index_bytes(const TemporaryTree& tree) {
  return make_posix_file_system()->read_file(tree.path(".git/index"), 1 << 20).value();
}

std::vector<std::string> paths(const GitIndex& index) {
  std::vector<std::string> result;
  for (std::size_t entry = 0; entry < index.size(); ++entry) {
    result.emplace_back(index.path(entry));
  }
  return result;
}

class GitIndexTest : public testing::Test {
 protected:
  void SetUp() override {
    tree_.git({"init", "-q"});
    for (const char* path : {"a.c", "b/c/long-name-of-a-file", "b/c/long-name-of-another", "d", "\xff\n"}) {
      tree_.write(path);
    }
    tree_.git({"add", "."});
  }

  TemporaryTree tree_;
  const std::vector<std::string> expected_{"a.c", "b/c/long-name-of-a-file", "b/c/long-name-of-another", "d", "\xff\n"};
};

TEST_F(GitIndexTest, ReadsEveryVersion) {
  for (const char* version : {"2", "3", "4"}) {
    tree_.write("d");
    tree_.git({"update-index", "--index-version", version});
    // An entry that is only intended needs the extended flags of version 3.
    tree_.git({"rm", "-q", "--cached", "--ignore-unmatch", "d"});
    tree_.git({"add", "-N", "d"});
    const auto index = GitIndex::decode(index_bytes(tree_), kSha1Bytes);
    ASSERT_TRUE(index) << index.error().message;
    EXPECT_EQ(paths(*index), expected_) << "version " << version;
  }
}

TEST_F(GitIndexTest, ACutIndexIsAnErrorOrLosesOnlyAnExtension) {
  const std::string bytes = index_bytes(tree_);
  const auto whole = GitIndex::decode(bytes, kSha1Bytes);
  ASSERT_TRUE(whole);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto cut = GitIndex::decode(bytes.substr(0, length), kSha1Bytes);
    if (cut) {
      EXPECT_EQ(paths(*cut), paths(*whole)) << length;
    } else {
      EXPECT_EQ(cut.error().code, ErrorCode::kCorrupt) << length;
    }
  }
}

TEST_F(GitIndexTest, RefusesWhatItDoesNotUnderstand) {
  std::string bytes = index_bytes(tree_);
  bytes[7] = 9;
  EXPECT_EQ(GitIndex::decode(bytes, kSha1Bytes).error().code, ErrorCode::kUnsupported);
  tree_.git({"update-index", "--split-index"});
  EXPECT_EQ(GitIndex::decode(index_bytes(tree_), kSha1Bytes).error().code, ErrorCode::kUnsupported);
}

TEST_F(GitIndexTest, RefusesPathsOutOfOrder) {
  std::string bytes = index_bytes(tree_);
  bytes[bytes.find("a.c")] = 'z';
  EXPECT_EQ(GitIndex::decode(bytes, kSha1Bytes).error().code, ErrorCode::kCorrupt);
}

TEST_F(GitIndexTest, AConflictIsOnePath) {
  tree_.git({"commit", "-qm", "base"});
  tree_.git({"checkout", "-qb", "other"});
  tree_.write("a.c", "theirs\n");
  tree_.git({"commit", "-qam", "theirs"});
  tree_.git({"checkout", "-q", "-"});
  tree_.write("a.c", "ours\n");
  tree_.git({"commit", "-qam", "ours"});
  EXPECT_NE(run_program({"git", "-C", tree_.root(), "-c", "user.name=T", "-c", "user.email=t@example.org", "merge",
                         "-q", "other"})
                .status,
            0);
  const auto index = GitIndex::decode(index_bytes(tree_), kSha1Bytes);
  ASSERT_TRUE(index);
  EXPECT_EQ(paths(*index).front(), "a.c");
  EXPECT_EQ(paths(*index).at(1), "b/c/long-name-of-a-file");
}

}  // namespace
}  // namespace repomap
