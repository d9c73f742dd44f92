// SPDX-License-Identifier: Apache-2.0
#include "service/resource_paths.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace repomap {
namespace {

class Resources : public testing::Test {
 protected:
  Resources() {
    for (const char* name : {"REPO_MAP_RESOURCE_DIR", "REPO_MAP_LANGUAGES_DIR", "XDG_DATA_HOME"}) {
      unsetenv(name);
    }
    setenv("HOME", "/home/somebody", 1);
  }
};

TEST_F(Resources, AreInTheBuildTreeOfTheProgram) {
  const ResourcePaths paths = find_resources();
  EXPECT_TRUE(std::filesystem::exists(paths.languages.queries + "/c.scm")) << paths.languages.queries;
  EXPECT_TRUE(paths.languages.grammars.ends_with("/../grammars")) << paths.languages.grammars;
  EXPECT_TRUE(paths.data.ends_with("/../data")) << paths.data;
}

TEST_F(Resources, AreWhereTheEnvironmentSays) {
  setenv("REPO_MAP_RESOURCE_DIR", "/else/where", 1);
  const ResourcePaths paths = find_resources();
  unsetenv("REPO_MAP_RESOURCE_DIR");
  EXPECT_EQ(paths.languages.grammars, "/else/where/grammars");
  EXPECT_EQ(paths.languages.queries, "/else/where/queries");
  EXPECT_EQ(paths.data, "/else/where/data");
}

TEST_F(Resources, OfTheUserFollowTheEnvironmentThenXdgThenHome) {
  EXPECT_EQ(find_resources().user_languages, "/home/somebody/.local/share/repomap/languages");
  setenv("XDG_DATA_HOME", "/data", 1);
  EXPECT_EQ(find_resources().user_languages, "/data/repomap/languages");
  setenv("REPO_MAP_LANGUAGES_DIR", "/mine", 1);
  EXPECT_EQ(find_resources().user_languages, "/mine");
  unsetenv("REPO_MAP_LANGUAGES_DIR");
  unsetenv("XDG_DATA_HOME");
  unsetenv("HOME");
  EXPECT_EQ(find_resources().user_languages, "");
}

}  // namespace
}  // namespace repomap
