// SPDX-License-Identifier: Apache-2.0
#include "watcher/file_lister.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <climits>
#include <functional>
#include <optional>
#include <string>

#include "tests/support/temporary_tree.hpp"
#include "tests/watcher/listing.hpp"
#include "watcher/stat_reader.hpp"

namespace repomap {
namespace {

TEST(FileLister, ListsATreeWithoutGitInTheOrderOfPaths) {
  const TemporaryTree tree;
  for (const char* path : {"a/x", "a.c", "a/.hidden", "a-b/x", "B", "z/y/x/w"}) {
    tree.write(path);
  }
  EXPECT_EQ(listed(tree.root()), (Paths{"B", "a-b/x", "a.c", "a/.hidden", "a/x", "z/y/x/w"}));
}

TEST(FileLister, AnEmptyDirectoryIsAnEmptyList) {
  const TemporaryTree tree;
  EXPECT_EQ(listed(tree.root()), Paths{});
}

TEST(FileLister, GitIgnoreHoldsWithoutGit) {
  const TemporaryTree tree;
  tree.write(".gitignore", "*.o\n/out/\n");
  tree.write("src/.gitignore", "!keep.o\ngenerated\n");
  for (const char* path : {"a.o", "out/x", "src/a.o", "src/keep.o", "src/out/y", "src/generated/z", "src/a.c"}) {
    tree.write(path);
  }
  EXPECT_EQ(listed(tree.root()), (Paths{".gitignore", "src/.gitignore", "src/a.c", "src/keep.o", "src/out/y"}));
}

TEST(FileLister, NothingBelowAnIgnoredDirectoryComesBack) {
  const TemporaryTree tree;
  tree.write(".gitignore", "out/\n!out/keep\n");
  tree.write("out/keep");
  tree.write("out/.gitignore", "!*\n");
  EXPECT_EQ(listed(tree.root()), Paths{".gitignore"});
}

TEST(FileLister, RepomapIgnoreExcludesOnTopAndBringsNothingBack) {
  const TemporaryTree tree;
  tree.write(".gitignore", "*.o\nout/\n");
  tree.write(".repomapignore", "*\n!*/\n!*.c\n!*.o\n");
  tree.write("src/.repomapignore", "main.c\n");
  for (const char* path : {"a.c", "a.h", "a.o", "out/x.c", "src/main.c", "src/b.c"}) {
    tree.write(path);
  }
  EXPECT_EQ(listed(tree.root()), (Paths{"a.c", "src/b.c"}));
}

TEST(FileLister, LeavesOutVersionControlAndPackagesUnlessTheTreeSaysOtherwise) {
  const TemporaryTree tree;
  for (const char* path : {".hg/store", ".svn/x", "web/node_modules/p/i.js", "lib/__pycache__/m.pyc", "a.js"}) {
    tree.write(path);
  }
  EXPECT_EQ(listed(tree.root()), Paths{"a.js"});
  tree.write(".gitignore", "!node_modules/\n");
  EXPECT_EQ(listed(tree.root()), (Paths{".gitignore", "a.js", "web/node_modules/p/i.js"}));
}

TEST(FileLister, NamesAreRawBytes) {
  const TemporaryTree tree;
  const Paths names{"\n", " ", "-rf", "a\nb", "caf\xc3\xa9", "caf\xe9", "\xff\xfe"};
  for (const std::string& name : names) {
    tree.write(name);
  }
  EXPECT_EQ(listed(tree.root()), names);
}

TEST(FileLister, LinksAreReportedAndNotFollowed) {
  const TemporaryTree tree;
  tree.write("dir/file");
  tree.link("to-file", "dir/file");
  tree.link("to-dir", "dir");
  tree.link("dir/up", "..");
  tree.link("loop", "loop");
  tree.link("dangling", "nowhere");
  tree.link("outside", tree.outside());
  const auto list = list_files(tree.root(), {});
  ASSERT_TRUE(list);
  EXPECT_EQ(paths_of(*list), Paths{"dir/file"});
  EXPECT_EQ(skipped(*list), (Paths{"dangling symlink", "dir/up symlink", "loop symlink", "outside symlink",
                                   "to-dir symlink", "to-file symlink"}));
  Paths details;
  for (const SkippedFile& file : list->skipped) {
    details.push_back(file.detail);
  }
  EXPECT_EQ(details, (Paths{"leads to nothing", "leads to a directory", "leads in a loop", "leads out of the tree",
                            "leads to a directory", "leads to a file of the tree"}));
}

TEST(FileLister, ALinkIsNoIgnoreFile) {
  const TemporaryTree tree;
  tree.write("rules", "*.c\n");
  tree.write("a.c");
  tree.link(".gitignore", "rules");
  EXPECT_EQ(listed(tree.root()), (Paths{"a.c", "rules"}));
}

TEST(FileLister, ARootThatIsALinkIsFollowed) {
  const TemporaryTree tree;
  tree.write("inner/a.c");
  tree.link("link", "inner");
  EXPECT_EQ(listed(tree.path("link")), Paths{"a.c"});
}

TEST(FileLister, SpecialFilesAreReportedAndNotOpened) {
  const TemporaryTree tree;
  ASSERT_EQ(::mkfifo(tree.path("fifo").c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo(tree.path(".gitignore").c_str(), 0600), 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = tree.path("socket");
  ASSERT_LT(path.size(), sizeof(address.sun_path));
  path.copy(address.sun_path, path.size());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  ::close(socket);
  const auto list = list_files(tree.root(), {});
  ASSERT_TRUE(list);
  EXPECT_EQ(skipped(*list), (Paths{".gitignore not_regular", "fifo not_regular", "socket not_regular"}));
}

TEST(FileLister, EntersNothingMoreOnceNobodyWantsTheList) {
  const TemporaryTree tree;
  for (const char* path : {"a/x", "b/x", "c/x", "d/x"}) {
    tree.write(path, "");
  }
  Paths entered;
  ListOptions options;
  options.on_directory = [&entered](const std::string& path, const OpenDirectory& /*directory*/) {
    entered.push_back(path);
  };
  options.check = [&entered] { return entered.size() < 3 ? Status() : fail(ErrorCode::kCancelled, "not wanted"); };
  const auto list = list_files(tree.root(), options);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(entered.size(), 3U) << "the root and two more";
}

/// Runs `check` in a child process that does not have root's rights, and gives what it returned.
bool passes_without_rights(const std::function<bool()>& check) {
  constexpr uid_t kNobody = 65534;
  const pid_t child = ::fork();
  if (child == 0) {
    const bool is_nobody = ::geteuid() != 0 || (::setgid(kNobody) == 0 && ::setuid(kNobody) == 0);
    ::_exit(is_nobody && check() ? 0 : 1);
  }
  int status = 1;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(FileLister, AnUnreadableDirectoryIsReportedAndTheRestListed) {
  const TemporaryTree tree;
  tree.write("a/x");
  tree.write("b/x");
  tree.write("c/x");
  ASSERT_EQ(::chmod(tree.path("b").c_str(), 0), 0);
  EXPECT_TRUE(passes_without_rights([&tree] {
    const auto list = list_files(tree.root(), {});
    return list && paths_of(*list) == Paths{"a/x", "c/x"} && skipped(*list) == Paths{"b unreadable"};
  }));
  EXPECT_TRUE(passes_without_rights([&tree] {
    const auto list = list_files(tree.path("b"), {});
    return !list && list.error().code == ErrorCode::kPermissionDenied;
  }));
  EXPECT_EQ(::chmod(tree.path("b").c_str(), 0755), 0);
}

TEST(FileLister, AnUnreadableIgnoreFileIsNamedInANotice) {
  const TemporaryTree tree;
  tree.write("a/.gitignore", "x\n");
  tree.write("a/x");
  ASSERT_EQ(::chmod(tree.path("a/.gitignore").c_str(), 0), 0);
  EXPECT_TRUE(passes_without_rights([&tree] {
    const auto list = list_files(tree.root(), {});
    return list && paths_of(*list) == Paths{"a/.gitignore", "a/x"} && list->notices.size() == 1 &&
           list->notices.front().find("a/.gitignore") != std::string::npos;
  }));
}

TEST(FileLister, DepthIsNotBoundedByPathLengthDescriptorsOrTheStack) {
  const TemporaryTree tree;
  constexpr std::size_t kDepth = 5200;
  int directory = ::open(tree.root().c_str(), O_RDONLY | O_DIRECTORY);
  for (std::size_t depth = 0; depth < kDepth; ++depth) {
    ASSERT_EQ(::mkdirat(directory, "d", 0755), 0);
    const int child = ::openat(directory, "d", O_RDONLY | O_DIRECTORY);
    ::close(directory);
    directory = child;
    ASSERT_GE(directory, 0);
  }
  const auto touch = [](int at, const char* name) { ::close(::openat(at, name, O_CREAT | O_WRONLY, 0644)); };
  touch(directory, "bottom");
  ::close(directory);
  tree.write("d/d/middle");
  tree.write("top");
  std::string deepest;
  for (std::size_t depth = 0; depth < kDepth; ++depth) {
    deepest += "d/";
  }
  EXPECT_EQ(listed(tree.root()), (Paths{deepest + "bottom", "d/d/middle", "top"}));
  EXPECT_EQ(listed(tree.root(), {.subtrees = {deepest}}), Paths{deepest + "bottom"});
}

TEST(FileLister, SubtreesLimitTheListButNotTheRules) {
  const TemporaryTree tree;
  tree.write(".gitignore", "*.o\n");
  for (const char* path : {"a/b/x", "a/b/x.o", "a/b-c/x", "a/y", "ab/x", "c/x", "z"}) {
    tree.write(path);
  }
  EXPECT_EQ(listed(tree.root(), {.subtrees = {"a/b"}}), Paths{"a/b/x"});
  EXPECT_EQ(listed(tree.root(), {.subtrees = {"./c//", "a/b/.", "a/b"}}), (Paths{"a/b/x", "c/x"}));
  EXPECT_EQ(listed(tree.root(), {.subtrees = {"a/b", "a", "a/b-c"}}), (Paths{"a/b-c/x", "a/b/x", "a/y"}));
  EXPECT_EQ(listed(tree.root(), {.subtrees = {"."}}), listed(tree.root()));
}

TEST(FileLister, SubtreesAreValidated) {
  const TemporaryTree tree;
  tree.write("file");
  tree.write("ignored/x");
  tree.write(".gitignore", "ignored\n");
  tree.link("link", "ignored");
  const auto error = [&tree](const std::string& subtree) {
    const auto list = list_files(tree.root(), {.subtrees = {subtree}});
    EXPECT_FALSE(list) << subtree;
    return list ? Error{} : list.error();
  };
  EXPECT_EQ(error("missing/dir").code, ErrorCode::kNotFound);
  EXPECT_NE(error("missing/dir").message.find("missing/dir"), std::string::npos);
  EXPECT_EQ(error("file").code, ErrorCode::kNotFound);
  EXPECT_EQ(error("link").code, ErrorCode::kNotFound);
  EXPECT_EQ(error("..").code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(error("/etc").code, ErrorCode::kInvalidArgument);
  const auto list = list_files(tree.root(), {.subtrees = {"ignored"}});
  ASSERT_TRUE(list);
  EXPECT_TRUE(list->files.empty());
  ASSERT_EQ(list->notices.size(), 1U);
}

TEST(FileLister, SaysThatRulesLeaveNothing) {
  const TemporaryTree tree;
  tree.write(".gitignore", "/*\n");
  tree.write("a.c");
  const auto list = list_files(tree.root(), {});
  ASSERT_TRUE(list);
  EXPECT_TRUE(list->files.empty());
  ASSERT_EQ(list->notices.size(), 1U);
  EXPECT_NE(list->notices.front().find("ignore"), std::string::npos);
}

TEST(FileLister, StatsComeWhenAskedFor) {
  const TemporaryTree tree;
  tree.write("a/five", "12345");
  auto list = list_files(tree.root(), {});
  ASSERT_TRUE(list);
  EXPECT_FALSE(list->files.at(0).stat);
  list = list_files(tree.root(), {.stats = StatPolicy::kRead});
  ASSERT_TRUE(list && list->files.at(0).stat);
  const auto expected = make_posix_file_system()->stat(tree.path("a/five"));
  EXPECT_EQ(list->files.at(0).stat->size_bytes, 5U);
  EXPECT_EQ(list->files.at(0).stat->inode, expected->inode);
  EXPECT_EQ(list->files.at(0).stat->mtime_ns, expected->mtime_ns);
}

TEST(FileLister, StatsReadInParallelAreTheSame) {
  const TemporaryTree tree;
  for (int i = 0; i < 1500; ++i) {
    tree.write(std::to_string(i % 40) + "/f" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'x'));
  }
  TaskPool pool(4);
  const auto alone = list_files(tree.root(), {.stats = StatPolicy::kRead});
  auto together = list_files(tree.root(), {});
  ASSERT_TRUE(alone && together);
  ASSERT_TRUE(read_stats(tree.root(), pool, *together));
  ASSERT_EQ(alone->files.size(), 1500U);
  ASSERT_EQ(together->files.size(), 1500U);
  for (std::size_t i = 0; i < alone->files.size(); ++i) {
    EXPECT_EQ(together->files[i].path, alone->files[i].path);
    EXPECT_EQ(together->files[i].stat, alone->files[i].stat);
  }
}

TEST(FileLister, StatsReadInParallelLeaveOutWhatHasGone) {
  const TemporaryTree tree;
  tree.write("stays");
  tree.write("sub/stays");
  const std::string deep = std::string(2 * PATH_MAX, 'd') + "/file";
  FileList list;
  for (const std::string& path :
       {std::string("gone"), std::string("stays"), std::string("sub"), std::string("sub/stays"), deep}) {
    list.files.push_back({path, std::nullopt});
  }
  TaskPool pool(2);
  ASSERT_TRUE(read_stats(tree.root(), pool, list));
  ASSERT_EQ(list.files.size(), 2U);
  EXPECT_EQ(list.files[0].path, "stays");
  EXPECT_EQ(list.files[1].path, "sub/stays");
  EXPECT_TRUE(list.files[1].stat);
  ASSERT_EQ(list.skipped.size(), 1U) << "a name that no file system takes";
  EXPECT_EQ(list.skipped[0].path, deep);
  EXPECT_EQ(read_stats(tree.path("gone"), pool, list).error().code, ErrorCode::kNotFound);
  const auto unwanted = [] { return Status(fail(ErrorCode::kCancelled, "not wanted")); };
  EXPECT_EQ(read_stats(tree.root(), pool, list, unwanted).error().code, ErrorCode::kCancelled);
}

TEST(FileLister, ARootMustBeADirectoryThatExists) {
  const TemporaryTree tree;
  tree.write("file");
  EXPECT_EQ(list_files(tree.path("file"), {}).error().code, ErrorCode::kInvalidArgument);
  const auto missing = list_files(tree.path("missing"), {});
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(missing.error().message.find("missing"), std::string::npos);
}

}  // namespace
}  // namespace repomap
