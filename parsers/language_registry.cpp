// SPDX-License-Identifier: Apache-2.0
#include "parsers/language_registry.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/file_system.hpp"
#include "parsers/query_source.hpp"

namespace repomap {
namespace {

std::vector<LanguageSpec> merge(std::vector<LanguageSpec> specs, const std::vector<LanguageSpec>& user_languages) {
  for (const LanguageSpec& user : user_languages) {
    std::erase_if(specs, [&user](const LanguageSpec& spec) { return spec.name == user.name; });
    specs.push_back(user);
  }
  return specs;
}

}  // namespace

LanguageRegistry::LanguageRegistry(LanguageDirectories directories, const std::vector<LanguageSpec>& user_languages)
    : directories_(std::move(directories)), specs_(merge(built_in_languages(), user_languages)), detector_(specs_) {}

// Loaded outside the lock. Who meets a language that is being loaded waits for it rather than compile it again.
Result<const Language*> LanguageRegistry::load(std::string_view name) const {
  const auto spec = std::ranges::find(specs_, name, &LanguageSpec::name);
  if (spec == specs_.end()) {
    return fail(ErrorCode::kNotFound, fmt::format("no language named \"{}\"", name));
  }
  {
    MutexLock lock(mutex_);
    while (loading_.contains(spec->name)) {
      loaded_one_.wait(mutex_);
    }
    if (const auto found = loaded_.find(name); found != loaded_.end()) {
      return found->second ? Result<const Language*>(found->second->get()) : std::unexpected(found->second.error());
    }
    loading_.insert(spec->name);
  }
  auto language = load_from_disk(*spec);
  MutexLock lock(mutex_);
  loading_.erase(spec->name);
  loaded_one_.notify_all();
  const auto& kept = loaded_.try_emplace(spec->name, std::move(language)).first->second;
  return kept ? Result<const Language*>(kept->get()) : std::unexpected(kept.error());
}

Status LanguageRegistry::check(std::string_view name) const {
  REPOMAP_ASSIGN(const Language* language, load(name));
  REPOMAP_ASSIGN(const QuerySource source, QuerySource::load(query_path_of(language->spec())));
  REPOMAP_TRY(compile_library_query(language->original_, source, source.text()));
  return {};
}

std::string LanguageRegistry::query_path_of(const LanguageSpec& spec) const {
  return spec.query_path.empty() ? join_path(directories_.queries, spec.name + ".scm") : spec.query_path;
}

std::string LanguageRegistry::grammar_path_of(const LanguageSpec& spec) const {
  return spec.grammar_path.empty() ? join_path(directories_.grammars, spec.grammar + ".so") : spec.grammar_path;
}

Result<const TSLanguage*> LanguageRegistry::load_grammar(const LanguageSpec& spec) const {
  const std::string path = grammar_path_of(spec);
  // Never closed: trees and queries point into it.
  void* object = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (object == nullptr) {
    return fail(ErrorCode::kNotFound, fmt::format("grammar does not load: {}", dlerror()));
  }
  const std::string symbol = spec.symbol.empty() ? "tree_sitter_" + spec.grammar : spec.symbol;
  using LanguageFunction = const TSLanguage* (*)();
  const auto function = reinterpret_cast<LanguageFunction>(dlsym(object, symbol.c_str()));
  if (function == nullptr) {
    return fail(ErrorCode::kUnsupported, fmt::format("grammar {} does not export {}()", path, symbol));
  }
  const TSLanguage* grammar = function();
  const std::uint32_t version = grammar == nullptr ? 0 : ts_language_abi_version(grammar);
  if (version < TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION || version > TREE_SITTER_LANGUAGE_VERSION) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("grammar {} has ABI version {}; this build reads {} to {}: regenerate it with a "
                            "matching tree-sitter",
                            path, version, TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION, TREE_SITTER_LANGUAGE_VERSION));
  }
  return grammar;
}

Result<std::unique_ptr<Language>> LanguageRegistry::load_from_disk(const LanguageSpec& spec) const {
  auto language = std::make_unique<Language>();
  language->spec_ = &spec;
  REPOMAP_ASSIGN(language->original_, load_grammar(spec));
  REPOMAP_ASSIGN(const QuerySource source, QuerySource::load(query_path_of(spec)));
  // Compiled against the original: the analysis of a query walks the short lists faster than dense rows.
  REPOMAP_ASSIGN(language->query_, TagQuery::compile(language->original_, source));
  if (const std::string hidden = source.hidden_pattern(); !hidden.empty()) {
    REPOMAP_ASSIGN(language->hidden_, RegularExpression::compile(hidden, RegularExpression::Characters::kBytes));
  }
  language->dense_ = std::make_unique<DenseLanguage>(language->original_);
  return language;
}

}  // namespace repomap
