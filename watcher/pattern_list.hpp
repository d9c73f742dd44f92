// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/file_system.hpp"
#include "watcher/glob_pattern.hpp"

namespace repomap {

/// What a list of patterns says of a path: nothing, leave it out, or keep it (a pattern that starts with '!').
enum class IgnoreVerdict : std::uint8_t { kNone, kIgnored, kKept };

/// The patterns of one ignore file in the format of gitignore(5). Immutable; any thread may match.
/// No text is an error: what is malformed matches nothing, as in git.
class PatternList {
 public:
  PatternList(std::string_view text, CaseRule case_rule);

  bool empty() const { return rules_.empty(); }

  /// The verdict of the last pattern that matches `path`, which is relative to the directory of the file, without a
  /// trailing slash. Says nothing of the directories above the path: a path below an ignored directory is ignored.
  IgnoreVerdict match(std::string_view path, FileType type) const;

 private:
  struct Rule {
    std::string text;                 // without '!', the leading and the trailing '/'
    std::size_t literal_bytes = 0;    // so many bytes of text have no special meaning
    std::optional<GlobPattern> rest;  // what follows them, if anything does
    bool negated = false;
    bool directories_only = false;
    bool name_only = false;  // matches the last component at any depth
  };

  static constexpr std::size_t kAnyEnd = 256;

  void add_line(std::string_view line);
  void sort_by_end();
  std::size_t end_of(const Rule& rule) const;
  bool matches(const Rule& rule, std::string_view path, FileType type) const;
  bool equal(std::string_view left, std::string_view right) const;

  CaseRule case_rule_;
  std::vector<Rule> rules_;
  // Only patterns that end with the last byte of a path, or with a wildcard, can match it: order_ holds the indexes of
  // rules_ grouped by that byte, each group falling; group b is [starts_[b], starts_[b + 1]).
  std::vector<std::uint32_t> order_;
  std::array<std::uint32_t, kAnyEnd + 2> starts_{};
};

}  // namespace repomap
