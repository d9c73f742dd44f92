// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>

#include "core/base/result.hpp"
#include "core/model/file_tags.hpp"
#include "parsers/language_registry.hpp"
#include "parsers/syntax_parser.hpp"
#include "parsers/tag_candidates.hpp"

namespace repomap {

/// Turns a file's text into its tags. Owns a parser and a query cursor, which are used again for each file; borrows
/// the registry. Used by one thread.
class TagExtractor {
 public:
  /// `time_limit` holds for one file: parsing, query and all.
  TagExtractor(const LanguageRegistry& registry, std::chrono::milliseconds time_limit);

  /// The tags of `text`, any bytes at all. Of several patterns that match a name, a definition beats a reference, and
  /// an earlier pattern a later one. Errors: kLimitExceeded at the time limit.
  Result<FileTags> extract(const Language& language, std::string_view text);

 private:
  Status collect(const Language& language, std::string_view text, const TSNode& root, TagCandidates& candidates,
                 const Deadline& deadline);
  Status collect_injections(std::string_view text, TagCandidates& candidates, const Deadline& deadline);

  const LanguageRegistry& registry_;
  const std::chrono::milliseconds time_limit_;
  SyntaxParser parser_;
  QueryCursorHandle cursor_;
};

}  // namespace repomap
