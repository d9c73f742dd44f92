// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace repomap {

/// What a program printed, and its exit status (-1 if it could not run).
struct ProgramResult {
  int status = -1;
  std::string output;
};

/// Runs a program found through PATH with `input` on its standard input; its error output goes to the test's.
ProgramResult run_program(const std::vector<std::string>& arguments, std::string_view input = {});

/// A new directory that is removed with everything in it, and a home directory without git configuration for this
/// process, so that the settings of who runs the tests do not matter. Failures to build the tree end the process.
class TemporaryTree {
 public:
  TemporaryTree();
  ~TemporaryTree();
  TemporaryTree(const TemporaryTree&) = delete;
  TemporaryTree& operator=(const TemporaryTree&) = delete;

  /// The root of the tree: absolute, without links.
  const std::string& root() const { return root_; }

  /// A directory beside the root, removed with it: for what must not be in the tree.
  const std::string& outside() const { return outside_; }

  std::string path(std::string_view relative) const;

  /// Writes a file, and makes the directories above it.
  void write(std::string_view relative, std::string_view content = "x\n") const;
  void make_directory(std::string_view relative) const;
  void link(std::string_view relative, const std::string& target) const;

  /// Runs git in the root, or in a directory below it, and gives its output. A failure ends the process.
  std::string git(const std::vector<std::string>& arguments, std::string_view directory = {}) const;

 private:
  std::string base_;
  std::string root_;
  std::string outside_;
};

}  // namespace repomap
