// SPDX-License-Identifier: Apache-2.0
// The table [cache] of repomap.toml and its variables.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "service/cache_setting_table.hpp"
#include "service/settings.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;
using Flags = std::map<std::string, std::string>;

/// Sets variables for the length of a test.
class Environment {
 public:
  ~Environment() {
    for (const std::string& name : names_) {
      unsetenv(name.c_str());
    }
  }
  void set(const std::string& name, const std::string& value) {
    names_.insert(name);
    setenv(name.c_str(), value.c_str(), 1);
  }

 private:
  std::set<std::string> names_;
};

class CacheSettingsFiles : public testing::Test {
 protected:
  CacheSettingsFiles() {
    unsetenv("REPO_MAP_CACHE_DIR");  // which all tests have
    environment_.set("XDG_CONFIG_HOME", tree_.path("config"));
    environment_.set("XDG_CACHE_HOME", tree_.path("caches"));
    tree_.make_directory("root");
  }

  void write_user_file(std::string_view text) const { tree_.write("config/repomap/repomap.toml", text); }
  void write_repository_file(std::string_view text) const { tree_.write("root/repomap.toml", text); }
  std::string user_file() const { return tree_.path("config/repomap/repomap.toml"); }
  std::string repository_file() const { return tree_.path("root/repomap.toml"); }

  LoadedSettings loaded(const Flags& flags = {}) const {
    auto loaded = load_settings(tree_.path("root"), flags);
    EXPECT_TRUE(loaded) << loaded.error().message;
    return loaded ? *std::move(loaded) : LoadedSettings();
  }
  CacheProfile profile(const Flags& flags = {}) const { return loaded(flags).settings.cache; }

  std::string error(const Flags& flags = {}) const {
    const auto loaded = load_settings(tree_.path("root"), flags);
    EXPECT_TRUE(loaded || loaded.error().code == ErrorCode::kInvalidArgument);
    return loaded ? "no error" : loaded.error().message;
  }

  static std::string described(const LoadedSettings& loaded, const std::string& key) {
    const auto found = std::ranges::find(loaded.values, key, &SettingValue::key);
    return found == loaded.values.end() ? "not set" : found->value + " from " + found->origin;
  }

  TemporaryTree tree_;
  Environment environment_;
};

/// Everything that a setting can change.
std::string text_of(const CacheSettings& settings) {
  return testing::PrintToString(std::vector<std::uint64_t>{
      settings.size_limit_bytes, settings.cull_limit, static_cast<std::uint64_t>(settings.eviction),
      settings.statistics ? 1U : 0U, settings.shards, static_cast<std::uint64_t>(settings.timeout.count()),
      settings.min_file_bytes, static_cast<std::uint64_t>(settings.journal), settings.mmap_bytes,
      static_cast<std::uint64_t>(settings.synchronous), settings.page_cache_bytes,
      settings.ttl ? static_cast<std::uint64_t>(settings.ttl->count()) : 0, settings.l1_bytes, settings.l1_items});
}

TEST_F(CacheSettingsFiles, DefaultsShownAreTheDefaultsInForce) {
  const LoadedSettings defaults = loaded();
  EXPECT_EQ(text_of(defaults.settings.cache.base), text_of(default_base_settings()));
  Flags flags;
  for (const SettingValue& value : defaults.values) {
    flags[value.key] = value.value;
  }
  const LoadedSettings repeated = loaded(flags);
  EXPECT_EQ(text_of(repeated.settings.cache.base), text_of(default_base_settings()));
  EXPECT_EQ(repeated.settings.cache.root, defaults.settings.cache.root);
  EXPECT_EQ(repeated.settings.refresh, RefreshMode::kAuto);
  EXPECT_TRUE(repeated.settings.cache.overrides.empty());
}

TEST_F(CacheSettingsFiles, TakeEveryKey) {
  write_user_file(
      "[cache]\ndir = \"/elsewhere\"\nsize_mb = 7\nl1_size = \"3M\"\nl1_items = 11\nrefresh_mode = \"files\"\n"
      "eviction = \"least-recently-used\"\nttl = 60\ncull_limit = 0\nstatistics = false\nshards = "
      "4\n"
      "timeout = 250\nmin_file_size = \"8K\"\njournal = \"truncate\"\nmmap_size = 0\nsynchronous = \"full\"\n"
      "page_cache_size = \"1M\"\n");
  const LoadedSettings all = loaded();
  const CacheSettings& base = all.settings.cache.base;
  EXPECT_EQ(all.settings.cache.root, "/elsewhere");
  EXPECT_EQ(all.settings.refresh, RefreshMode::kFiles);
  EXPECT_EQ(base.size_limit_bytes, std::uint64_t{7} << 20U);
  EXPECT_EQ(base.l1_bytes, std::uint64_t{3} << 20U);
  EXPECT_EQ(base.l1_items, 11U);
  EXPECT_EQ(base.eviction, EvictionPolicy::kLeastRecentlyUsed);
  EXPECT_EQ(base.ttl, 60s);
  EXPECT_EQ(base.cull_limit, 0U);
  EXPECT_FALSE(base.statistics);
  EXPECT_EQ(base.shards, 4U);
  EXPECT_EQ(base.timeout, 250ms);
  EXPECT_EQ(base.min_file_bytes, 8192U);
  EXPECT_EQ(base.journal, JournalMode::kTruncate);
  EXPECT_EQ(base.mmap_bytes, 0U);
  EXPECT_EQ(base.synchronous, Synchronous::kFull);
  EXPECT_EQ(base.page_cache_bytes, std::uint64_t{1} << 20U);
  EXPECT_TRUE(all.warnings.empty());
  EXPECT_EQ(described(all, "cache.size_mb"), "7 from " + user_file());
}

TEST_F(CacheSettingsFiles, EveryFieldHasAVariableAndChangesSomethingOfItsOwn) {
  const Flags other{
      {"cull_limit", "1"},     {"eviction", "none"},   {"journal", "memory"},    {"l1_items", "1"}, {"l1_size", "1"},
      {"min_file_size", "1"},  {"mmap_size", "1"},     {"page_cache_size", "1"}, {"shards", "2"},   {"size_mb", "1"},
      {"statistics", "false"}, {"synchronous", "off"}, {"timeout", "1"},         {"ttl", "1"}};
  EXPECT_EQ(cache_setting_fields().size(), other.size());
  std::set<std::string> seen{text_of(default_base_settings())};
  for (const auto& [name, value] : other) {
    Environment environment;
    std::string variable = "REPO_MAP_CACHE_" + name;
    std::ranges::transform(variable, variable.begin(), [](unsigned char c) { return std::toupper(c); });
    environment.set(variable, value);
    const LoadedSettings all = loaded();
    EXPECT_TRUE(seen.insert(text_of(all.settings.cache.base)).second) << name;
    EXPECT_EQ(described(all, "cache." + name), value + " from " + variable);
    EXPECT_EQ(text_of(profile({{"cache." + name, value}}).base), text_of(all.settings.cache.base)) << name;
  }
}

TEST_F(CacheSettingsFiles, AKindHasItsOwnOverThoseOfAll) {
  write_user_file("[cache]\nsize_mb = 1000\ntimeout = 9\n[cache.tags]\nsize_mb = 5\n[cache.repo_scan]\nshards = 3\n");
  environment_.set("REPO_MAP_CACHE_TAGS_L1_ITEMS", "77");
  environment_.set("REPO_MAP_CACHE_REPO_SCAN_TTL", "5");
  const LoadedSettings all = loaded();
  const CacheSettings tags = all.settings.cache.settings(CacheKind::kTags);
  EXPECT_EQ(tags.size_limit_bytes, std::uint64_t{5} << 20U);
  EXPECT_EQ(tags.timeout, 9ms) << "what the kind does not say, the base does";
  EXPECT_EQ(tags.l1_items, 77U);
  const CacheSettings scan = all.settings.cache.settings(CacheKind::kRepoScan);
  EXPECT_EQ(scan.shards, 3U);
  EXPECT_EQ(scan.ttl, 5s);
  EXPECT_EQ(scan.size_limit_bytes, std::uint64_t{40} << 20U) << "its share of the base";
  EXPECT_EQ(all.settings.cache.settings(CacheKind::kScan).shards, 1U);
  EXPECT_EQ(described(all, "cache.tags.size_mb"), "5 from " + user_file());
  EXPECT_EQ(described(all, "cache.tags.l1_items"), "77 from REPO_MAP_CACHE_TAGS_L1_ITEMS");
  EXPECT_EQ(described(all, "cache.maps.size_mb"), "not set");
  EXPECT_TRUE(std::ranges::is_sorted(all.values, {}, &SettingValue::key));
}

TEST_F(CacheSettingsFiles, RefuseBadValuesWithOriginAndWhatIsAllowed) {
  write_user_file("[cache]\neviction = \"random\"\n");
  EXPECT_EQ(error(), user_file() +
                         ": cache.eviction = \"random\": allowed is least-recently-stored, least-recently-used, "
                         "least-frequently-used or none");
  write_user_file("[cache.tags]\nshards = 300\n");
  EXPECT_EQ(error(), user_file() + ": cache.tags.shards = \"300\": allowed is 1 to 256");
  write_user_file("");
  environment_.set("REPO_MAP_CACHE_REFRESH_MODE", "never");
  EXPECT_EQ(error(),
            "REPO_MAP_CACHE_REFRESH_MODE: cache.refresh_mode = \"never\": allowed is auto, files, always or manual");
  environment_.set("REPO_MAP_CACHE_REFRESH_MODE", "manual");
  EXPECT_EQ(loaded().settings.refresh, RefreshMode::kManual);
  const std::vector<std::pair<std::string, std::string>> bad{{"dir", "relative"},
                                                             {"dir", ""},
                                                             {"size_mb", "0"},
                                                             {"size_mb", "16777217"},
                                                             {"size_mb", "1M"},
                                                             {"l1_items", "0"},
                                                             {"l1_size", "1G"},
                                                             {"l1_size", "-1"},
                                                             {"min_file_size", "0"},
                                                             {"shards", "0"},
                                                             {"page_cache_size", "0"},
                                                             {"timeout", "1s"},
                                                             {"timeout", "3600001"},
                                                             {"ttl", "316224001"},
                                                             {"ttl", "-1"},
                                                             {"journal", "WAL"},
                                                             {"synchronous", "1"},
                                                             {"statistics", "yes"},
                                                             {"cull_limit", ""},
                                                             {"refresh_mode", ""}};
  for (const auto& [key, value] : bad) {
    EXPECT_TRUE(error({{"cache." + key, value}}).starts_with("command line: cache." + key + " = ")) << key << value;
    if (key != "dir" && key != "refresh_mode") {
      EXPECT_TRUE(error({{"cache.maps." + key, value}}).starts_with("command line: cache.maps." + key)) << key << value;
    }
  }
}

TEST_F(CacheSettingsFiles, RefuseToEvictOrExpireWhatCannotBeComputedAgain) {
  for (const std::string kind : {"queue", "index"}) {
    EXPECT_EQ(
        error({{"cache." + kind + ".eviction", "least-recently-used"}}),
        "command line: cache." + kind +
            ".eviction = \"least-recently-used\": allowed is none, as what this kind holds cannot be computed again");
    EXPECT_NE(error({{"cache." + kind + ".ttl", "60"}}).find("allowed is 0"), std::string::npos);
    EXPECT_EQ(profile({{"cache." + kind + ".eviction", "none"}, {"cache." + kind + ".ttl", "0"}})
                  .settings(*cache_kind_from_name(kind))
                  .eviction,
              EvictionPolicy::kNone);
  }
  // What is said of all kinds does not reach them.
  const CacheProfile all = profile({{"cache.ttl", "60"}, {"cache.queue.timeout", "5"}});
  EXPECT_FALSE(all.settings(CacheKind::kQueue).ttl);
  EXPECT_FALSE(all.settings(CacheKind::kIndex).ttl);
  EXPECT_EQ(all.settings(CacheKind::kQueue).timeout, 5ms);
}

TEST_F(CacheSettingsFiles, OfARepositoryDecideNothingButHowItsMapsAreRefreshed) {
  write_user_file("[cache]\nsize_mb = 9\n");
  std::string text = "[cache]\nrefresh_mode = \"always\"\ndir = \"" + tree_.path("stolen") + "\"\n";
  std::size_t ignored = 1;
  for (const CacheSettingField& field : cache_setting_fields()) {
    text += std::string(field.name) + " = \"1\"\n";
    ++ignored;
  }
  write_repository_file(text + "[cache.tags]\nsize_mb = 1\n");
  const LoadedSettings all = loaded();
  EXPECT_EQ(all.settings.refresh, RefreshMode::kAlways);
  EXPECT_EQ(all.settings.cache.root, tree_.path("caches/repomap"));
  CacheSettings expected = default_base_settings();
  expected.size_limit_bytes = std::uint64_t{9} << 20U;
  EXPECT_EQ(text_of(all.settings.cache.base), text_of(expected));
  EXPECT_TRUE(all.settings.cache.overrides.empty());
  ASSERT_EQ(all.warnings.size(), ignored + 1);
  EXPECT_TRUE(std::ranges::any_of(all.warnings, [&](const std::string& warning) {
    return warning == repository_file() + ": cache.dir is not for a repository to decide, and ignored; set it in " +
                          user_file() + ", or as REPO_MAP_CACHE_DIR";
  })) << testing::PrintToString(all.warnings);
}

TEST_F(CacheSettingsFiles, WarnOfKeysThatAreNoSettings) {
  write_user_file("[cache]\nsize = 5\n[cache.tag]\nsize_mb = 5\n[cache.tags]\ndir = \"/x\"\nrefresh_mode = \"auto\"\n");
  EXPECT_EQ(loaded().warnings,
            (std::vector<std::string>{user_file() + ": \"cache.size\" is not a setting",
                                      user_file() + ": \"cache.tag\" is not a setting",
                                      user_file() + ": \"cache.tags.dir\" is not a setting",
                                      user_file() + ": \"cache.tags.refresh_mode\" is not a setting"}));
  write_user_file("cache = 5\n");
  EXPECT_EQ(loaded().warnings, (std::vector<std::string>{user_file() + ": \"cache\" is not a setting"}));
}

TEST_F(CacheSettingsFiles, PutTheCacheWhereXdgSays) {
  EXPECT_EQ(profile().root, tree_.path("caches/repomap"));
  EXPECT_EQ(described(loaded(), "cache.dir"), tree_.path("caches/repomap") + " from default");
  environment_.set("XDG_CACHE_HOME", "relative");
  environment_.set("HOME", tree_.path("home"));
  EXPECT_EQ(profile().root, tree_.path("home/.cache/repomap")) << "a relative path is none";
  unsetenv("XDG_CACHE_HOME");
  EXPECT_EQ(profile().root, tree_.path("home/.cache/repomap"));
  environment_.set("REPO_MAP_CACHE_DIR", "/elsewhere");
  EXPECT_EQ(described(loaded(), "cache.dir"), "/elsewhere from REPO_MAP_CACHE_DIR");
  EXPECT_EQ(profile({{"cache.dir", "off"}}).root, "");
}

TEST_F(CacheSettingsFiles, WithoutAHomeTheCacheIsInMemory) {
  unsetenv("XDG_CACHE_HOME");
  for (const char* home : {"", "relative"}) {
    environment_.set("HOME", home);
    const LoadedSettings all = loaded();
    EXPECT_EQ(all.settings.cache.root, "");
    EXPECT_EQ(described(all, "cache.dir"), "off from default");
    ASSERT_EQ(all.warnings.size(), 1U);
    EXPECT_NE(all.warnings[0].find("no home directory"), std::string::npos);
  }
}

TEST_F(CacheSettingsFiles, NeverPutTheCacheIntoTheRepository) {
  environment_.set("REPO_MAP_CACHE_DIR", tree_.path("root/.cache"));
  EXPECT_TRUE(error().starts_with("REPO_MAP_CACHE_DIR: the cache at ")) << error();
  tree_.link("link", tree_.path("root"));
  environment_.set("REPO_MAP_CACHE_DIR", tree_.path("link/new"));
  EXPECT_TRUE(error().starts_with("REPO_MAP_CACHE_DIR: the cache at ")) << error();
  // Nobody chose the default, so it is not used, and no error.
  unsetenv("REPO_MAP_CACHE_DIR");
  environment_.set("XDG_CACHE_HOME", tree_.path("root/.cache"));
  const LoadedSettings all = loaded();
  EXPECT_EQ(all.settings.cache.root, "");
  ASSERT_EQ(all.warnings.size(), 1U);
  EXPECT_NE(all.warnings[0].find("inside the repository"), std::string::npos);
}

}  // namespace
}  // namespace repomap
