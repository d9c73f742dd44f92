// SPDX-License-Identifier: Apache-2.0
#include "service/settings.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/file_system.hpp"
#include "core/cache/cache_location.hpp"
#include "service/cache_setting_table.hpp"
#include "service/daemon_settings.hpp"
#include "service/setting_values.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kMaxSettingsBytes = 256U << 10U;
constexpr std::string_view kDefaultOrigin = "default";
constexpr std::string_view kNoCacheOnDisk = "off";
constexpr std::string_view kCachePrefix = "cache.";

bool set_jobs(Settings& settings, std::string_view value) {
  constexpr std::uint64_t kMaxJobs = 1024;
  const auto number = number_from(value, kMaxJobs);
  settings.jobs = static_cast<std::size_t>(number.value_or(0));
  return number.has_value();
}

bool set_max_file_size(Settings& settings, std::string_view value) {
  const auto bytes = bytes_from(value);
  settings.limits.size_bytes = bytes.value_or(0);
  return bytes && *bytes > 0;
}

bool set_max_file_time(Settings& settings, std::string_view value) {
  constexpr std::uint64_t kMaxMilliseconds = 3'600'000;
  const auto number = number_from(value, kMaxMilliseconds);
  settings.limits.time = std::chrono::milliseconds(number.value_or(0));
  return number && *number > 0;
}

bool set_rank(Settings& settings, std::string_view value) {
  const auto mode = rank_mode_from_name(value);
  settings.rank = mode.value_or(RankMode::kAnchored);
  return mode.has_value();
}

bool set_submodules(Settings& settings, std::string_view value) {
  const auto flag = flag_from(value);
  settings.submodules = flag.value_or(false) ? SubmodulePolicy::kEnter : SubmodulePolicy::kSkip;
  return flag.has_value();
}

bool set_tokenizer(Settings& settings, std::string_view value) {
  const auto tokenizer = tokenizer_from_name(value);
  settings.tokenizer = tokenizer.value_or(Tokenizer::kO200kBase);
  return tokenizer.has_value();
}

bool set_tokens(Settings& settings, std::string_view value) {
  constexpr std::uint64_t kMaxTokens = 100'000'000;
  const auto number = number_from(value, kMaxTokens);
  settings.tokens = static_cast<std::size_t>(number.value_or(0));
  return number.has_value();
}

bool set_refresh_mode(Settings& settings, std::string_view value) {
  const auto mode = refresh_mode_from_name(value);
  settings.refresh = mode.value_or(RefreshMode::kAuto);
  return mode.has_value();
}

bool set_cache_dir(Settings& settings, std::string_view value) {
  settings.cache.root = value == kNoCacheOnDisk ? "" : value;
  return value.starts_with('/') || value == kNoCacheOnDisk;
}

/// Whether a setting is one of the machine, and not for the files of a repository to decide: the cache and the daemon
/// are shared by all repositories of the user, and who hands him one must not choose where the cache lies, how much of
/// the disk or of memory is taken, what is thrown out, or what runs.
enum class SettingScope : std::uint8_t { kAnywhere, kMachine };

struct Definition {
  std::string key;
  std::string_view default_value;
  std::string_view allowed;
  std::string_view help;
  std::function<bool(Settings&, std::string_view)> set;
  SettingScope scope = SettingScope::kAnywhere;
};

/// All settings but those of one kind of cache, by key. The default of cache.dir depends on the machine.
const std::vector<Definition>& definitions() {
  static const std::vector<Definition> kDefinitions = [] {
    std::vector<Definition> all = {
        {"cache.dir", "", "an absolute path, or off", "where the cache lies; off: in memory", set_cache_dir,
         SettingScope::kMachine},
        {"cache.refresh_mode", "auto", "auto, files, always or manual", "when a map may be given again",
         set_refresh_mode},
        {"jobs", "0", "0 to 1024", "worker threads; 0: one for each processor", set_jobs},
        {"max_file_size", "4M", "1 to 2048M, in bytes or with K or M", "larger files are skipped", set_max_file_size},
        {"max_file_time", "5000", "1 to 3600000", "milliseconds after which a file is given up", set_max_file_time},
        {"rank", "anchored", "anchored or aider", "how maps are ranked", set_rank},
        {"submodules", "false", "true or false", "whether submodules are part of the repository", set_submodules},
        {"tokenizer", "o200k", "o200k, cl100k or chars4", "what counts as a token", set_tokenizer},
        {"tokens", "1024", "0 to 100000000", "the token budget of a map", set_tokens},
    };
    for (const CacheSettingField& field : cache_setting_fields()) {
      all.push_back(
          {fmt::format("cache.{}", field.name), field.default_value, field.allowed, field.help,
           [set = field.set](Settings& settings, std::string_view value) { return set(settings.cache.base, value); },
           SettingScope::kMachine});
    }
    for (const DaemonSettingField& field : daemon_setting_fields()) {
      all.push_back(
          {std::string(field.key), field.default_value, field.allowed, field.help,
           [set = field.set](Settings& settings, std::string_view value) { return set(settings.daemon, value); },
           SettingScope::kMachine});
    }
    std::ranges::sort(all, {}, &Definition::key);
    return all;
  }();
  return kDefinitions;
}

/// A field of one kind of cache: the parts of "cache.tags.size_mb".
struct KindField {
  CacheKind kind;
  const CacheSettingField* field;
};

std::optional<KindField> kind_field_of(std::string_view key) {
  const std::size_t dot = key.rfind('.');
  if (!key.starts_with(kCachePrefix) || dot < kCachePrefix.size()) {
    return std::nullopt;
  }
  const auto kind = cache_kind_from_name(key.substr(kCachePrefix.size(), dot - kCachePrefix.size()));
  const CacheSettingField* field = find_cache_setting(key.substr(dot + 1));
  return kind && field != nullptr ? std::optional(KindField{*kind, field}) : std::nullopt;
}

std::string kind_key(CacheKind kind, const CacheSettingField& field) {
  return fmt::format("{}{}.{}", kCachePrefix, cache_kind_name(kind), field.name);
}

std::string environment_name(std::string_view key) {
  std::string name = "REPO_MAP_";
  std::ranges::transform(key, std::back_inserter(name), [](char c) {
    if (c == '.') {
      return '_';
    }
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return name;
}

/// Values of one source, by key.
struct Layer {
  std::string origin;  // "" for the environment: each variable is an origin of its own
  std::map<std::string, std::string> values;
  bool is_of_repository = false;
};

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

/// A table of which the keys stand as "<prefix><key>".
struct PrefixedTable {
  std::string prefix;
  const toml::table* table = nullptr;
};

/// The keys of the table [cache] and of those in it stand as "cache.size_mb" and "cache.tags.size_mb".
void add_tables(const toml::table& root, Layer& layer) {
  std::vector<PrefixedTable> tables{{"", &root}};
  while (!tables.empty()) {
    const PrefixedTable next = std::move(tables.back());
    tables.pop_back();
    for (const auto& [name, node] : *next.table) {
      const std::string key = next.prefix + std::string(name.str());
      const toml::table* inner = node.as_table();
      const bool is_kind = next.prefix == kCachePrefix && cache_kind_from_name(name.str());
      if (inner != nullptr && (key + '.' == kCachePrefix || is_kind)) {
        tables.push_back({key + '.', inner});
      } else {
        layer.values[key] = text_of(node);
      }
    }
  }
}

/// Empty where there is no such file, and for the path "".
Result<Layer> read_file_layer(const std::string& path) {
  Layer layer{path, {}, false};
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
  add_tables(parsed.table(), layer);
  return layer;
}

Layer read_environment_layer() {
  Layer layer;
  const auto read = [&layer](const std::string& key) {
    if (const char* value = std::getenv(environment_name(key).c_str())) {
      layer.values[key] = value;
    }
  };
  for (const Definition& definition : definitions()) {
    read(definition.key);
  }
  for (const CacheKind kind : kAllCacheKinds) {
    for (const CacheSettingField& field : cache_setting_fields()) {
      read(kind_key(kind, field));
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

std::string default_cache_dir() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') {
    return join_path(cache, "repomap");
  }
  const char* home = std::getenv("HOME");
  return home == nullptr || *home != '/' ? std::string(kNoCacheOnDisk) : join_path(home, ".cache/repomap");
}

/// Puts layer over layer, each over those before it.
class SettingsLoader {
 public:
  explicit SettingsLoader(LoadedSettings& loaded) : loaded_(loaded) {
    for (const Definition& definition : definitions()) {
      loaded_.values.push_back({definition.key, environment_name(definition.key), std::string(definition.default_value),
                                std::string(kDefaultOrigin), std::string(definition.help)});
    }
  }

  Status apply(const Layer& layer) {
    for (const auto& [key, value] : layer.values) {
      const SettingValue source{key, "", value, layer.origin.empty() ? environment_name(key) : layer.origin, ""};
      REPOMAP_TRY(apply_one(source, layer.is_of_repository));
    }
    return {};
  }

  /// What needs all layers: the settings of single kinds, over those of all kinds, and where the cache lies.
  Status finish(const std::string& root) {
    CacheProfile& profile = loaded_.settings.cache;
    for (const auto& [key, value] : kind_values_) {
      const KindField target = *kind_field_of(key);
      const auto settings = profile.overrides.try_emplace(target.kind, profile.settings(target.kind)).first;
      target.field->set(settings->second, value.value);
      loaded_.values.push_back(value);
    }
    std::ranges::sort(loaded_.values, {}, &SettingValue::key);
    REPOMAP_TRY(settle_root(root));
    return profile.validate();
  }

 private:
  Status apply_one(const SettingValue& source, bool is_of_repository) {
    const auto definition = std::ranges::find(definitions(), source.key, &Definition::key);
    const auto kind_field = kind_field_of(source.key);
    if (definition == definitions().end() && !kind_field) {
      loaded_.warnings.push_back(fmt::format("{}: \"{}\" is not a setting", source.origin, source.key));
      return {};
    }
    if (is_of_repository && (kind_field || definition->scope == SettingScope::kMachine)) {
      loaded_.warnings.push_back(
          fmt::format("{}: {} is not for a repository to decide, and ignored; set it in {}, or as {}", source.origin,
                      source.key, user_settings_path(), environment_name(source.key)));
      return {};
    }
    if (kind_field) {
      return apply_to_kind(source, *kind_field);
    }
    if (!definition->set(loaded_.settings, source.value)) {
      return refuse(source, definition->allowed);
    }
    SettingValue& entry = loaded_.values[static_cast<std::size_t>(definition - definitions().begin())];
    entry.value = source.value;
    entry.origin = source.origin;
    return {};
  }

  Status apply_to_kind(const SettingValue& source, const KindField& target) {
    CacheSettings trial = default_cache_settings(target.kind);
    if (!target.field->set(trial, source.value) || !trial.validate(target.kind)) {
      return refuse(source, allowed_for(*target.field, target.kind));
    }
    SettingValue& entry = kind_values_[source.key];
    entry = source;
    entry.environment = environment_name(source.key);
    entry.help = target.field->help;
    return {};
  }

  static Status refuse(const SettingValue& source, std::string_view allowed) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}: {} = \"{}\": allowed is {}", source.origin, source.key, source.value, allowed));
  }

  // A directory that somebody chose must not lie in the repository; one that nobody chose is not used there.
  Status settle_root(const std::string& root) {
    SettingValue& dir = *std::ranges::find(loaded_.values, "cache.dir", &SettingValue::key);
    std::string& cache_root = loaded_.settings.cache.root;
    if (dir.origin != kDefaultOrigin) {
      const Status outside = check_outside(cache_root, root);
      return outside ? outside
                     : fail(ErrorCode::kInvalidArgument, fmt::format("{}: {}", dir.origin, outside.error().message));
    }
    dir.value = default_cache_dir();
    cache_root = dir.value == kNoCacheOnDisk ? "" : dir.value;
    if (cache_root.empty()) {
      loaded_.warnings.emplace_back(
          "there is no home directory, so the cache is in memory; REPO_MAP_CACHE_DIR says where to put it");
    } else if (!check_outside(cache_root, root)) {
      loaded_.warnings.push_back(fmt::format(
          "{} lies inside the repository, so the cache is in memory; REPO_MAP_CACHE_DIR says where to put it",
          cache_root));
      cache_root.clear();
      dir.value = kNoCacheOnDisk;
    }
    return {};
  }

  LoadedSettings& loaded_;
  std::map<std::string, SettingValue> kind_values_;
};

}  // namespace

Result<LoadedSettings> load_settings(const std::string& root, const std::map<std::string, std::string>& flags) {
  LoadedSettings loaded;
  SettingsLoader loader(loaded);
  REPOMAP_ASSIGN(const Layer user, read_file_layer(user_settings_path()));
  REPOMAP_ASSIGN(Layer repository, read_file_layer(join_path(root, "repomap.toml")));
  repository.is_of_repository = true;
  REPOMAP_TRY(loader.apply(user));
  REPOMAP_TRY(loader.apply(repository));
  REPOMAP_TRY(loader.apply(read_environment_layer()));
  REPOMAP_TRY(loader.apply({"command line", flags, false}));
  REPOMAP_TRY(loader.finish(root));
  return loaded;
}

}  // namespace repomap
