// SPDX-License-Identifier: Apache-2.0
//
// Compares list_paths() with what list_files() gives of the same paths, on random trees.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/file_system.hpp"
#include "tests/support/temporary_tree.hpp"
#include "tests/watcher/chosen_seed.hpp"
#include "tests/watcher/listing.hpp"
#include "watcher/file_lister.hpp"

namespace repomap {
namespace {

constexpr unsigned kTrees = 60;
constexpr unsigned kQuestions = 20;

class RandomRepository {
 public:
  explicit RandomRepository(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return random_() % bound; }
  std::string name() { return std::string(kNames[below(kNames.size())]); }

  /// A path of up to four components, of something that exists or not.
  std::string path() {
    std::string result = name();
    for (std::size_t more = below(4); more > 0; --more) {
      result += '/';
      result += name();
    }
    return result;
  }

  void write(const TemporaryTree& tree) {
    if (below(4) > 0) {
      tree.git({"init", "-q", "--template="});
    }
    for (int i = 0; i < 50; ++i) {
      add(tree, path());
    }
    for (const std::string& directory : directories(tree)) {
      decorate(tree, directory);
    }
    tree.write(".gitignore", patterns());
  }

  /// "" for the root, then each directory outside of `.git`.
  static std::vector<std::string> directories(const TemporaryTree& tree) {
    std::vector<std::string> result{""};
    for (auto at = std::filesystem::recursive_directory_iterator(tree.root()); at != end(at); ++at) {
      if (at->path().filename() == ".git") {
        at.disable_recursion_pending();
      } else if (at->symlink_status().type() == std::filesystem::file_type::directory) {
        result.push_back(at->path().lexically_relative(tree.root()).string());
      }
    }
    return result;
  }

 private:
  static constexpr std::array<std::string_view, 8> kNames{"a", "b", "a-b", "a.c", "b.o", "out", "A", "a b"};

  void add(const TemporaryTree& tree, const std::string& path) {
    std::error_code error;
    const std::filesystem::path file = tree.path(path);
    std::filesystem::create_directories(file.parent_path(), error);
    if (error || std::filesystem::exists(std::filesystem::symlink_status(file))) {
      return;  // a file is in the way
    }
    if (below(12) == 0) {
      tree.link(path, below(2) == 0 ? "a" : "..");
    } else {
      tree.write(path);
    }
  }

  void decorate(const TemporaryTree& tree, const std::string& directory) {
    const std::string start = directory.empty() ? directory : join_path(directory, "");
    if (below(4) == 0) {
      tree.write(start + ".gitignore", patterns());
    }
    if (below(8) == 0) {
      tree.write(start + ".repomapignore", patterns());
    }
    if (!directory.empty() && below(10) == 0) {
      tree.git({"init", "-q", "--template="}, directory);
    } else if (!directory.empty() && below(20) == 0) {
      tree.write(start + ".git/HEAD", "no repository\n");
    }
    if (!directory.empty() && below(4) == 0 && std::filesystem::exists(tree.path(".git"))) {
      // Where the directory lies in an inner repository git refuses, and says so.
      run_program({"sh", "-c", R"(git -C "$0" add -f -- "$1" 2>/dev/null)", tree.root(), directory});
    }
  }

  std::string patterns() {
    std::string text;
    for (std::size_t lines = below(4); lines > 0; --lines) {
      text += below(4) == 0 ? "!" : "";
      text += name();
      text += below(3) == 0 ? "/\n" : "\n";
    }
    return text;
  }

  std::mt19937 random_;
};

bool is_at_or_below(std::string_view path, std::string_view top) {
  return top.empty() || path == top || (path.starts_with(top) && path.substr(top.size()).starts_with('/'));
}

/// The lines whose path is at or below one of `tops`.
std::vector<std::string> part_of(const std::vector<std::string>& lines, const std::vector<std::string>& tops) {
  std::vector<std::string> result;
  std::ranges::copy_if(lines, std::back_inserter(result), [&](const std::string& line) {
    const std::string path = line.substr(0, line.find(" : "));
    return std::ranges::any_of(tops, [&](const std::string& top) { return is_at_or_below(path, top); });
  });
  return result;
}

std::vector<std::string> skipped_lines(const FileList& list) {
  std::vector<std::string> result;
  for (const SkippedFile& file : list.skipped) {
    result.push_back(file.path + " : " + std::string(skip_reason_name(file.reason)) + file.detail);
  }
  return result;
}

ListOptions options_telling(std::vector<std::string>& directories, SubmodulePolicy submodules) {
  ListOptions options;
  options.submodules = submodules;
  options.on_directory = [&directories](const std::string& path, const OpenDirectory& directory) {
    EXPECT_TRUE(directory.is_open());
    directories.push_back(path);
  };
  return options;
}

void compare_parts(const TemporaryTree& tree, RandomRepository& random) {
  const SubmodulePolicy submodules = random.below(2) == 0 ? SubmodulePolicy::kSkip : SubmodulePolicy::kEnter;
  std::vector<std::string> all_directories;
  ListOptions options = options_telling(all_directories, submodules);
  if (random.below(4) == 0) {
    const auto directories = RandomRepository::directories(tree);
    options.subtrees = {directories[random.below(directories.size())], directories[random.below(directories.size())]};
  }
  const auto all = list_files(tree.root(), options);
  ASSERT_TRUE(all) << all.error().message;
  for (unsigned question = 0; question < kQuestions; ++question) {
    std::vector<std::string> paths(random.below(4));
    std::ranges::generate(paths, [&] { return random.below(20) == 0 ? std::string() : random.path(); });
    SCOPED_TRACE(testing::PrintToString(paths));
    std::vector<std::string> directories;
    ListOptions narrowed = options_telling(directories, submodules);
    narrowed.subtrees = options.subtrees;
    const auto part = list_paths(tree.root(), paths, narrowed);
    ASSERT_TRUE(part) << part.error().message;
    ASSERT_EQ(paths_of(*part), part_of(paths_of(*all), paths));
    ASSERT_EQ(skipped_lines(*part), part_of(skipped_lines(*all), paths));
    ASSERT_EQ(directories, part_of(all_directories, paths));
    ASSERT_TRUE(std::ranges::includes(all->rule_files, part->rule_files));
  }
}

TEST(RandomPaths, APartIsThatPartOfTheWholeList) {
  const unsigned seed = chosen_seed();
  for (unsigned round = 0; round < kTrees; ++round) {
    SCOPED_TRACE("tree " + std::to_string(round));
    const TemporaryTree tree;
    RandomRepository random(seed + round);
    random.write(tree);
    compare_parts(tree, random);
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace repomap
