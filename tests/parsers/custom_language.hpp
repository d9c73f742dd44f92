// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/model/file_tags.hpp"
#include "parsers/language_registry.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {

inline constexpr std::chrono::seconds kAmpleTime{60};

/// The grammars of the build and the queries of the source tree.
LanguageDirectories built_in_directories();

/// The whole tag on one line, without its place: "def function Outer.name".
std::string one_line(const FileTags& tags, const Tag& tag);
std::vector<std::string> one_line_each(const FileTags& tags);

/// A registry with a language "custom" of the test's own: a grammar of the build with a query text.
class CustomLanguage {
 public:
  /// `symbol` where the grammar's function is not tree_sitter_<grammar>.
  CustomLanguage(const std::string& grammar, std::string_view query);

  const LanguageRegistry& registry() const { return registry_; }

  /// Why the language is off; "" if it is not.
  std::string error() const;

  /// The path of the query file, as messages name it.
  std::string query_path() const { return tree_.path("custom/tags.scm"); }

  /// The tags of a text, each as one_line(); the failure's message if there are none.
  std::vector<std::string> tags(std::string_view text) const;

 private:
  std::vector<LanguageSpec> specs(const std::string& grammar, std::string_view query) const;

  TemporaryTree tree_;
  LanguageRegistry registry_;
};

}  // namespace repomap
