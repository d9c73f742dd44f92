// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>

#include "core/base/result.hpp"
#include "core/model/file_tags.hpp"
#include "parsers/language_registry.hpp"
#include "parsers/parse_arena.hpp"
#include "parsers/syntax_parser.hpp"
#include "parsers/tag_candidates.hpp"

namespace repomap {

/// Turns a file's text into its tags. Owns the memory that parsing takes, which is used again for each file; borrows
/// the registry. Used by one thread.
class TagExtractor {
 public:
  /// `time_limit` holds for one file: parsing, query and all; a file that nobody wants any more is over its limit.
  TagExtractor(const LanguageRegistry& registry, std::chrono::milliseconds time_limit,
               Deadline::IsUnwanted is_unwanted = {});

  /// The tags of `text`, any bytes at all. Of several patterns that match a name, a definition beats a reference, and
  /// an earlier pattern a later one. Errors: kLimitExceeded at the time limit.
  Result<FileTags> extract(const Language& language, std::string_view text);

 private:
  Status collect_injections(std::string_view text, SyntaxParser& parser, TagCandidates& candidates,
                            const Deadline& deadline) const;

  const LanguageRegistry& registry_;
  const std::chrono::milliseconds time_limit_;
  const Deadline::IsUnwanted is_unwanted_;
  ParseArena arena_;
};

}  // namespace repomap
