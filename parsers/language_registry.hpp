// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "parsers/dense_language.hpp"
#include "parsers/language_detector.hpp"
#include "parsers/language_directories.hpp"
#include "parsers/language_spec.hpp"
#include "parsers/regular_expression.hpp"
#include "parsers/tag_query.hpp"

namespace repomap {

/// A language whose grammar is in memory and whose query is compiled. Immutable, so thread-safe.
class Language {
 public:
  const LanguageSpec& spec() const { return *spec_; }
  const TSLanguage* grammar() const { return dense_->get(); }
  const TagQuery& query() const { return *query_; }
  /// What the grammar shall not see of a text; null for nothing.
  const RegularExpression* hidden() const { return hidden_ ? &*hidden_ : nullptr; }
  std::uint32_t abi_version() const { return ts_language_abi_version(original_); }

 private:
  friend class LanguageRegistry;

  const LanguageSpec* spec_ = nullptr;
  const TSLanguage* original_ = nullptr;
  std::unique_ptr<DenseLanguage> dense_;
  std::unique_ptr<TagQuery> query_;
  std::optional<RegularExpression> hidden_;
};

/// All languages, each loaded on first use, so that start-up does not depend on how many there are.
///
/// A grammar or query that does not load or compile disables that one language: load() keeps and repeats the reason.
/// Owns what it loads; grammars stay mapped until the process ends. Thread-safe.
class LanguageRegistry {
 public:
  /// A spec in `user_languages` replaces the built-in one of that name.
  LanguageRegistry(LanguageDirectories directories, const std::vector<LanguageSpec>& user_languages);

  const std::vector<LanguageSpec>& specs() const { return specs_; }
  const LanguageDetector& detector() const { return detector_; }

  /// The language of that name. It lives as long as the registry.
  /// Errors: kNotFound (no such language, or its grammar or query file is missing), kUnsupported (ABI version),
  /// kInvalidArgument (the query does not compile).
  Result<const Language*> load(std::string_view name) const;

  /// Loads the language and looks for what loading, to be fast, does not: patterns that the grammar allows no structure
  /// for. Takes up to half a second. Errors: those of load().
  Status check(std::string_view name) const;

  // The files that a language is loaded from.
  std::string grammar_path_of(const LanguageSpec& spec) const;
  std::string query_path_of(const LanguageSpec& spec) const;

 private:
  Result<std::unique_ptr<Language>> load_from_disk(const LanguageSpec& spec) const;
  Result<const TSLanguage*> load_grammar(const LanguageSpec& spec) const;

  // Fixed after construction.
  LanguageDirectories directories_;
  std::vector<LanguageSpec> specs_;
  LanguageDetector detector_;

  mutable Mutex mutex_;
  mutable CondVar loaded_one_;
  mutable std::set<std::string_view> loading_ GUARDED_BY(mutex_);  // names in specs_
  mutable std::map<std::string, Result<std::unique_ptr<Language>>, std::less<>> loaded_ GUARDED_BY(mutex_);
};

}  // namespace repomap
