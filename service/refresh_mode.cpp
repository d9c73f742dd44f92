// SPDX-License-Identifier: Apache-2.0
#include "service/refresh_mode.hpp"

#include <algorithm>
#include <array>

namespace repomap {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"auto", "files", "always", "manual"};

}  // namespace

std::string_view refresh_mode_name(RefreshMode mode) { return kNames[static_cast<std::size_t>(mode)]; }

std::optional<RefreshMode> refresh_mode_from_name(std::string_view name) {
  const auto* found = std::ranges::find(kNames, name);
  return found == kNames.end() ? std::nullopt : std::optional(static_cast<RefreshMode>(found - kNames.begin()));
}

}  // namespace repomap
