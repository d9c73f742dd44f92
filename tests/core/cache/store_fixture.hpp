// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/cache/disk_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {

/// A store in a directory of its own, with a clock that stands still.
class StoreTest : public testing::Test {
 protected:
  static constexpr std::size_t kMinFile = 1024;

  static CacheKey key(std::string_view text) { return CacheKey::from_text(text); }
  static CacheKey key(std::int64_t number) { return CacheKey::from_integer(number); }

  std::string directory() const { return tree_.outside() + "/store"; }

  static CacheSettings small_settings() {
    CacheSettings settings;
    settings.min_file_bytes = kMinFile;
    return settings;
  }

  Result<std::unique_ptr<DiskStore>> try_open(std::optional<CacheSettings> settings) {
    DiskStoreConfig config;
    config.directory = directory();
    config.settings = std::move(settings);
    config.clock = &clock_;
    return DiskStore::open(std::move(config));
  }

  std::unique_ptr<DiskStore> open(std::optional<CacheSettings> settings = small_settings()) {
    auto store = try_open(std::move(settings));
    EXPECT_TRUE(store.has_value()) << store.error().message;
    return std::move(*store);
  }

  Clock::WallTime in(std::chrono::seconds duration) const { return clock_.now() + duration; }

  static EntryOptions tagged(std::vector<std::string> labels) {
    EntryOptions options;
    for (std::string& label : labels) {
      options.tags.push_back({std::move(label)});
    }
    return options;
  }

  EntryOptions expiring(std::chrono::seconds duration) const { return {{}, in(duration)}; }

  /// The text of a key, or "(none)", or "(error) …".
  static std::string text_of(DiskStore& store, const CacheKey& name) {
    auto entry = store.get(name);
    if (!entry) {
      return "(error) " + entry.error().message;
    }
    if (!*entry) {
      return "(none)";
    }
    const auto* text = std::get_if<std::string>(&(*entry)->value);
    return text == nullptr ? "(number)" : *text;
  }

  /// The value files on disk, relative to the directory "values".
  std::vector<std::string> files() const {
    std::vector<std::string> found;
    const std::filesystem::path root = directory() + "/values";
    std::error_code error;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root, error)) {
      if (entry.is_regular_file()) {
        found.push_back(std::filesystem::relative(entry.path(), root).string());
      }
    }
    return found;
  }

  static std::string large(char fill, std::size_t size = 5000) { return std::string(size, fill); }

  TemporaryTree tree_;
  FakeClock clock_;
};

}  // namespace repomap
