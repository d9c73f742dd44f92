// SPDX-License-Identifier: Apache-2.0
#include "cli/suggestion.hpp"

#include <fmt/format.h>

#include "cli/visible_text.hpp"
#include "service/protocol/closest_word.hpp"

namespace repomap::cli {

std::string suggest(std::string_view name) {
  return name.empty() ? std::string() : fmt::format("; did you mean {}?", visible(name));
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  return suggest(closest_word(word, candidates));
}

}  // namespace repomap::cli
