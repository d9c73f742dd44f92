// SPDX-License-Identifier: Apache-2.0
#include "service/settings.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <utility>

#include "core/base/file_system.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kMaxSettingsBytes = 256U << 10U;
constexpr std::uint64_t kMaxSettableBytes = std::uint64_t{2} << 30U;

std::optional<std::uint64_t> number_from(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
  return is_whole ? std::optional(number) : std::nullopt;
}

/// "4194304", "4096K", "4M".
std::optional<std::uint64_t> bytes_from(std::string_view text) {
  unsigned shift = 0;
  if (text.ends_with('K') || text.ends_with('k')) {
    shift = 10;
  } else if (text.ends_with('M') || text.ends_with('m')) {
    shift = 20;
  }
  const auto number = number_from(shift == 0 ? text : text.substr(0, text.size() - 1));
  return number && *number <= (kMaxSettableBytes >> shift) ? std::optional(*number << shift) : std::nullopt;
}

bool set_jobs(Settings& settings, std::string_view value) {
  const auto number = number_from(value);
  settings.jobs = static_cast<std::size_t>(number.value_or(0));
  return number && *number <= 1024;
}

bool set_max_file_size(Settings& settings, std::string_view value) {
  const auto bytes = bytes_from(value);
  settings.limits.size_bytes = bytes.value_or(0);
  return bytes && *bytes > 0;
}

bool set_max_file_time(Settings& settings, std::string_view value) {
  constexpr std::uint64_t kMaxMilliseconds = 3'600'000;
  const auto number = number_from(value);
  settings.limits.time = std::chrono::milliseconds(number.value_or(0));
  return number && *number > 0 && *number <= kMaxMilliseconds;
}

bool set_rank(Settings& settings, std::string_view value) {
  const auto mode = rank_mode_from_name(value);
  settings.rank = mode.value_or(RankMode::kAnchored);
  return mode.has_value();
}

bool set_submodules(Settings& settings, std::string_view value) {
  settings.submodules = value == "true" ? SubmodulePolicy::kEnter : SubmodulePolicy::kSkip;
  return value == "true" || value == "false";
}

bool set_tokenizer(Settings& settings, std::string_view value) {
  const auto tokenizer = tokenizer_from_name(value);
  settings.tokenizer = tokenizer.value_or(Tokenizer::kO200kBase);
  return tokenizer.has_value();
}

bool set_tokens(Settings& settings, std::string_view value) {
  constexpr std::uint64_t kMaxTokens = 100'000'000;
  const auto number = number_from(value);
  settings.tokens = static_cast<std::size_t>(number.value_or(0));
  return number && *number <= kMaxTokens;
}

struct Definition {
  std::string_view key;
  std::string_view default_value;
  std::string_view allowed;
  std::string_view help;
  bool (*set)(Settings&, std::string_view);
};

constexpr std::array<Definition, 7> kDefinitions = {{
    {"jobs", "0", "0 to 1024", "worker threads; 0: one for each processor", set_jobs},
    {"max_file_size", "4M", "1 to 2048M, in bytes or with K or M", "larger files are skipped", set_max_file_size},
    {"max_file_time", "5000", "1 to 3600000", "milliseconds after which a file is given up", set_max_file_time},
    {"rank", "anchored", "anchored or aider", "how maps are ranked", set_rank},
    {"submodules", "false", "true or false", "whether submodules are part of the repository", set_submodules},
    {"tokenizer", "o200k", "o200k, cl100k or chars4", "what counts as a token", set_tokenizer},
    {"tokens", "1024", "0 to 100000000", "the token budget of a map", set_tokens},
}};

std::string environment_name(std::string_view key) {
  std::string name = "REPO_MAP_";
  std::ranges::transform(key, std::back_inserter(name),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return name;
}

using Layer = std::map<std::string, std::string>;

std::string text_of(const toml::node& node) {
  if (const auto text = node.value<std::string>()) {
    return *text;
  }
  // Before the number, as which a flag would be taken too.
  if (const auto* flag = node.as_boolean()) {
    return flag->get() ? "true" : "false";
  }
  if (const auto number = node.value<std::int64_t>()) {
    return std::to_string(*number);
  }
  return fmt::format("a TOML {}", node.is_table() ? "table" : node.is_array() ? "array" : "value of another type");
}

/// Empty where there is no such file, and for the path "".
Result<Layer> read_file_layer(const std::string& path) {
  Layer layer;
  if (path.empty()) {
    return layer;
  }
  const auto text = make_posix_file_system()->read_file(path, kMaxSettingsBytes);
  if (!text) {
    return text.error().code == ErrorCode::kNotFound ? Result<Layer>(layer) : std::unexpected(text.error());
  }
  const toml::parse_result parsed = toml::parse(*text);
  if (!parsed) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}:{}: {}", path, parsed.error().source().begin.line, parsed.error().description()));
  }
  for (const auto& [key, node] : parsed.table()) {
    layer[std::string(key.str())] = text_of(node);
  }
  return layer;
}

Layer read_environment_layer() {
  Layer layer;
  for (const Definition& definition : kDefinitions) {
    if (const char* value = std::getenv(environment_name(definition.key).c_str())) {
      layer[std::string(definition.key)] = value;
    }
  }
  return layer;
}

std::string user_settings_path() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config != nullptr && *config != '\0') {
    return join_path(config, "repomap/repomap.toml");
  }
  const char* home = std::getenv("HOME");
  return home == nullptr || *home == '\0' ? std::string() : join_path(home, ".config/repomap/repomap.toml");
}

/// Applies the values of one layer over those before it.
Status apply(const Layer& layer, const std::string& origin, LoadedSettings& loaded) {
  for (const auto& [key, value] : layer) {
    const auto* definition = std::ranges::find(kDefinitions, key, &Definition::key);
    if (definition == kDefinitions.end()) {
      loaded.warnings.push_back(fmt::format("{}: \"{}\" is not a setting", origin, key));
      continue;
    }
    const std::string source = origin.empty() ? environment_name(key) : origin;
    if (!definition->set(loaded.settings, value)) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("{}: {} = \"{}\": allowed is {}", source, key, value, definition->allowed));
    }
    SettingValue& entry = loaded.values[static_cast<std::size_t>(definition - kDefinitions.begin())];
    entry.value = value;
    entry.origin = source;
  }
  return {};
}

}  // namespace

Result<LoadedSettings> load_settings(const std::string& root, const std::map<std::string, std::string>& flags) {
  LoadedSettings loaded;
  for (const Definition& definition : kDefinitions) {
    loaded.values.push_back({std::string(definition.key), environment_name(definition.key),
                             std::string(definition.default_value), "default", std::string(definition.help)});
  }
  for (const std::string& path : {user_settings_path(), join_path(root, "repomap.toml")}) {
    REPOMAP_ASSIGN(const Layer layer, read_file_layer(path));
    REPOMAP_TRY(apply(layer, path, loaded));
  }
  REPOMAP_TRY(apply(read_environment_layer(), "", loaded));
  REPOMAP_TRY(apply(flags, "command line", loaded));
  return loaded;
}

}  // namespace repomap
