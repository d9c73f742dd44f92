// SPDX-License-Identifier: Apache-2.0
#include "service/versions.hpp"

#include <gtest/gtest.h>

#include <cctype>

namespace repomap {
namespace {

TEST(Versions, BeginWithTheProductAndAreNumbers) {
  const auto versions = component_versions();
  ASSERT_GE(versions.size(), 5U);
  EXPECT_EQ(versions.front().name, "repomap");
  EXPECT_EQ(versions[1].name, "tree-sitter");
  for (const ComponentVersion& component : versions) {
    ASSERT_FALSE(component.version.empty()) << component.name;
    EXPECT_TRUE(std::isdigit(static_cast<unsigned char>(component.version.front())) != 0 ||
                component.name == "compiler")
        << component.name << ' ' << component.version;
  }
}

}  // namespace
}  // namespace repomap
