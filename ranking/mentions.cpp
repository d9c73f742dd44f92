// SPDX-License-Identifier: Apache-2.0
#include "ranking/mentions.hpp"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>

#include "core/base/file_system.hpp"
#include "ranking/unicode_pattern.hpp"

namespace repomap {
namespace {

constexpr std::size_t kShortestStem = 5;

/// The words between blanks, without closing punctuation and surrounding quotes.
std::unordered_set<std::string_view> bare_words(std::string_view text) {
  const UnicodePattern word(R"([^\s\x{1c}-\x{1f}\x{85}]+)");
  constexpr std::string_view kQuotes = "\"'`*_";
  std::unordered_set<std::string_view> words;
  for (std::string_view candidate : word.all_in(text)) {
    candidate = candidate.substr(0, candidate.find_last_not_of(",.!;:?") + 1);
    const std::size_t begin = std::min(candidate.find_first_not_of(kQuotes), candidate.size());
    const std::size_t end = candidate.find_last_not_of(kQuotes) + 1;
    words.insert(candidate.substr(begin, end > begin ? end - begin : 0));
  }
  return words;
}

/// The base name without its last extension; a dot at either end starts none.
std::string_view stem(std::string_view base) {
  const std::size_t dot = base.rfind('.');
  const bool has_extension = dot != std::string_view::npos && dot > 0 && dot + 1 < base.size();
  return has_extension ? base.substr(0, dot) : base;
}

/// The base name up to its last dot, leading dots aside: "a." loses the dot that stem() keeps.
std::string_view root_of(std::string_view base) {
  const std::size_t first = std::min(base.find_first_not_of('.'), base.size());
  const std::size_t dot = base.rfind('.');
  return dot != std::string_view::npos && dot > first ? base.substr(0, dot) : base;
}

std::unordered_set<std::string> long_words_in_lower_case(std::string_view text) {
  std::unordered_set<std::string> words;
  for (const std::string_view word : mentioned_identifiers(text)) {
    if (code_points(word) >= kShortestStem) {
      words.insert(to_lower(word));
    }
  }
  return words;
}

void mark_full_paths(const std::unordered_set<std::string_view>& words, const std::vector<std::string>& paths,
                     const std::vector<bool>& in_chat, std::vector<bool>& mentioned) {
  std::unordered_set<std::string> normalized;
  for (const std::string_view word : words) {
    std::string path(word);
    std::replace(path.begin(), path.end(), '\\', '/');
    normalized.insert(std::move(path));
  }
  for (std::size_t i = 0; i < paths.size(); ++i) {
    mentioned[i] = !in_chat[i] && normalized.contains(paths[i]);
  }
}

void mark_base_names(const std::unordered_set<std::string_view>& words, const std::vector<std::string>& paths,
                     const std::vector<bool>& in_chat, std::vector<bool>& mentioned) {
  constexpr auto kAmbiguous = static_cast<std::size_t>(-1);
  std::unordered_map<std::string_view, std::size_t> bearer;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const std::string_view base = base_name(paths[i]);
    if (!words.contains(base)) {
      continue;
    }
    const bool is_new = bearer.emplace(base, i).second;
    if (!is_new || in_chat[i]) {
      bearer[base] = kAmbiguous;
    }
  }
  for (const auto& [base, file] : bearer) {
    if (file != kAmbiguous && base.find_first_of("._-\\") != std::string_view::npos) {
      mentioned[file] = true;
    }
  }
}

}  // namespace

std::unordered_set<std::string_view> mentioned_identifiers(std::string_view text) {
  const UnicodePattern word(R"([\p{L}\p{N}_]+)");
  const std::vector<std::string_view> words = word.all_in(text);
  return {words.begin(), words.end()};
}

std::vector<std::uint32_t> mentioned_files(std::string_view text, const std::vector<std::string>& paths,
                                           const std::vector<bool>& in_chat) {
  std::vector<bool> mentioned(paths.size(), false);
  const std::unordered_set<std::string_view> words = bare_words(text);
  mark_full_paths(words, paths, in_chat, mentioned);
  mark_base_names(words, paths, in_chat, mentioned);
  const std::unordered_set<std::string> long_words = long_words_in_lower_case(text);
  std::vector<std::uint32_t> files;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const std::string_view file_stem = stem(base_name(paths[i]));
    if (mentioned[i] || (code_points(file_stem) >= kShortestStem && long_words.contains(to_lower(file_stem)))) {
      files.push_back(static_cast<std::uint32_t>(i));
    }
  }
  return files;
}

std::vector<std::string_view> path_parts(std::string_view path) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', begin)) {
    parts.push_back(path.substr(begin, slash - begin));
    begin = slash + 1;
  }
  const std::string_view base = path.substr(begin);
  parts.push_back(base);
  if (root_of(base) != base) {
    parts.push_back(root_of(base));
  }
  return parts;
}

}  // namespace repomap
