// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "core/model/file_tags.hpp"
#include "service/file_report.hpp"
#include "service/protocol/json_value.hpp"
#include "service/symbol_search.hpp"

namespace repomap {

// Answers as a language model reads them. All of it is valid UTF-8, and long source lines are cut.

/// "5,549".
std::string grouped(std::size_t number);

/// The value with every string in it made valid UTF-8, as the protocol has no other.
Json with_valid_text(Json json);

/// How true an answer is, in one line: "fresh: generation 12, 5,549 files, watcher ok". No newline.
std::string freshness_line(const Freshness& freshness);

/// The same as the output schemas have it.
Json freshness_object(const Freshness& freshness);

/// "src/shape.py:2: method in Shape  def area(self):", a line each; of references the source line.
std::string symbol_lines(std::span<const SymbolHit> hits);

/// A row of the output schemas.
Json symbol_object(const SymbolHit& hit);

/// The definitions of a file, nested as they lie in each other, each with its lines, and no more than `limit` of them.
std::string outline_lines(const FileTags& tags, std::size_t limit);

/// One definition as symbol_object() has it.
Json outline_object(const std::string& path, const FileTags& tags, const Tag& tag);

}  // namespace repomap
