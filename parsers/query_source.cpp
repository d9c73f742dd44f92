// SPDX-License-Identifier: Apache-2.0
#include "parsers/query_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <string_view>
#include <utility>

#include "core/base/file_system.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kMaxQueryBytes = 4U << 20U;
constexpr int kMaxInheritance = 8;

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t\r") + 1);
}

/// The names in a first line "; inherits: ecmascript, jsx".
std::vector<std::string> inherited_names(std::string_view text) {
  constexpr std::string_view kPrefix = "; inherits:";
  std::vector<std::string> names;
  if (!text.starts_with(kPrefix)) {
    return names;
  }
  std::string_view line = text.substr(kPrefix.size(), text.find('\n') - kPrefix.size());
  while (!line.empty()) {
    const auto comma = std::min(line.find(','), line.size());
    if (const std::string_view name = trimmed(line.substr(0, comma)); !name.empty()) {
      names.emplace_back(name);
    }
    line.remove_prefix(std::min(comma + 1, line.size()));
  }
  return names;
}

std::string directory_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? std::string_view(".") : path.substr(0, slash));
}

}  // namespace

Result<QuerySource> QuerySource::load(const std::string& path) {
  struct Pending {
    std::string path;
    int depth;
  };
  QuerySource source;
  // What a query inherits goes on top: it comes right behind that query, in the order of the line.
  std::vector<Pending> pending = {{path, 0}};
  while (!pending.empty()) {
    const Pending next = std::move(pending.back());
    pending.pop_back();
    if (next.depth > kMaxInheritance) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("{}: queries inherit each other in a circle", next.path));
    }
    REPOMAP_ASSIGN(const std::string own, make_posix_file_system()->read_file(next.path, kMaxQueryBytes));
    source.append(next.path, own);
    for (const std::string& name : inherited_names(own) | std::views::reverse) {
      pending.push_back({join_path(directory_of(next.path), name + ".scm"), next.depth + 1});
    }
  }
  return source;
}

QuerySource QuerySource::of_text(const std::string& name, std::string text) {
  QuerySource source;
  source.text_ = std::move(text);
  source.parts_.push_back({0, name});
  return source;
}

void QuerySource::append(const std::string& path, std::string_view text) {
  parts_.push_back({text_.size(), path});
  text_ += text;
  text_ += '\n';
}

std::string QuerySource::place_of(std::size_t offset) const {
  const auto behind = std::ranges::upper_bound(parts_, offset, {}, &Part::begin);
  const Part& part = *(behind - 1);
  const std::string_view before = std::string_view(text_).substr(part.begin, offset - part.begin);
  const auto newline = before.rfind('\n');
  const std::size_t line_start = newline == std::string_view::npos ? 0 : newline + 1;
  return fmt::format("{}:{}:{}", part.path, std::ranges::count(before, '\n') + 1, before.size() - line_start + 1);
}

std::string QuerySource::hidden_pattern() const {
  constexpr std::string_view kPrefix = "; hide: ";
  std::string pattern;
  for (std::size_t begin = 0; begin < text_.size();) {
    const std::size_t end = std::min(text_.find('\n', begin), text_.size());
    const std::string_view line = std::string_view(text_).substr(begin, end - begin);
    if (line.starts_with(kPrefix)) {
      pattern += fmt::format("{}(?:{})", pattern.empty() ? "" : "|", trimmed(line.substr(kPrefix.size())));
    }
    begin = end + 1;
  }
  return pattern;
}

}  // namespace repomap
