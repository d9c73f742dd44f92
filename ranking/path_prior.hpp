// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace repomap {

/// How likely a file is what somebody looks for who has not asked for it by name, judged by its path alone: 1, or
/// kSideFilePrior for tests, fixtures, examples, benchmarks and copies of other projects.
double path_prior(std::string_view path);

inline constexpr double kSideFilePrior = 0.1;

}  // namespace repomap
