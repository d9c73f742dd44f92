// SPDX-License-Identifier: Apache-2.0
#include "service/symbol_search.hpp"

#include <fnmatch.h>

#include <algorithm>

namespace repomap {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

constexpr std::string_view kSeparators = ".:/#";

/// A scope with one '.' between its names, whatever its language puts there.
std::string with_dots(std::string_view scope) {
  std::string path;
  for (const char c : scope) {
    const bool is_separator = kSeparators.find(c) != std::string_view::npos;
    if (!is_separator) {
      path += c;
    } else if (!path.empty() && path.back() != '.') {
      path += '.';
    }
  }
  if (path.ends_with('.')) {
    path.pop_back();
  }
  return path;
}

/// Whether a word of an identifier begins at `position`: "Map" in "RepoMap" and in "repo_map".
bool is_word_start(std::string_view name, std::size_t position) {
  if (position == 0 || (is_upper(name[position]) && !is_upper(name[position - 1]))) {
    return true;
  }
  const char before = name[position - 1];
  return !is_upper(before) && !is_lower(before);
}

}  // namespace

NameMatcher::NameMatcher(std::string_view pattern, NameMatch match) : match_(match), pattern_(pattern) {
  if (match == NameMatch::kExact) {
    const auto separator = pattern_.find_last_of(kSeparators);
    if (separator != std::string::npos && separator + 1 < pattern_.size()) {
      scope_ = with_dots(pattern.substr(0, separator + 1));
      last_name_ = pattern_.substr(separator + 1);
    }
    return;
  }
  is_glob_ = pattern_.find_first_of("*?[") != std::string::npos;
  ignores_case_ = std::ranges::none_of(pattern_, is_upper);
}

std::optional<int> NameMatcher::match(std::string_view name, std::string_view scope) const {
  if (match_ == NameMatch::kPattern) {
    return match_pattern(name);
  }
  return match_exactly(name, scope) ? std::optional<int>(0) : std::nullopt;
}

bool NameMatcher::match_exactly(std::string_view name, std::string_view scope) const {
  if (name == pattern_) {
    return true;  // also a name that has separators of its own: "parser.o", "std::hash"
  }
  if (last_name_.empty() || name != last_name_) {
    return false;
  }
  const std::string whole = with_dots(scope);
  return whole.ends_with(scope_) &&
         (whole.size() == scope_.size() || whole[whole.size() - scope_.size() - 1] == '.' || scope_.empty());
}

std::optional<int> NameMatcher::match_pattern(std::string_view name) const {
  const std::string folded = ignores_case_ ? lower_case(name) : std::string(name);
  if (is_glob_) {
    return fnmatch(pattern_.c_str(), folded.c_str(), 0) == 0 ? std::optional<int>(0) : std::nullopt;
  }
  if (name == pattern_) {
    return 0;
  }
  if (folded == pattern_) {
    return 1;
  }
  auto position = folded.find(pattern_);
  if (position == std::string::npos) {
    return std::nullopt;
  }
  if (position == 0) {
    return 2;
  }
  for (; position != std::string::npos; position = folded.find(pattern_, position + 1)) {
    if (is_word_start(name, position)) {
      return 3;
    }
  }
  return 4;
}

}  // namespace repomap
