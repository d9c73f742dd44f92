// SPDX-License-Identifier: Apache-2.0
#include "tests/watcher/random_changes.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "core/base/file_system.hpp"

namespace repomap {
namespace {

constexpr std::array<std::string_view, 7> kNames{"a", "b", "a-b", "c.c", "d.o", "A", "out"};
constexpr std::size_t kStormFiles = 60;

}  // namespace

void RandomChanges::make() {
  switch (below(20)) {
    case 0:
    case 1:
    case 2: write(path(), content()); break;
    case 3:
    case 4: overwrite_in_place(); break;
    case 5: save_by_rename(); break;
    case 6:
    case 7: remove(existing()); break;
    case 8:
    case 9: rename(tree_.path(existing()), tree_.path(path())); break;
    case 10: rename(tree_.path(existing()), outside()); break;
    case 11: rename(outside(), tree_.path(path())); break;
    case 12: make_link(); break;
    case 13: write_rules(); break;
    case 14: change_mode(); break;
    case 15: toggle_repository(); break;
    case 16:
      if (below(4) == 0) {
        track();
      }
      break;
    case 17: storm(); break;
    default: write(path() + '/' + path(), content()); break;
  }
}

std::string RandomChanges::name() { return std::string(kNames[below(kNames.size())]); }

std::string RandomChanges::path() {
  std::string result = name();
  for (std::size_t more = below(3); more > 0; --more) {
    result += '/';
    result += name();
  }
  return result;
}

/// An entry of the tree, or else any path: one step down from a directory at a time.
std::string RandomChanges::existing() {
  std::string result;
  for (std::size_t depth = 1 + below(4); depth > 0; --depth) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(tree_.path(result), error)) {
      if (entry.path().filename() != ".git") {
        names.push_back(entry.path().filename().string());
      }
    }
    if (names.empty()) {
      break;
    }
    std::ranges::sort(names);
    result = join_path(result, names[below(names.size())]);
  }
  return result.empty() ? path() : result;
}

std::string RandomChanges::content() { return fmt::format("{:04}\n", below(10'000)); }

std::string RandomChanges::outside() { return fmt::format("{}/{}", tree_.outside(), below(3)); }

void RandomChanges::write(const std::string& path, std::string_view text) const {
  const std::filesystem::path file = tree_.path(path);
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  if (std::filesystem::is_symlink(file, error)) {
    return;  // it may lead out of the tree, where nobody watches
  }
  std::ofstream(file, std::ios::binary) << text;
}

void RandomChanges::rename(const std::string& from, const std::string& to) const {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(to).parent_path(), error);
  std::filesystem::rename(from, to, error);
}

void RandomChanges::remove(const std::string& path) const {
  std::error_code error;
  std::filesystem::remove_all(tree_.path(path), error);
}

/// Often the same file again, so that two writes fall into one tick of the file system's clock.
void RandomChanges::overwrite_in_place() {
  if (below(3) == 0) {
    hot_file_ = existing();
  }
  std::error_code error;
  const std::string file = tree_.path(hot_file_);
  if (std::filesystem::symlink_status(file, error).type() == std::filesystem::file_type::regular) {
    std::ofstream(file, std::ios::in | std::ios::out | std::ios::binary) << content();
  }
}

void RandomChanges::save_by_rename() {
  const std::string file = existing();
  write(file + ".tmp", content());
  if (below(2) == 0) {
    rename(tree_.path(file), tree_.path(file + "~"));
  }
  rename(tree_.path(file + ".tmp"), tree_.path(file));
  remove(file + "~");
}

void RandomChanges::write_rules() {
  const std::string directory = below(3) == 0 ? std::string() : path();
  const std::string file = join_path(directory, below(3) == 0 ? ".repomapignore" : ".gitignore");
  if (below(3) == 0) {
    remove(file);
    return;
  }
  std::string text;
  for (std::size_t lines = below(3); lines > 0; --lines) {
    text += below(4) == 0 ? "!" : "";
    text += below(3) == 0 ? path() : name();
    text += below(4) == 0 ? "/\n" : "\n";
  }
  write(file, text);
}

/// A repository by hand: `git init` takes longer than all else.
void RandomChanges::toggle_repository() {
  const std::string git = join_path(below(12) == 0 ? std::string() : path(), ".git");
  if (std::filesystem::exists(tree_.path(git))) {
    remove(git);
    return;
  }
  std::error_code error;
  std::filesystem::create_directories(tree_.path(git), error);
  const std::size_t steps = below(8);  // it may be left unfinished
  if (steps > 0) {
    std::filesystem::create_directories(tree_.path(git + "/objects"), error);
  }
  if (steps > 1) {
    write(git + "/HEAD", "ref: refs/heads/main\n");
  }
  if (steps > 2) {
    std::filesystem::create_directories(tree_.path(git + "/refs"), error);
  }
}

/// Changes what is listed without a change in any directory that is listed.
void RandomChanges::track() {
  std::error_code error;
  if (!std::filesystem::exists(tree_.path(".git/HEAD"), error)) {
    run_program({"git", "-C", tree_.root(), "init", "-q", "--template="});
  } else if (below(2) == 0) {
    write(".git/info/exclude", name() + "\n");
  } else {
    run_program({"sh", "-c", R"(git -C "$0" add -f -- "$1" >/dev/null 2>&1)", tree_.root(), existing()});
  }
}

void RandomChanges::make_link() {
  const std::string link = path();
  if (below(2) == 0) {
    remove(link);
  }
  [[maybe_unused]] const int status = ::symlink(below(2) == 0 ? "." : "none", tree_.path(link).c_str());
}

void RandomChanges::change_mode() {
  std::error_code error;
  const std::string entry = tree_.path(existing());
  if (!std::filesystem::is_symlink(entry, error)) {
    ::chmod(entry.c_str(), below(2) == 0 ? 0700 : 0755);
  }
}

/// As when git changes branches: many files in many directories are replaced, some vanish.
void RandomChanges::storm() {
  for (std::size_t i = 0; i < kStormFiles; ++i) {
    const std::string file = path();
    remove(below(4) == 0 ? file : file + ".lock");
    write(file, content());
  }
}

}  // namespace repomap
