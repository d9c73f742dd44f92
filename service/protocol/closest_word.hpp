// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace repomap {

/// The number of insertions, deletions, substitutions and swaps of neighbours that make one word of the other, none
/// within what another has changed (optimal string alignment distance).
std::size_t edit_distance(std::string_view left, std::string_view right);

/// The candidate that was probably meant by `word`: at most a third of it mistyped, in any case. Among equals the
/// first. "" if there is none.
std::string closest_word(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace repomap
