// SPDX-License-Identifier: Apache-2.0
#include "parsers/language_registry.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/file_system.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kMaxQueryBytes = 4U << 20U;
constexpr int kMaxInheritance = 8;

std::vector<LanguageSpec> merge(std::vector<LanguageSpec> specs, const std::vector<LanguageSpec>& user_languages) {
  for (const LanguageSpec& user : user_languages) {
    std::erase_if(specs, [&user](const LanguageSpec& spec) { return spec.name == user.name; });
    specs.push_back(user);
  }
  return specs;
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
    std::string_view name = line.substr(0, comma);
    line.remove_prefix(std::min(comma + 1, line.size()));
    name.remove_prefix(std::min(name.find_first_not_of(" \t\r"), name.size()));
    name = name.substr(0, name.find_last_not_of(" \t\r") + 1);
    if (!name.empty()) {
      names.emplace_back(name);
    }
  }
  return names;
}

/// The expressions of all lines "; hide: …" as alternatives; "" for none.
std::string hidden_pattern(std::string_view text) {
  constexpr std::string_view kPrefix = "; hide: ";
  std::string pattern;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (line.starts_with(kPrefix)) {
      pattern += pattern.empty() ? "(?:" : "|(?:";
      pattern += line.substr(kPrefix.size());
      pattern += ')';
    }
    begin = end + 1;
  }
  return pattern;
}

std::string directory_of(std::string_view path) { return std::string(path.substr(0, path.rfind('/'))); }

/// Appends the text of the query at `path` and, after it, of those it inherits: own patterns come first and win.
Status append_query(const std::string& path, int depth, std::string& text) {
  if (depth > kMaxInheritance) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{}: queries inherit each other in a circle", path));
  }
  REPOMAP_ASSIGN(const std::string own, make_posix_file_system()->read_file(path, kMaxQueryBytes));
  text += own;
  text += '\n';
  for (const std::string& name : inherited_names(own)) {
    REPOMAP_TRY(append_query(join_path(directory_of(path), name + ".scm"), depth + 1, text));
  }
  return {};
}

}  // namespace

LanguageRegistry::LanguageRegistry(LanguageDirectories directories, const std::vector<LanguageSpec>& user_languages)
    : directories_(std::move(directories)), specs_(merge(built_in_languages(), user_languages)), detector_(specs_) {}

Result<const Language*> LanguageRegistry::load(std::string_view name) const {
  {
    MutexLock lock(mutex_);
    if (const auto found = loaded_.find(name); found != loaded_.end()) {
      return found->second ? Result<const Language*>(found->second->get()) : std::unexpected(found->second.error());
    }
  }
  const auto spec = std::ranges::find(specs_, name, &LanguageSpec::name);
  if (spec == specs_.end()) {
    return fail(ErrorCode::kNotFound, fmt::format("no language named \"{}\"", name));
  }
  // Loaded outside the lock; where two threads load the same language, the first one's is kept.
  auto language = load_from_disk(*spec);
  MutexLock lock(mutex_);
  const auto& kept = loaded_.try_emplace(spec->name, std::move(language)).first->second;
  return kept ? Result<const Language*>(kept->get()) : std::unexpected(kept.error());
}

Result<const TSLanguage*> LanguageRegistry::load_grammar(const LanguageSpec& spec) const {
  const std::string path =
      spec.grammar_path.empty() ? join_path(directories_.grammars, spec.grammar + ".so") : spec.grammar_path;
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

Result<std::string> LanguageRegistry::load_query_text(const std::string& path) const {
  std::string text;
  REPOMAP_TRY(append_query(path, 0, text));
  return text;
}

Result<std::unique_ptr<Language>> LanguageRegistry::load_from_disk(const LanguageSpec& spec) const {
  auto language = std::make_unique<Language>();
  language->spec_ = &spec;
  REPOMAP_ASSIGN(language->original_, load_grammar(spec));
  const std::string query_path =
      spec.query_path.empty() ? join_path(directories_.queries, spec.name + ".scm") : spec.query_path;
  REPOMAP_ASSIGN(const std::string text, load_query_text(query_path));
  // Compiled against the original: the analysis of a query walks the short lists faster than dense rows.
  REPOMAP_ASSIGN(language->query_, TagQuery::compile(language->original_, text, query_path));
  if (const std::string hidden = hidden_pattern(text); !hidden.empty()) {
    REPOMAP_ASSIGN(language->hidden_, RegularExpression::compile(hidden, RegularExpression::Characters::kBytes));
  }
  language->dense_ = std::make_unique<DenseLanguage>(language->original_);
  return language;
}

}  // namespace repomap
