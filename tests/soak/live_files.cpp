// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/live_files.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>

namespace repomap {
namespace {

/// The versions of a file that a text shows.
std::set<std::uint64_t> versions_in(std::string_view text, std::size_t file) {
  const std::string prefix = fmt::format("live_{}_v", file);
  std::set<std::uint64_t> versions;
  for (std::size_t at = text.find(prefix); at != std::string_view::npos; at = text.find(prefix, at + 1)) {
    std::uint64_t version = 0;
    const char* const digits = text.data() + at + prefix.size();
    if (std::from_chars(digits, text.data() + text.size(), version).ptr != digits) {
      versions.insert(version);
    }
  }
  return versions;
}

}  // namespace

std::string LiveFiles::path(std::size_t file) { return fmt::format("live/f{}.c", file); }

void LiveFiles::write_next(std::size_t file) {
  const std::uint64_t version = ++begun_.at(file);
  const std::string target = root_ + "/" + path(file);
  const std::string temporary = target + ".new~";
  std::ofstream(temporary) << fmt::format("int live_{}_v{}(void) {{\n  return {};\n}}\n", file, version, version);
  if (std::rename(temporary.c_str(), target.c_str()) != 0) {
    std::abort();
  }
  saved_.at(file) = version;
}

std::string LiveFiles::objection(std::string_view text, std::size_t file, std::uint64_t least) const {
  const std::uint64_t most = begun_.at(file);
  const std::set<std::uint64_t> versions = versions_in(text, file);
  if (versions.size() == 1 && *versions.begin() >= least && *versions.begin() <= most) {
    return "";
  }
  return fmt::format("{} shows {} versions, the first {}, when {} was saved and {} begun", path(file), versions.size(),
                     versions.empty() ? 0 : *versions.begin(), least, most);
}

}  // namespace repomap
