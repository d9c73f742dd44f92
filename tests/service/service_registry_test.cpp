// SPDX-License-Identifier: Apache-2.0
#include "service/service_registry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "core/base/mutex.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

class Registry : public testing::Test {
 protected:
  Registry() {
    setenv("XDG_CONFIG_HOME", tree_.path("config").c_str(), 1);
    setenv("REPO_MAP_CACHE_DIR", tree_.path("cache").c_str(), 1);
    tree_.write("one/a.py", "def one():\n    return 1\n");
    tree_.write("two/a.py", "def two():\n    return 1\n");
    tree_.write("three/a.py", "def three():\n    return 1\n");
    tree_.write("three/repomap.toml", "max_file_size = \"1K\"\n");
  }
  ~Registry() override {
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("REPO_MAP_CACHE_DIR");
  }

  FileSelection selection(const std::string& name) const { return {.root = tree_.path(name), .subtrees = {}}; }

  /// The generation of a root, once it is indexed; 0 if it cannot be.
  std::uint64_t generation(ServiceRegistry& registry, const std::string& name) const {
    const auto entry = registry.get(tree_.path(name));
    const auto moment = entry ? entry->service->sync(selection(name), {}) : fail(ErrorCode::kNotFound, "no service");
    return moment ? moment->generation : 0;
  }

  static ResourcePaths resources() {
    ResourcePaths resources;
    resources.languages = {REPOMAP_GRAMMARS_DIR, REPOMAP_SOURCE_DIR "/parsers/queries"};
    return resources;
  }

  TemporaryTree tree_;
};

TEST_F(Registry, SharesAServiceWhereSettingsAreTheSame) {
  ServiceRegistry registry(resources(), {});
  const auto one = registry.get(tree_.path("one"));
  const auto two = registry.get(tree_.path("two"));
  const auto three = registry.get(tree_.path("three"));
  ASSERT_TRUE(one && two && three);
  EXPECT_EQ(one->service, two->service);
  EXPECT_EQ(one->fingerprint, two->fingerprint);
  EXPECT_NE(one->service, three->service);
  EXPECT_NE(one->fingerprint, three->fingerprint);
  EXPECT_EQ(one->fingerprint, settings_fingerprint(one->settings, resources()));
  EXPECT_EQ(registry.services().size(), 2U);
}

TEST_F(Registry, RefusesSettingsThatCannotBeUsed) {
  tree_.write("one/repomap.toml", "max_file_size = \"much\"\n");
  ServiceRegistry registry(resources(), {});
  const auto one = registry.get(tree_.path("one"));
  ASSERT_FALSE(one);
  EXPECT_EQ(one.error().code, ErrorCode::kInvalidArgument);
  tree_.write("one/repomap.toml", "max_file_size = \"2M\"\n");
  EXPECT_TRUE(registry.get(tree_.path("one"))) << "a failure is not kept";
}

TEST_F(Registry, ReadsSettingsAgainWhenItIsTold) {
  ServiceRegistry registry(resources(), {});
  const auto before = registry.get(tree_.path("one"));
  tree_.write("config/repomap/repomap.toml", "max_file_size = \"2M\"\n");
  const auto meanwhile = registry.get(tree_.path("one"));
  registry.reload();
  const auto after = registry.get(tree_.path("one"));
  ASSERT_TRUE(before && meanwhile && after);
  EXPECT_EQ(before->fingerprint, meanwhile->fingerprint);
  EXPECT_NE(before->fingerprint, after->fingerprint);
}

TEST_F(Registry, FollowsTheSettingsOfTheRepository) {
  ServiceRegistry registry(resources(), {});
  const auto before = registry.get(tree_.path("one"));
  tree_.write("one/repomap.toml", "max_file_size = \"2M\"\n");
  const auto after = registry.get(tree_.path("one"));
  ASSERT_TRUE(before && after);
  EXPECT_NE(before->fingerprint, after->fingerprint);
}

TEST_F(Registry, GenerationsRiseWhateverServiceAnswers) {
  ServiceRegistry registry(resources(), {});
  EXPECT_EQ(generation(registry, "one"), 1U);
  EXPECT_EQ(generation(registry, "two"), 1U);
  tree_.write("one/a.py", "def renamed():\n    return 1\n");
  EXPECT_EQ(generation(registry, "one"), 2U);
  tree_.write("one/repomap.toml", "max_file_size = \"2M\"\n");
  const std::uint64_t with_other_limits = generation(registry, "one");
  EXPECT_GT(with_other_limits, 2U);
  registry.reload();
  EXPECT_GT(generation(registry, "one"), with_other_limits);
}

TEST_F(Registry, DropsTheServiceThatNoRootUsesAnyMore) {
  ServiceRegistry registry(resources(), {});
  std::weak_ptr<Service> former;
  for (int size = 1; size < 6; ++size) {
    tree_.write("one/repomap.toml", "max_file_size = \"" + std::string(static_cast<std::size_t>(size), '9') + "\"\n");
    EXPECT_GT(generation(registry, "one"), 0U);
    EXPECT_EQ(registry.services().size(), 1U);
    EXPECT_TRUE(former.expired());
    former = registry.services().front();
  }
  ASSERT_GT(generation(registry, "two"), 0U);
  EXPECT_EQ(registry.services().size(), 2U);
}

TEST_F(Registry, UnloadsARootFromTheServiceThatOthersStillUse) {
  ServiceRegistry registry(resources(), {});
  ASSERT_GT(generation(registry, "one"), 0U);
  ASSERT_GT(generation(registry, "two"), 0U);
  const auto shared = registry.get(tree_.path("two"));
  ASSERT_TRUE(shared);
  tree_.write("one/repomap.toml", "max_file_size = \"2M\"\n");
  ASSERT_GT(generation(registry, "one"), 0U);
  const auto repositories = shared->service->status().repositories;
  ASSERT_EQ(repositories.size(), 1U);
  EXPECT_EQ(repositories.front().root, tree_.path("two"));
  EXPECT_TRUE(repositories.front().is_loaded);
}

TEST_F(Registry, TellsWhatIsUnloadedWhenSettingsAreReadAnew) {
  Mutex mutex;
  std::vector<std::string> unloaded;
  ServiceRegistry registry(resources(), {});
  const std::uint64_t subscription = registry.subscribe([&](const RepositoryEvent& event) {
    if (event.kind == RepositoryEvent::Kind::kUnloaded) {
      const MutexLock lock(mutex);
      unloaded.push_back(event.root);
    }
  });
  ASSERT_GT(generation(registry, "one"), 0U);
  ASSERT_GT(generation(registry, "three"), 0U);
  registry.reload();
  {
    const MutexLock lock(mutex);
    std::ranges::sort(unloaded);
    EXPECT_EQ(unloaded, (std::vector<std::string>{tree_.path("one"), tree_.path("three")}));
  }
  registry.unsubscribe(subscription);
}

TEST_F(Registry, SubscribersHearOfServicesThatComeLater) {
  std::atomic<int> events = 0;
  ServiceRegistry registry(resources(), {});
  const std::uint64_t subscription = registry.subscribe([&events](const RepositoryEvent& /*event*/) { ++events; });
  const auto one = registry.get(tree_.path("one"));
  ASSERT_TRUE(one);
  const FileSelection selection{.root = tree_.path("one"), .subtrees = {}};
  ASSERT_TRUE(one->service->sync(selection, {}));
  while (events == 0) {
  }
  registry.unsubscribe(subscription);
  const int heard = events;
  tree_.write("one/a.py", "def renamed():\n    return 1\n");
  ASSERT_TRUE(one->service->sync(selection, {}));
  EXPECT_EQ(events, heard);
}

}  // namespace
}  // namespace repomap
