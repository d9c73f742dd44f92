// SPDX-License-Identifier: Apache-2.0
#include "parsers/language_detector.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/base/file_system.hpp"

namespace repomap {
namespace {

std::string_view extension_of(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view{} : name.substr(dot);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

template <typename Map>
std::string_view find_in(const Map& map, std::string_view key) {
  const auto found = map.find(key);
  return found == map.end() ? std::string_view{} : found->second;
}

/// Whether a line starts, after blanks, with one of `prefixes`.
template <typename Prefixes>
bool has_line_starting_with(std::string_view text, const Prefixes& prefixes) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const auto newline = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, newline - begin);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (std::ranges::any_of(prefixes, [line](std::string_view prefix) { return line.starts_with(prefix); })) {
      return true;
    }
    begin = newline + 1;
  }
  return false;
}

/// The length of the quoted text at the start of `text`, which ends at its line's end at the latest.
std::size_t quoted_length(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && text[length] != text.front() && text[length] != '\n') {
    length += text[length] == '\\' ? 2 : 1;
  }
  return std::min(length < text.size() && text[length] == '\n' ? length : length + 1, text.size());
}

/// C without its comments and the content of its strings.
std::string code_of(std::string_view text) {
  std::string code;
  while (!text.empty()) {
    const auto next = std::min(text.find_first_of("/\"'"), text.size());
    code += text.substr(0, next);
    text.remove_prefix(next);
    if (text.starts_with("/*")) {
      const auto end = text.find("*/", 2);
      code += ' ';
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    } else if (text.starts_with("//")) {
      text.remove_prefix(std::min(text.find('\n'), text.size()));
    } else if (!text.empty()) {
      code += text.front();
      text.remove_prefix(text.front() == '/' ? 1 : quoted_length(text));
    }
  }
  return code;
}

/// A C header, unless it says otherwise: ".h" is shared by three languages.
std::string_view language_of_header(std::string_view header) {
  const std::string text = code_of(header);
  static constexpr std::array<std::string_view, 5> kObjectiveC = {"@interface", "@protocol", "@class ", "@import",
                                                                  "#import"};
  static constexpr std::array<std::string_view, 10> kCpp = {"class ",     "namespace ", "template <", "template<",
                                                            "public:",    "private:",   "protected:", "using ",
                                                            "constexpr ", "virtual "};
  if (has_line_starting_with(text, kObjectiveC)) {
    return "objc";
  }
  return has_line_starting_with(text, kCpp) || text.contains("std::") ? "cpp" : "c";
}

/// Whether a text that is either JSON or YAML is YAML.
bool is_yaml(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  constexpr std::string_view kJsonStarts = "{[/\"";
  return first != std::string_view::npos && !kJsonStarts.contains(text[first]) && text.contains(':');
}

/// Content that overrules a name because another format uses it too; "" where it does not.
std::string_view overruled_by_content(std::string_view language, std::string_view name, std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  if (language == "c" && name.ends_with(".h")) {
    return language_of_header(text);
  }
  if (language == "typescript" && (text.starts_with("<?xml") || text.starts_with("<!DOCTYPE TS"))) {
    return "xml";  // Qt's translation files are *.ts
  }
  if (language == "json" && extension_of(name).empty() && is_yaml(text)) {
    return "yaml";  // .eslintrc may be either
  }
  return {};
}

}  // namespace

LanguageDetector::LanguageDetector(const std::vector<LanguageSpec>& languages) {
  for (const LanguageSpec& spec : languages) {
    for (const std::string& extension : spec.extensions) {
      by_extension_[extension] = spec.name;
    }
    for (const std::string& name : spec.file_names) {
      by_file_name_[name] = spec.name;
    }
    for (const std::string& interpreter : spec.interpreters) {
      by_interpreter_[interpreter] = spec.name;
    }
  }
}

std::string_view LanguageDetector::by_name(std::string_view path) const {
  const std::string_view name = base_name(path);
  if (const auto language = find_in(by_file_name_, name); !language.empty()) {
    return language;
  }
  const std::string_view extension = extension_of(name);
  if (const auto language = find_in(by_extension_, extension); !language.empty()) {
    return language;
  }
  return find_in(by_extension_, lower_case(extension));
}

bool LanguageDetector::may_know(std::string_view path) const {
  return !by_name(path).empty() || extension_of(base_name(path)).empty();
}

std::string_view LanguageDetector::by_interpreter(std::string_view text) const {
  if (!text.starts_with("#!")) {
    return {};
  }
  std::string_view line = text.substr(2, std::min<std::size_t>(text.find('\n'), 256) - 2);
  // "#!/usr/bin/env -S python3.11 -u": the first word that is neither env nor an option nor an assignment.
  while (!line.empty()) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
    std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
    line.remove_prefix(word.size());
    word.remove_prefix(word.starts_with("-S") ? 2 : 0);
    std::string_view command = base_name(word);
    if (command.empty() || command == "env" || command.starts_with('-') || word.contains('=')) {
      continue;
    }
    command = command.substr(0, command.find_last_not_of("0123456789.") + 1);
    return find_in(by_interpreter_, command);
  }
  return {};
}

std::string_view LanguageDetector::detect(std::string_view path, std::string_view text) const {
  const std::string_view language = by_name(path);
  if (language.empty()) {
    return extension_of(base_name(path)).empty() ? by_interpreter(text) : std::string_view{};
  }
  const std::string_view other = overruled_by_content(language, base_name(path), text);
  return other.empty() ? language : other;
}

}  // namespace repomap
