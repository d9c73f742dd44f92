// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "core/cache/cache_backend.hpp"
#include "tests/support/fake_clock.hpp"

namespace repomap {

/// A backend and what it needs to live. `owned` goes before `surroundings`.
struct BackendUnderTest {
  std::shared_ptr<void> surroundings;
  std::unique_ptr<CacheBackend> owned;
};

/// How the contract suite makes an empty backend.
struct BackendMaker {
  std::string name;  ///< letters and digits
  std::function<BackendUnderTest(const FakeClock&)> make;
  std::uint64_t refused_bytes = 0;  ///< a value of this size is larger than the backend keeps; 0: there is none
};

inline void PrintTo(const BackendMaker& maker, std::ostream* stream) { *stream << maker.name; }

/// What every CacheBackend promises. A test binary has this suite in its sources and instantiates it:
///   INSTANTIATE_TEST_SUITE_P(All, BackendContract, testing::Values(BackendMaker{…}), backend_maker_name);
class BackendContract : public testing::TestWithParam<BackendMaker> {
 protected:
  BackendContract() : subject_(GetParam().make(clock_)) {}

  CacheBackend& backend() { return *subject_.owned; }
  const FakeClock& clock() const { return clock_; }

 private:
  FakeClock clock_;
  BackendUnderTest subject_;
};

std::string backend_maker_name(const testing::TestParamInfo<BackendMaker>& info);

}  // namespace repomap
