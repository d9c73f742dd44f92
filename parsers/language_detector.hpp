// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/language_spec.hpp"

namespace repomap {

/// Tells a file's language from its name and, where names are ambiguous, its content.
/// Immutable after construction, so thread-safe.
class LanguageDetector {
 public:
  /// REQUIRES: `languages` outlives the detector. A later language wins an extension from an earlier one.
  explicit LanguageDetector(const std::vector<LanguageSpec>& languages);

  /// Whether a file of this name may be of a known language; without an extension only its content can tell.
  bool may_know(std::string_view path) const;

  /// The language's name, or "" for none. `text` is the whole file or its beginning.
  std::string_view detect(std::string_view path, std::string_view text) const;

 private:
  std::string_view by_name(std::string_view path) const;
  std::string_view by_interpreter(std::string_view text) const;

  std::map<std::string, std::string_view, std::less<>> by_extension_;
  std::map<std::string, std::string_view, std::less<>> by_file_name_;
  std::map<std::string, std::string_view, std::less<>> by_interpreter_;
};

}  // namespace repomap
