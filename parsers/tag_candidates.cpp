// SPDX-License-Identifier: Apache-2.0
#include "parsers/tag_candidates.hpp"

#include <algorithm>
#include <span>
#include <tuple>
#include <utility>

#include "core/base/utf8.hpp"

namespace repomap {
namespace {

constexpr std::size_t kMaxNameBytes = 256;
constexpr std::size_t kMaxSignatureBytes = 240;
// A scope that is this long already takes in no more names: without a limit, markup nested n deep has n²/2 of them.
constexpr std::size_t kMaxScopeBytes = 512;

std::string_view text_of(const TSNode& node, std::string_view text) {
  const std::uint32_t begin =
      std::min<std::uint32_t>(ts_node_start_byte(node), static_cast<std::uint32_t>(text.size()));
  const std::uint32_t end = std::min<std::uint32_t>(ts_node_end_byte(node), static_cast<std::uint32_t>(text.size()));
  return begin < end ? text.substr(begin, end - begin) : std::string_view{};
}

bool is_plain(std::string_view name) {
  return name.size() <= kMaxNameBytes && std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f'; });
}

/// One line of valid UTF-8: runs of white space become one blank, the rest is cut at `limit` bytes.
std::string clean(std::string_view text, std::size_t limit) {
  std::string line;
  for (const char c : text) {
    const bool is_blank = c == ' ' || (c >= '\t' && c <= '\r');
    if (!is_blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
    if (line.size() > limit) {
      break;
    }
  }
  line = to_valid_utf8(line);
  line.resize(utf8_floor(line, limit));
  while (line.ends_with(' ')) {
    line.pop_back();
  }
  return line;
}

TSRange range_of(const TSNode& node) {
  return {ts_node_start_point(node), ts_node_end_point(node), ts_node_start_byte(node), ts_node_end_byte(node)};
}

}  // namespace

TagCandidates::Parts TagCandidates::parts_of(const TagQuery& query, const TSQueryMatch& match) {
  Parts parts;
  for (const TSQueryCapture& captured : std::span(match.captures, match.capture_count)) {
    const Capture& capture = query.capture(captured.index);
    if (capture.is_name && parts.name == nullptr) {
      parts.name = &captured.node;
    }
    switch (capture.role) {
      case CaptureRole::kDefinition:
      case CaptureRole::kReference:
      case CaptureRole::kIgnore:
        parts.is_tag = true;
        parts.extent = parts.extent == nullptr || !capture.is_name ? &captured.node : parts.extent;
        parts.kind = capture.kind;
        parts.outcome = capture.role == CaptureRole::kDefinition  ? Outcome::kDefinition
                        : capture.role == CaptureRole::kReference ? Outcome::kReference
                                                                  : Outcome::kIgnore;
        break;
      case CaptureRole::kScope: parts.scope = &captured.node; break;
      case CaptureRole::kQualifier:
        parts.qualifier += parts.qualifier.empty() ? "" : separator_;
        parts.qualifier += clean(text_of(captured.node, text_), kMaxNameBytes);
        break;
      case CaptureRole::kInjection: injections_[capture.language].push_back(range_of(captured.node)); break;
      case CaptureRole::kName:
      case CaptureRole::kUnused: break;
    }
  }
  return parts;
}

StringPool::Id TagCandidates::intern_name(const TagQuery& query, std::uint16_t pattern, std::string_view name) {
  const bool strips = query.strips(pattern);
  if (!strips && is_plain(name)) {
    return strings_.add(name);
  }
  return strings_.add(clean(strips ? query.strip(pattern, name) : name, kMaxNameBytes));
}

void TagCandidates::add(const TagQuery& query, const TSQueryMatch& match) {
  const Parts parts = parts_of(query, match);
  const TSNode* name = parts.name == nullptr && parts.outcome == Outcome::kIgnore ? parts.extent : parts.name;
  if (name == nullptr) {
    return;
  }
  Candidate candidate;
  candidate.name_begin = ts_node_start_byte(*name);
  candidate.name_end = ts_node_end_byte(*name);
  candidate.priority = first_priority_ + match.pattern_index;
  candidate.outcome = parts.outcome;
  candidate.kind = parts.kind;
  if (!parts.is_tag || parts.outcome != Outcome::kIgnore) {
    candidate.name = intern_name(query, match.pattern_index, text_of(*name, text_));
    if (candidate.name == 0) {
      return;  // a node that error recovery made up
    }
    candidate.qualifier = strings_.add(parts.qualifier);
  }
  if (parts.scope != nullptr) {
    extents_.push_back({ts_node_start_byte(*parts.scope), ts_node_end_byte(*parts.scope), candidate.name_begin,
                        candidate.name, candidate.qualifier, 0});
  }
  if (!parts.is_tag) {
    return;
  }
  candidate.position = ts_node_start_point(*name);
  candidate.end_line = ts_node_end_point(*name).row;
  if (parts.outcome == Outcome::kDefinition) {
    const TSPoint end = ts_node_end_point(*parts.extent);
    candidate.extent_begin = ts_node_start_byte(*parts.extent);
    candidate.extent_end = ts_node_end_byte(*parts.extent);
    // A node that takes in its newline ends at column 0 of the next line.
    const std::uint32_t last = end.column == 0 && end.row > candidate.position.row ? end.row - 1 : end.row;
    candidate.end_line = std::max(candidate.end_line, last);
  }
  candidates_.push_back(candidate);
}

void TagCandidates::drop_losers() {
  std::ranges::sort(candidates_, {},
                    [](const Candidate& c) { return std::tuple(c.name_begin, c.name_end, c.priority, c.outcome); });
  std::size_t kept = 0;
  for (std::size_t begin = 0; begin < candidates_.size();) {
    std::size_t winner = candidates_.size();
    std::size_t end = begin;
    bool is_decided = false;
    for (; end < candidates_.size() && candidates_[end].name_begin == candidates_[begin].name_begin &&
           candidates_[end].name_end == candidates_[begin].name_end;
         ++end) {
      const Outcome outcome = candidates_[end].outcome;
      if (is_decided) {
        continue;
      }
      if (outcome == Outcome::kReference) {
        winner = std::min(winner, end);
      } else {
        winner = outcome == Outcome::kDefinition ? end : winner;
        is_decided = true;
      }
    }
    if (winner < candidates_.size()) {
      candidates_[kept++] = candidates_[winner];
    }
    begin = end;
  }
  candidates_.resize(kept);
}

StringPool::Id TagCandidates::join(StringPool::Id scope, StringPool::Id name, StringPool::Id qualifier) {
  if (scope == 0 && (name == 0 || qualifier == 0)) {
    return name == 0 ? qualifier : name;
  }
  if (strings_.at(scope).size() > kMaxScopeBytes) {
    return scope;
  }
  std::string path(strings_.at(scope));
  for (const StringPool::Id part : {qualifier, name}) {
    if (part != 0) {
      path += path.empty() ? "" : separator_;
      path += strings_.at(part);
    }
  }
  return strings_.add(path);
}

StringPool::Id TagCandidates::signature_at(std::uint32_t byte) {
  const auto newline = text_.rfind('\n', byte == 0 ? 0 : byte - 1);
  const std::size_t begin = byte == 0 || newline == std::string_view::npos ? 0 : newline + 1;
  const std::string_view line = text_.substr(begin, text_.find('\n', byte) - begin);
  // A line of a minified file is cut before the name is reached; the text around the name says more.
  const std::size_t shown = byte - begin > kMaxSignatureBytes ? byte - begin : 0;
  return strings_.add(clean(line.substr(shown, 2 * kMaxSignatureBytes), kMaxSignatureBytes));
}

void TagCandidates::open_extents(std::uint32_t position, std::size_t& next, std::vector<std::size_t>& open) {
  while (next < extents_.size() && extents_[next].begin <= position) {
    Extent& extent = extents_[next];
    while (!open.empty() && extents_[open.back()].end <= extent.begin) {
      open.pop_back();
    }
    extent.path = join(open.empty() ? 0 : extents_[open.back()].path, extent.name, extent.qualifier);
    open.push_back(next++);
  }
  while (!open.empty() && extents_[open.back()].end <= position) {
    open.pop_back();
  }
}

void TagCandidates::resolve(FileTags& tags) {
  drop_losers();
  for (const Candidate& candidate : candidates_) {
    if (candidate.outcome == Outcome::kDefinition &&
        candidate.extent_end - candidate.extent_begin > candidate.name_end - candidate.name_begin) {
      extents_.push_back(
          {candidate.extent_begin, candidate.extent_end, candidate.name_begin, candidate.name, candidate.qualifier, 0});
    }
  }
  // Names of the same extent nest in the order of the file: the a and b of "namespace a::b {…}".
  std::ranges::sort(extents_, [](const Extent& a, const Extent& b) {
    return std::tuple(a.begin, b.end, a.name_begin) < std::tuple(b.begin, a.end, b.name_begin);
  });
  std::vector<std::size_t> open;
  std::size_t next = 0;
  for (const Candidate& candidate : candidates_) {
    open_extents(candidate.name_begin, next, open);
    const bool is_definition = candidate.outcome == Outcome::kDefinition;
    // A definition is not in its own scope, nor in that of another name for the same node.
    std::size_t depth = open.size();
    while (is_definition && depth > 0 && extents_[open[depth - 1]].begin == candidate.extent_begin &&
           extents_[open[depth - 1]].end == candidate.extent_end) {
      --depth;
    }
    Tag tag;
    tag.name = candidate.name;
    tag.scope = join(depth == 0 ? 0 : extents_[open[depth - 1]].path, 0, candidate.qualifier);
    tag.signature = is_definition ? signature_at(candidate.name_begin) : 0;
    tag.line = candidate.position.row;
    tag.column = candidate.position.column;
    tag.end_line = candidate.end_line;
    tag.role = is_definition ? Role::kDefinition : Role::kReference;
    tag.kind = candidate.kind;
    tags.tags.push_back(tag);
  }
  tags.strings = std::exchange(strings_, {});
  tags.strings.seal();
}

}  // namespace repomap
