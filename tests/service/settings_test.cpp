// SPDX-License-Identifier: Apache-2.0
#include "service/settings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

using Flags = std::map<std::string, std::string>;

class SettingsFiles : public testing::Test {
 protected:
  SettingsFiles() {
    for (const char* key : {"CACHE_DIR", "DAEMON", "JOBS", "MAX_FILE_SIZE", "MAX_FILE_TIME", "RANK", "SUBMODULES",
                            "TOKENIZER", "TOKENS"}) {
      unsetenv((std::string("REPO_MAP_") + key).c_str());
    }
    setenv("XDG_CONFIG_HOME", tree_.path("config").c_str(), 1);
    setenv("XDG_CACHE_HOME", tree_.path("caches").c_str(), 1);
    tree_.make_directory("root");
  }
  ~SettingsFiles() override {
    unsetenv("REPO_MAP_TOKENS");
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_CACHE_HOME");
  }

  std::string repository_file() const { return tree_.path("root/repomap.toml"); }
  std::string user_file() const { return tree_.path("config/repomap/repomap.toml"); }
  void write_repository_file(std::string_view text) const { tree_.write("root/repomap.toml", text); }
  void write_user_file(std::string_view text) const { tree_.write("config/repomap/repomap.toml", text); }

  Result<LoadedSettings> load(const Flags& flags = {}) const { return load_settings(tree_.path("root"), flags); }

  std::string error(const Flags& flags = {}) const {
    const auto loaded = load(flags);
    if (loaded) {
      return "no error";
    }
    EXPECT_EQ(loaded.error().code, ErrorCode::kInvalidArgument) << loaded.error().message;
    return loaded.error().message;
  }

  /// "value from origin"
  static std::string described(const LoadedSettings& loaded, const std::string& key) {
    const auto found = std::ranges::find(loaded.values, key, &SettingValue::key);
    return found == loaded.values.end() ? "no such setting" : found->value + " from " + found->origin;
  }

  TemporaryTree tree_;
};

TEST_F(SettingsFiles, AreNotNeeded) {
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_TRUE(loaded->warnings.empty());
  EXPECT_EQ(loaded->settings.tokens, 1024U);
  EXPECT_TRUE(std::ranges::is_sorted(loaded->values, {}, &SettingValue::key));
  for (const SettingValue& value : loaded->values) {
    EXPECT_EQ(value.origin, "default") << value.key;
    EXPECT_FALSE(value.help.empty()) << value.key;
  }
}

TEST_F(SettingsFiles, TheDefaultsShownAreTheDefaultsInForce) {
  const auto defaults = load();
  ASSERT_TRUE(defaults);
  Flags flags;
  for (const SettingValue& value : defaults->values) {
    flags[value.key] = value.value;
  }
  const auto repeated = load(flags);
  ASSERT_TRUE(repeated) << repeated.error().message;
  EXPECT_EQ(repeated->settings.jobs, defaults->settings.jobs);
  EXPECT_EQ(repeated->settings.limits.size_bytes, defaults->settings.limits.size_bytes);
  EXPECT_EQ(repeated->settings.limits.time, defaults->settings.limits.time);
  EXPECT_EQ(repeated->settings.tokens, defaults->settings.tokens);
  EXPECT_EQ(repeated->settings.tokenizer, defaults->settings.tokenizer);
  EXPECT_EQ(repeated->settings.rank, defaults->settings.rank);
  EXPECT_EQ(repeated->settings.submodules, defaults->settings.submodules);
}

TEST_F(SettingsFiles, AFlagBeatsTheEnvironmentBeatsTheRepositoryBeatsTheUser) {
  const auto tokens = [this](const Flags& flags) {
    const auto loaded = load(flags);
    EXPECT_TRUE(loaded);
    return loaded ? described(*loaded, "tokens") + ' ' + std::to_string(loaded->settings.tokens) : "";
  };
  EXPECT_EQ(tokens({}), "1024 from default 1024");
  write_user_file("tokens = 2\n");
  EXPECT_EQ(tokens({}), "2 from " + user_file() + " 2");
  write_repository_file("tokens = 3\n");
  EXPECT_EQ(tokens({}), "3 from " + repository_file() + " 3");
  setenv("REPO_MAP_TOKENS", "4", 1);
  EXPECT_EQ(tokens({}), "4 from REPO_MAP_TOKENS 4");
  EXPECT_EQ(tokens({{"tokens", "5"}}), "5 from command line 5");
}

TEST_F(SettingsFiles, LayersMergeKeyByKey) {
  write_user_file("tokens = 2\nrank = \"aider\"\n");
  write_repository_file("tokens = 3\n");
  const auto loaded = load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->settings.tokens, 3U);
  EXPECT_EQ(loaded->settings.rank, RankMode::kAider);
}

TEST_F(SettingsFiles, TakeEveryKey) {
  write_repository_file(
      "jobs = 3\nmax_file_size = \"512K\"\nmax_file_time = 100\nrank = \"aider\"\nsubmodules = true\n"
      "tokenizer = \"cl100k\"\ntokens = 0\n");
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->settings.jobs, 3U);
  EXPECT_EQ(loaded->settings.limits.size_bytes, 512U << 10U);
  EXPECT_EQ(loaded->settings.limits.time, std::chrono::milliseconds(100));
  EXPECT_EQ(loaded->settings.rank, RankMode::kAider);
  EXPECT_EQ(loaded->settings.submodules, SubmodulePolicy::kEnter);
  EXPECT_EQ(loaded->settings.tokenizer, Tokenizer::kCl100kBase);
  EXPECT_EQ(loaded->settings.tokens, 0U);
  EXPECT_EQ(described(*loaded, "submodules"), "true from " + repository_file());
}

TEST_F(SettingsFiles, TakeSizesInBytesKilobytesAndMegabytes) {
  const auto size = [this](const std::string& text) {
    const auto loaded = load({{"max_file_size", text}});
    return loaded ? loaded->settings.limits.size_bytes : 0;
  };
  EXPECT_EQ(size("1"), 1U);
  EXPECT_EQ(size("2k"), 2048U);
  EXPECT_EQ(size("3M"), 3U << 20U);
  EXPECT_EQ(size("2048M"), std::uint64_t{1} << 31U);
  write_repository_file("max_file_size = 4096\n");
  EXPECT_EQ(load()->settings.limits.size_bytes, 4096U);
}

TEST_F(SettingsFiles, RefuseBadValuesWithOriginAndWhatIsAllowed) {
  EXPECT_EQ(error({{"tokens", "many"}}), "command line: tokens = \"many\": allowed is 0 to 100000000");
  write_repository_file("rank = \"best\"\n");
  EXPECT_EQ(error(), repository_file() + ": rank = \"best\": allowed is anchored or aider");
  write_repository_file("");
  setenv("REPO_MAP_TOKENS", "-1", 1);
  EXPECT_EQ(error(), "REPO_MAP_TOKENS: tokens = \"-1\": allowed is 0 to 100000000");
  unsetenv("REPO_MAP_TOKENS");
  const std::vector<std::pair<std::string, std::string>> bad{{"jobs", "1025"},
                                                             {"jobs", "1.5"},
                                                             {"jobs", " 1"},
                                                             {"jobs", "+1"},
                                                             {"max_file_size", "0"},
                                                             {"max_file_size", "M"},
                                                             {"max_file_size", "1G"},
                                                             {"max_file_size", "2049M"},
                                                             {"max_file_size", "-1"},
                                                             {"max_file_time", "0"},
                                                             {"max_file_time", "1s"},
                                                             {"max_file_time", "3600001"},
                                                             {"rank", ""},
                                                             {"submodules", "yes"},
                                                             {"submodules", "1"},
                                                             {"tokenizer", "gpt4"},
                                                             {"tokens", ""},
                                                             {"tokens", "100000001"},
                                                             {"tokens", "0x10"},
                                                             {"max_file_size", "99999999999999999999M"}};
  for (const auto& [key, value] : bad) {
    EXPECT_TRUE(error({{key, value}}).starts_with("command line: " + key)) << key << '=' << value;
  }
}

TEST_F(SettingsFiles, NameWhatIsNoValueAtAll) {
  write_repository_file("tokens = [1, 2]\n");
  EXPECT_NE(error().find("array"), std::string::npos) << error();
  write_repository_file("[tokens]\nmax = 1\n");
  EXPECT_NE(error().find("table"), std::string::npos) << error();
  write_repository_file("submodules = 1\n");
  EXPECT_NE(error().find("submodules = \"1\""), std::string::npos) << error();
}

TEST_F(SettingsFiles, WarnOfKeysThatAreNoSettings) {
  write_repository_file("token = 5\ntokens = 6\n[section]\nx = 1\n");
  const auto loaded = load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->settings.tokens, 6U);
  EXPECT_EQ(loaded->warnings, (std::vector<std::string>{repository_file() + ": \"section\" is not a setting",
                                                        repository_file() + ": \"token\" is not a setting"}));
}

TEST_F(SettingsFiles, SayWhereTheTomlIsBroken) {
  write_repository_file("tokens = 5\nrank = \n");
  EXPECT_TRUE(error().starts_with(repository_file() + ":2: ")) << error();
  write_repository_file("\xff = 1\n");
  EXPECT_TRUE(error().starts_with(repository_file() + ":1: ")) << error();
}

TEST_F(SettingsFiles, AreAnErrorWhereverTheirTomlEnds) {
  for (const char* const text : {"[[[", "[", "[[", "=", "a.", "a.=1", "[a.", "[[a.]", "\"", "\"\"\"", "a = ", "a = [",
                                 "a = {b", "[]", "[[]]", "a = 1e", "a = {=", "[\n"}) {
    write_repository_file(text);
    EXPECT_TRUE(error().starts_with(repository_file() + ":")) << text << " " << error();
  }
}

TEST_F(SettingsFiles, OfTheUserAreInTheHomeDirectoryWithoutXdg) {
  unsetenv("XDG_CONFIG_HOME");
  setenv("HOME", tree_.path("home").c_str(), 1);
  tree_.write("home/.config/repomap/repomap.toml", "tokens = 77\n");
  EXPECT_EQ(load()->settings.tokens, 77U);
  unsetenv("HOME");
  EXPECT_EQ(load()->settings.tokens, 1024U);
}

TEST_F(SettingsFiles, ThatAreDirectoriesAreAnError) {
  tree_.make_directory("root/repomap.toml");
  const auto loaded = load();
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find("not a regular file"), std::string::npos);
}

TEST_F(SettingsFiles, OfTheDaemonAreTaken) {
  write_user_file(
      "daemon = \"use\"\ndaemon_idle_exit = 60\ndaemon_memory = \"3G\"\ndaemon_poll_interval = 500\n"
      "daemon_max_watches = 1000\ndaemon_debounce = 5\ndaemon_nice = 0\ndaemon_metrics_port = 9100\n");
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_TRUE(loaded->warnings.empty());
  const DaemonSettings& daemon = loaded->settings.daemon;
  EXPECT_EQ(daemon.use, DaemonUse::kUse);
  EXPECT_EQ(daemon.idle_exit, std::chrono::seconds(60));
  EXPECT_EQ(daemon.live.memory_limit_bytes, std::size_t{3} << 30U);
  EXPECT_EQ(daemon.live.watcher.poll_interval, std::chrono::milliseconds(500));
  EXPECT_EQ(daemon.live.watcher.max_watches, 1000U);
  EXPECT_EQ(daemon.live.debounce, std::chrono::milliseconds(5));
  EXPECT_EQ(daemon.live.niceness, 0);
  EXPECT_EQ(daemon.metrics_port, 9100);
}

TEST_F(SettingsFiles, OfTheDaemonAreWithinLimits) {
  for (const auto& [key, value] : Flags{{"daemon", "on"},
                                        {"daemon_idle_exit", "-1"},
                                        {"daemon_memory", "2T"},
                                        {"daemon_memory ", "1025G"},
                                        {"daemon_poll_interval", "49"},
                                        {"daemon_max_watches", "many"},
                                        {"daemon_debounce", "10001"},
                                        {"daemon_nice", "20"},
                                        {"daemon_metrics_port", "65536"}}) {
    const std::string name = key.substr(0, key.find(' '));
    EXPECT_TRUE(error({{name, value}}).contains("allowed is ")) << name << " = " << value;
  }
}

TEST_F(SettingsFiles, OfTheDaemonAreNotForARepositoryToDecide) {
  write_repository_file("daemon = \"off\"\ndaemon_memory = \"1M\"\n");
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->warnings.size(), 2U);
  EXPECT_EQ(loaded->settings.daemon.use, DaemonUse::kStart);
  EXPECT_EQ(loaded->settings.daemon.live.memory_limit_bytes, 0U);
}

}  // namespace
}  // namespace repomap
