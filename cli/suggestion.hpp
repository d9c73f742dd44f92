// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace repomap::cli {

/// The number of insertions, deletions, substitutions and swaps of neighbours that make one word of the other, none
/// within what another has changed (optimal string alignment distance).
std::size_t edit_distance(std::string_view left, std::string_view right);

/// The candidate that was probably meant by `word`: at most a third of it mistyped, in any case. Among equals the
/// first. "" if there is none.
std::string closest(std::string_view word, const std::vector<std::string>& candidates);

/// "; did you mean X?", or "" for "".
std::string suggest(std::string_view name);

/// The same for the closest candidate.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace repomap::cli
