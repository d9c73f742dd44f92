// SPDX-License-Identifier: Apache-2.0
#include "watcher/pattern_list.hpp"

#include <algorithm>
#include <utility>

namespace repomap {
namespace {

constexpr std::string_view kSpecialBytes = "*?[\\";

/// Spaces at the end do not count unless a backslash quotes them. A backslash as the last byte keeps them all.
std::string_view trim_trailing_spaces(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\') {
      if (++at == line.size()) {
        return line;
      }
      end = at + 1;
    } else if (line[at] != ' ') {
      end = at + 1;
    }
  }
  return line.substr(0, end);
}

}  // namespace

PatternList::PatternList(std::string_view text, CaseRule case_rule) : case_rule_(case_rule) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    add_line(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  sort_by_end();
}

void PatternList::add_line(std::string_view line) {
  if (line.empty() || line.front() == '#') {
    return;
  }
  if (line.back() == '\r') {
    line.remove_suffix(1);
  }
  line = trim_trailing_spaces(line.substr(0, line.find('\0')));
  Rule rule;
  if (line.starts_with('!')) {
    rule.negated = true;
    line.remove_prefix(1);
  }
  if (line.ends_with('/')) {
    rule.directories_only = true;
    line.remove_suffix(1);
  }
  rule.name_only = !line.contains('/');
  if (line.starts_with('/')) {
    line.remove_prefix(1);
  }
  if (line.empty()) {
    return;
  }
  rule.text = line;
  rule.literal_bytes = std::min(line.find_first_of(kSpecialBytes), line.size());
  if (rule.literal_bytes < line.size()) {
    rule.rest.emplace(line.substr(rule.literal_bytes), case_rule_);
  }
  rules_.push_back(std::move(rule));
}

std::size_t PatternList::end_of(const Rule& rule) const {
  const char last = rule.text.back();
  // "a**/" matches "a": what a slash ends may match nothing.
  if (last == ']' || last == '/' || kSpecialBytes.contains(last)) {
    return kAnyEnd;
  }
  return static_cast<unsigned char>(case_rule_ == CaseRule::kInsensitive ? fold_case(last) : last);
}

void PatternList::sort_by_end() {
  std::vector<std::size_t> ends;
  ends.reserve(rules_.size());
  for (const Rule& rule : rules_) {
    ends.push_back(end_of(rule));
    ++starts_[ends.back() + 1];
  }
  for (std::size_t end = 0; end <= kAnyEnd; ++end) {
    starts_[end + 1] += starts_[end];
  }
  order_.resize(rules_.size());
  auto next = starts_;
  for (std::size_t rule = rules_.size(); rule-- > 0;) {
    order_[next[ends[rule]]++] = static_cast<std::uint32_t>(rule);
  }
}

IgnoreVerdict PatternList::match(std::string_view path, FileType type) const {
  if (rules_.empty() || path.empty()) {
    return IgnoreVerdict::kNone;
  }
  const char last = case_rule_ == CaseRule::kInsensitive ? fold_case(path.back()) : path.back();
  const auto* literal = order_.data() + starts_[static_cast<unsigned char>(last)];
  const auto* const literal_end = order_.data() + starts_[static_cast<unsigned char>(last) + std::size_t{1}];
  const auto* any = order_.data() + starts_[kAnyEnd];
  const auto* const any_end = order_.data() + order_.size();
  while (literal != literal_end || any != any_end) {
    const bool take_any = literal == literal_end || (any != any_end && *any > *literal);
    const Rule& rule = rules_[take_any ? *any++ : *literal++];
    if (matches(rule, path, type)) {
      return rule.negated ? IgnoreVerdict::kKept : IgnoreVerdict::kIgnored;
    }
  }
  return IgnoreVerdict::kNone;
}

bool PatternList::matches(const Rule& rule, std::string_view path, FileType type) const {
  if (rule.directories_only && type != FileType::kDirectory) {
    return false;
  }
  const std::string_view subject = rule.name_only ? base_name(path) : path;
  if (subject.size() < rule.literal_bytes ||
      !equal(subject.substr(0, rule.literal_bytes), std::string_view(rule.text).substr(0, rule.literal_bytes))) {
    return false;
  }
  const std::string_view tail = subject.substr(rule.literal_bytes);
  return rule.rest ? rule.rest->matches(tail) : tail.empty();
}

bool PatternList::equal(std::string_view left, std::string_view right) const {
  if (case_rule_ == CaseRule::kSensitive) {
    return left == right;
  }
  return std::ranges::equal(left, right, {}, fold_case, fold_case);
}

}  // namespace repomap
