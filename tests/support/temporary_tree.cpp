// SPDX-License-Identifier: Apache-2.0
#include "tests/support/temporary_tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "core/base/file_system.hpp"

namespace repomap {
namespace {

void require(bool condition, std::string_view what) {
  if (!condition) {
    fmt::print(stderr, "cannot prepare the test: {}\n", what);
    std::abort();
  }
}

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

std::string read_all(std::FILE* file) {
  std::rewind(file);
  std::string content;
  std::array<char, 4096> chunk{};
  while (const std::size_t got = std::fread(chunk.data(), 1, chunk.size(), file)) {
    content.append(chunk.data(), got);
  }
  return content;
}

}  // namespace

ProgramResult run_program(const std::vector<std::string>& arguments, std::string_view input) {
  const File in(std::tmpfile());
  const File out(std::tmpfile());
  require(in && out && std::fwrite(input.data(), 1, input.size(), in.get()) == input.size(), "temporary file");
  std::rewind(in.get());
  std::vector<char*> words;
  for (const std::string& argument : arguments) {
    words.push_back(const_cast<char*>(argument.c_str()));
  }
  words.push_back(nullptr);
  const pid_t child = ::fork();
  require(child >= 0, "fork");
  if (child == 0) {
    ::dup2(::fileno(in.get()), 0);
    ::dup2(::fileno(out.get()), 1);
    ::execvp(words.front(), words.data());
    ::_exit(127);
  }
  int status = 0;
  require(::waitpid(child, &status, 0) == child, "waitpid");
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_all(out.get())};
}

TemporaryTree::TemporaryTree() {
  std::string name = (std::filesystem::temp_directory_path() / "repomap-test-XXXXXX").string();
  require(::mkdtemp(name.data()) != nullptr, name);
  base_ = std::filesystem::canonical(name).string();
  root_ = join_path(base_, "root");
  outside_ = join_path(base_, "outside");
  const std::string home = join_path(base_, "home");
  ::chmod(base_.c_str(), 0755);  // tests that give up root's rights must reach it
  for (const std::string& directory : {root_, outside_, home}) {
    require(std::filesystem::create_directory(directory), directory);
  }
  ::setenv("HOME", home.c_str(), 1);
  ::setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
  ::setenv("GIT_CEILING_DIRECTORIES", base_.c_str(), 1);
  for (const char* variable : {"XDG_CONFIG_HOME", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"}) {
    ::unsetenv(variable);
  }
}

TemporaryTree::~TemporaryTree() { run_program({"rm", "-rf", base_}); }

std::string TemporaryTree::path(std::string_view relative) const { return join_path(root_, relative); }

void TemporaryTree::write(std::string_view relative, std::string_view content) const {
  const std::filesystem::path file = path(relative);
  std::filesystem::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary);
  stream << content;
  stream.close();
  require(!stream.fail(), relative);
}

void TemporaryTree::make_directory(std::string_view relative) const {
  std::error_code error;
  std::filesystem::create_directories(path(relative), error);
  require(!error, relative);
}

void TemporaryTree::link(std::string_view relative, const std::string& target) const {
  require(::symlink(target.c_str(), path(relative).c_str()) == 0, relative);
}

std::string TemporaryTree::git(const std::vector<std::string>& arguments, std::string_view directory) const {
  std::vector<std::string> words{"git",
                                 "-c",
                                 "user.name=Test",
                                 "-c",
                                 "user.email=test@example.org",
                                 "-c",
                                 "protocol.file.allow=always",
                                 "-c",
                                 "advice.addEmbeddedRepo=false",
                                 "-C",
                                 directory.empty() ? root_ : path(directory)};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const ProgramResult result = run_program(words);
  require(result.status == 0, fmt::format("git {}", fmt::join(arguments, " ")));
  return result.output;
}

}  // namespace repomap
