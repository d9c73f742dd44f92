// SPDX-License-Identifier: Apache-2.0
//
// An ignore file and a path of any bytes: nothing may crash or take long, and what two spellings of a pattern say of a
// path must agree.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "watcher/glob_pattern.hpp"
#include "watcher/ignore_rules.hpp"
#include "watcher/pattern_list.hpp"

namespace repomap {
namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

/// A path as the walk gives them: no NUL, no empty component.
std::string to_path(std::string_view bytes) {
  std::string path;
  for (const char byte : bytes) {
    const bool is_doubled = byte == '/' && (path.empty() || path.back() == '/');
    if (byte != '\0' && !is_doubled) {
      path += byte;
    }
  }
  while (path.ends_with('/')) {
    path.pop_back();
  }
  return path;
}

void check(std::string_view patterns, const std::string& path, CaseRule case_rule) {
  const PatternList list(patterns, case_rule);
  const IgnoreVerdict verdict = list.match(path, FileType::kRegular);
  // A pattern that matches nothing, put first or last, changes no verdict.
  const PatternList more("[\n" + std::string(patterns) + "\n[\n", case_rule);
  require(patterns.starts_with("\xef\xbb\xbf") || more.match(path, FileType::kRegular) == verdict);
  // What says so of a file says so of a directory, or a pattern for directories alone decides.
  const IgnoreVerdict of_directory = list.match(path, FileType::kDirectory);
  require(of_directory != IgnoreVerdict::kNone || verdict == IgnoreVerdict::kNone);

  IgnoreRules rules;
  const IgnoreRules::Layer* const layer = rules.add(nullptr, patterns, 2, case_rule);
  require(IgnoreRules::is_ignored(layer, "d/" + path, FileType::kRegular) == (verdict == IgnoreVerdict::kIgnored));

  const std::string_view line = patterns.substr(0, patterns.find_first_of(std::string_view("\0\n", 2)));
  const GlobPattern glob(line, case_rule);
  if (glob.matches(path)) {
    require(GlobPattern("**/" + std::string(line), case_rule).matches("x/y/" + path));
  }
}

}  // namespace
}  // namespace repomap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t split = std::min(input.find('\0'), input.size());
  const std::string path = repomap::to_path(input.substr(split));
  if (!path.empty()) {
    repomap::check(input.substr(0, split), path, repomap::CaseRule::kSensitive);
    repomap::check(input.substr(0, split), path, repomap::CaseRule::kInsensitive);
  }
  return 0;
}
