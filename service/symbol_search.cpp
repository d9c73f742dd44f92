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
    const bool is_separator = kSeparators.contains(c);
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

/// Whether the letters stand in the text in their order.
bool is_subsequence(std::string_view letters, std::string_view text) {
  for (const char c : text) {
    letters.remove_prefix(!letters.empty() && letters.front() == c ? 1 : 0);
  }
  return letters.empty();
}

}  // namespace

std::string_view nearness_name(Nearness nearness) {
  switch (nearness) {
    case Nearness::kSameFile: return "same_file";
    case Nearness::kImported: return "imported";
    case Nearness::kImportedName: return "imported_name";
    case Nearness::kElsewhere: break;
  }
  return "elsewhere";
}

std::optional<Nearness> nearness_from_name(std::string_view name) {
  for (const Nearness nearness :
       {Nearness::kSameFile, Nearness::kImported, Nearness::kImportedName, Nearness::kElsewhere}) {
    if (nearness_name(nearness) == name) {
      return nearness;
    }
  }
  return std::nullopt;
}

NameMatcher::NameMatcher(std::string_view pattern, NameMatch match) : match_(match), pattern_(pattern) {
  if (match == NameMatch::kExact) {
    const auto separator = pattern_.find_last_of(kSeparators);
    if (separator != std::string::npos && separator + 1 < pattern_.size()) {
      scope_ = with_dots(pattern.substr(0, separator + 1));
      last_name_ = pattern_.substr(separator + 1);
    }
    return;
  }
  is_glob_ = match == NameMatch::kPattern && pattern_.find_first_of("*?[") != std::string::npos;
  ignores_case_ = match == NameMatch::kFuzzy || std::ranges::none_of(pattern_, is_upper);
  folded_ = ignores_case_ ? lower_case(pattern_) : pattern_;
}

std::optional<int> NameMatcher::match(std::string_view name, std::string_view scope) const {
  if (match_ == NameMatch::kExact) {
    return match_exactly(name, scope) ? std::optional<int>(0) : std::nullopt;
  }
  return match_pattern(name);
}

bool NameMatcher::may_match(std::string_view name) const {
  if (match_ == NameMatch::kExact) {
    return name == pattern_ || (!last_name_.empty() && name == last_name_);
  }
  return match_pattern(name).has_value();
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
  if (folded == folded_) {
    return 1;
  }
  auto position = folded.find(folded_);
  if (position == std::string::npos) {
    const bool is_fuzzy_match = match_ == NameMatch::kFuzzy && is_subsequence(folded_, folded);
    return is_fuzzy_match ? std::optional(static_cast<int>(5 + name.size() - pattern_.size())) : std::nullopt;
  }
  if (position == 0) {
    return 2;
  }
  for (; position != std::string::npos; position = folded.find(folded_, position + 1)) {
    if (is_word_start(name, position)) {
      return 3;
    }
  }
  return 4;
}

}  // namespace repomap
