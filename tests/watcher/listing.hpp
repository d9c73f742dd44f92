// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "watcher/file_lister.hpp"

namespace repomap {

using Paths = std::vector<std::string>;

inline Paths paths_of(const FileList& list) {
  Paths result;
  for (const ListedFile& file : list.files) {
    result.push_back(file.path);
  }
  return result;
}

/// The paths that list_files() gives; a failure of it fails the test.
inline Paths listed(const std::string& root, const ListOptions& options = {}) {
  const auto list = list_files(root, options);
  EXPECT_TRUE(list) << list.error().message;
  return list ? paths_of(*list) : Paths{};
}

/// "path reason" of each skipped file.
inline Paths skipped(const FileList& list) {
  Paths result;
  for (const SkippedFile& file : list.skipped) {
    result.push_back(file.path + " " + std::string(skip_reason_name(file.reason)));
  }
  return result;
}

}  // namespace repomap
