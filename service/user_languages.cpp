// SPDX-License-Identifier: Apache-2.0
#include "service/user_languages.hpp"

#include <toml++/toml.h>

#include <utility>

#include "core/base/file_system.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kMaxManifestBytes = 64U << 10U;

std::vector<std::string> strings_of(const toml::table& table, std::string_view key) {
  std::vector<std::string> values;
  if (const toml::array* array = table[key].as_array()) {
    for (const toml::node& node : *array) {
      if (const auto text = node.value<std::string>()) {
        values.push_back(*text);
      }
    }
  }
  return values;
}

}  // namespace

std::vector<LanguageSpec> find_user_languages(const std::string& directory) {
  std::vector<LanguageSpec> languages;
  if (directory.empty()) {
    return languages;
  }
  const auto file_system = make_posix_file_system();
  const auto entries = file_system->list_directory(directory);
  if (!entries) {
    return languages;
  }
  for (const DirectoryEntry& entry : *entries) {
    const std::string home = join_path(directory, entry.name);
    const auto manifest = file_system->read_file(join_path(home, "language.toml"), kMaxManifestBytes);
    if (!manifest) {
      continue;
    }
    LanguageSpec spec;
    spec.name = entry.name;
    spec.grammar = entry.name;
    spec.grammar_path = join_path(home, "grammar.so");
    spec.query_path = join_path(home, "tags.scm");
    if (const toml::parse_result parsed = toml::parse(*manifest)) {
      const toml::table& table = parsed.table();
      spec.extensions = strings_of(table, "extensions");
      spec.file_names = strings_of(table, "file_names");
      spec.interpreters = strings_of(table, "interpreters");
      spec.symbol = table["symbol"].value_or(std::string());
      spec.scope_separator = table["scope_separator"].value_or(std::string("."));
    }
    languages.push_back(std::move(spec));
  }
  return languages;
}

}  // namespace repomap
