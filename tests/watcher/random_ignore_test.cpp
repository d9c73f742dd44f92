// SPDX-License-Identifier: Apache-2.0
//
// Compares the list of files with git's own on random trees and random patterns.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <string_view>

#include "core/base/file_system.hpp"
#include "tests/support/temporary_tree.hpp"
#include "tests/watcher/chosen_seed.hpp"
#include "tests/watcher/listing.hpp"
#include "watcher/file_lister.hpp"

namespace repomap {
namespace {

constexpr unsigned kTrees = 100;

class RandomTree {
 public:
  explicit RandomTree(unsigned seed) : random_(seed) {}

  /// Files, some of them ignore files of either name, at most four directories deep.
  void write(const TemporaryTree& tree) {
    std::vector<std::string> directories{""};
    for (int i = 0; i < 12; ++i) {
      const std::string& parent = directories[below(directories.size())];
      if (std::ranges::count(parent, '/') < 4) {
        directories.push_back(parent + name() + "/");
      }
    }
    std::set<std::string> used;
    for (int i = 0; i < 60; ++i) {
      const std::string path = directories[below(directories.size())] + name();
      const std::string below_path = path + "/";
      const bool is_directory = std::ranges::any_of(
          directories, [&](const std::string& directory) { return directory.starts_with(below_path); });
      if (!is_directory && used.insert(path).second) {
        tree.write(path);
        files.push_back(path);
      }
    }
    for (const std::string& directory : std::set<std::string>(directories.begin(), directories.end())) {
      if (directory.empty() || below(2) == 0) {
        tree.write(directory + ".gitignore", patterns());
      }
      if (below(3) == 0) {
        tree.write(directory + ".repomapignore", patterns());
      }
    }
  }

  std::size_t below(std::size_t bound) { return random_() % bound; }

  std::string patterns() {
    std::string text;
    for (std::size_t lines = 1 + below(4); lines > 0; --lines) {
      text += below(4) == 0 ? "!" : "";
      for (std::size_t pieces = 1 + below(5); pieces > 0; --pieces) {
        text += kPieces[below(kPieces.size())];
      }
      text += below(12) == 0 ? "\r\n" : "\n";
    }
    return text;
  }

  std::vector<std::string> files;

 private:
  static constexpr std::array<std::string_view, 20> kNames{"a", "b",   "ab", "ba",   "aab",         "a.c",  "b.o",
                                                           "A", "a b", "a ", "#a",   "!a",          "a\\b", "[ab]",
                                                           "*", "a*b", "\n", "\xff", "caf\xc3\xa9", "a]"};
  static constexpr std::array<std::string_view, 40> kPieces{
      "a",    "a",    "b",    "b",           "ab",     "*",           "*",     "**",  "/",   "/",
      "/",    "**/",  "/**",  "?",           ".c",     ".o",          " ",     "\\",  "#",   "!",
      "[ab]", "[!a]", "[^b]", "[a-b",        "[]]",    "[[:alpha:]]", "[a-c]", "\\*", "\\ ", "]",
      "[",    "A",    "\xff", "caf\xc3\xa9", "[\\]a]", "[[:bad:]]",   "[--b]", "a/b", "*/",  "**/a"};

  std::string name() { return std::string(kNames[below(kNames.size())]); }

  std::mt19937 random_;
};

/// What git lists, as far as it exists, sorted.
Paths git_lists(const TemporaryTree& tree, const std::vector<std::string>& arguments) {
  const std::string output = tree.git(arguments);
  const auto file_system = make_posix_file_system();
  std::set<std::string> result;
  for (std::size_t at = 0; at < output.size();) {
    const std::size_t end = output.find('\0', at);
    const std::string path = output.substr(at, end - at);
    const auto info = file_system->stat(tree.path(path));
    if (info && info->type == FileType::kRegular) {
      result.insert(path);
    }
    at = end + 1;
  }
  return {result.begin(), result.end()};
}

std::string ignore_files(const TemporaryTree& tree) {
  std::string text;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(tree.root())) {
    const std::string name = entry.path().filename().string();
    if (name == ".gitignore" || name == ".repomapignore") {
      text += entry.path().string() + ":\n" + *make_posix_file_system()->read_file(entry.path().string(), 4096) + "\n";
    }
  }
  return text;
}

void expect_same(const TemporaryTree& tree, const Paths& expected) {
  const Paths ours = listed(tree.root());
  Paths difference;
  std::ranges::set_symmetric_difference(ours, expected, std::back_inserter(difference));
  EXPECT_EQ(difference, Paths{}) << "listed by one side only; all ignore files:\n" << ignore_files(tree);
}

void track_some(const TemporaryTree& tree, RandomTree& random) {
  std::vector<std::string> arguments{"--literal-pathspecs", "add", "-f", "--"};
  for (const std::string& file : random.files) {
    if (random.below(6) == 0) {
      arguments.push_back(file);
    }
  }
  if (arguments.size() > 4) {
    tree.git(arguments);
  }
}

TEST(RandomIgnore, ListsWhatGitLists) {
  const unsigned seed = chosen_seed();
  std::size_t total = 0;
  std::size_t all = 0;
  for (unsigned round = 0; round < kTrees; ++round) {
    SCOPED_TRACE("tree " + std::to_string(round));
    const TemporaryTree tree;
    RandomTree random(seed + round);
    random.write(tree);
    tree.git({"init", "-q", "--template="});
    tree.write(".git/info/exclude", random.patterns());
    if (random.below(3) == 0) {
      // With tracked files git would also take "A" and "a" on this file system for one file.
      tree.git({"config", "core.ignoreCase", "true"});
    } else {
      track_some(tree, random);
    }

    const Paths git = git_lists(tree, {"ls-files", "-z", "--cached", "--others", "--exclude-standard"});
    // .repomapignore is the same language under another name, and it binds tracked files too.
    std::error_code no_index;  // where nothing is tracked
    std::filesystem::rename(tree.path(".git/index"), tree.path(".git/kept-index"), no_index);
    const Paths kept = git_lists(tree, {"ls-files", "-z", "--others", "--exclude-per-directory=.repomapignore"});
    std::filesystem::rename(tree.path(".git/kept-index"), tree.path(".git/index"), no_index);
    Paths expected;
    std::ranges::set_intersection(git, kept, std::back_inserter(expected));
    expect_same(tree, expected);
    total += expected.size();
    all += random.files.size();
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(total, 0U);
  EXPECT_LT(total, all);
}

TEST(RandomIgnore, WithoutGitTheRulesAreTheSame) {
  const unsigned seed = chosen_seed();
  for (unsigned round = 0; round < kTrees; ++round) {
    SCOPED_TRACE("tree " + std::to_string(round));
    const TemporaryTree tree;
    RandomTree random(seed + round);
    random.write(tree);
    tree.git({"init", "-q", "--template="});
    const Paths git = git_lists(tree, {"ls-files", "-z", "--others", "--exclude-per-directory=.gitignore"});
    const Paths kept = git_lists(tree, {"ls-files", "-z", "--others", "--exclude-per-directory=.repomapignore"});
    std::filesystem::remove_all(tree.path(".git"));
    Paths expected;
    std::ranges::set_intersection(git, kept, std::back_inserter(expected));
    expect_same(tree, expected);
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace repomap
