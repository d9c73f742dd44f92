// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace repomap::cli {

/// "; did you mean X?", or "" for "".
std::string suggest(std::string_view name);

/// The same for the closest candidate (closest_word()).
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace repomap::cli
