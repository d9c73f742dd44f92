// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "core/model/file_tags.hpp"

namespace repomap {

/// Tags as no parser would make them, in the order that FileTags asks for. Names repeat; numbers are small, and now and
/// then any.
inline FileTags random_file_tags(std::mt19937& random) {
  const auto number = [&random](std::uint32_t small) -> std::uint32_t {
    return random() % 50 == 0 ? static_cast<std::uint32_t>(random()) : static_cast<std::uint32_t>(random() % small);
  };
  FileTags tags;
  tags.content = {random(), random()};
  tags.language = fmt::format("language{}", random() % 3);
  tags.line_count = number(1000);
  tags.has_syntax_errors = random() % 2 == 0;
  const auto text = [&](char first) {
    return random() % 5 == 0 ? tags.strings.add("") : tags.strings.add(fmt::format("{}{}", first, random() % 40));
  };
  const std::size_t count = random() % 60;
  for (std::size_t i = 0; i < count; ++i) {
    Tag tag;
    tag.role = random() % 3 == 0 ? Role::kDefinition : Role::kReference;
    tag.name = text('n');
    tag.scope = text('s');
    tag.signature = tag.role == Role::kDefinition ? text('g') : 0;
    tag.line = number(30);
    tag.column = number(20);
    tag.end_line = tag.line + number(4);
    tag.kind = static_cast<SymbolKind>(random() % (static_cast<unsigned>(SymbolKind::kSymbol) + 1));
    tags.tags.push_back(tag);
  }
  std::ranges::stable_sort(tags.tags, {}, [](const Tag& tag) { return std::tuple(tag.line, tag.column, tag.role); });
  for (std::size_t i = random() % 10; i > 0; --i) {
    const std::uint32_t start = number(30);
    tags.scopes.push_back({start, start + number(9), start + number(3)});
  }
  return tags;
}

/// All that a reader can see of the tags, one line for each: equal texts mean equal tags, whatever ids strings have.
inline std::string visible_text(const FileTags& tags) {
  std::string text = fmt::format("{} {} {} {}\n", to_hex(tags.content), tags.language, tags.line_count,
                                 tags.has_syntax_errors ? "errors" : "whole");
  for (const ScopeSpan& scope : tags.scopes) {
    text += fmt::format("scope {} {} {}\n", scope.start, scope.last, scope.header_end);
  }
  for (const Tag& tag : tags.tags) {
    text += fmt::format("{} {} {}:{}-{} '{}' '{}' '{}'\n", role_name(tag.role), kind_name(tag.kind), tag.line,
                        tag.column, tag.end_line, tags.name(tag), tags.scope(tag), tags.signature(tag));
  }
  return text;
}

}  // namespace repomap
