// SPDX-License-Identifier: Apache-2.0
#include "ranking/path_prior.hpp"

#include <algorithm>
#include <array>

namespace repomap {
namespace {

// Directories, sorted for binary search.
constexpr std::array<std::string_view, 38> kSideDirectories = {
    "__fixtures__", "__mocks__", "__snapshots__", "__tests__",  "bench",     "benches", "benchmark", "benchmarks",
    "contrib",      "corpus",    "demo",          "demos",      "deps",      "e2e",     "example",   "examples",
    "extern",       "external",  "fixture",       "fixtures",   "generated", "mock",    "mocks",     "node_modules",
    "samples",      "selftests", "snapshots",     "spec",       "specs",     "test",    "testdata",  "testing",
    "tests",        "testsuite", "third_party",   "thirdparty", "vendor",    "vendored"};
static_assert(std::ranges::is_sorted(kSideDirectories));

bool is_side_directory(std::string_view name) { return std::ranges::binary_search(kSideDirectories, name); }

/// test_x.py, x_test.go, x.test.ts, x_spec.rb, XTest.java, conftest.py.
bool is_test_name(std::string_view name) {
  const std::string_view stem = name.substr(0, name.rfind('.'));
  static constexpr std::array<std::string_view, 10> kEndings = {"_test", "_tests", ".test", ".spec",     "_spec",
                                                                "Test",  "Tests",  "_mock", "_unittest", "conftest"};
  return stem.starts_with("test_") ||
         std::ranges::any_of(kEndings, [stem](std::string_view ending) { return stem.ends_with(ending); });
}

}  // namespace

double path_prior(std::string_view path) {
  while (true) {
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) {
      return is_test_name(path) ? kSideFilePrior : 1;
    }
    if (is_side_directory(path.substr(0, slash))) {
      return kSideFilePrior;
    }
    path.remove_prefix(slash + 1);
  }
}

}  // namespace repomap
