// SPDX-License-Identifier: Apache-2.0
#include "core/cache/memory_budget.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace repomap {

std::string_view memory_state_name(MemoryState state) {
  constexpr std::array<std::string_view, 4> kNames = {"calm", "pressed", "careful", "recovering"};
  return kNames[static_cast<std::size_t>(state)];
}

MemoryBudget::MemoryBudget(const MemoryBudgetSettings& settings)
    : settings_(settings), budget_bytes_(settings.configured_bytes) {}

std::uint64_t MemoryBudget::update(const MemoryReading& reading, std::uint64_t used_bytes) {
  const MemoryStall stall = reading.stall.value_or(MemoryStall{});
  const std::uint64_t free = reading.free_bytes.value_or(std::numeric_limits<std::uint64_t>::max());
  const auto reserve =
      static_cast<std::uint64_t>(static_cast<double>(reading.limit_bytes.value_or(0)) * settings_.reserve_share);
  const std::uint64_t missing = reserve - std::min(reserve, free);
  const bool is_stalled =
      stall.some_percent > settings_.pressed_some_percent || stall.full_percent > settings_.pressed_full_percent;
  if (is_stalled || missing > 0) {
    lower(used_bytes, missing);
    return budget_bytes_;
  }
  const bool is_calm = stall.some_percent < settings_.calm_some_percent && free / 2 > reserve;
  calm_readings_ = is_calm ? calm_readings_ + 1 : 0;
  if (budget_bytes_ >= settings_.configured_bytes) {
    state_ = MemoryState::kCalm;
  } else if (calm_readings_ >= settings_.calm_readings) {
    raise(used_bytes + std::min(free - 2 * reserve, std::uint64_t{1} << 62U) / 2);
  } else {
    state_ = MemoryState::kCareful;
  }
  return budget_bytes_;
}

void MemoryBudget::lower(std::uint64_t used_bytes, std::uint64_t missing_bytes) {
  calm_readings_ = 0;
  state_ = MemoryState::kPressed;
  const std::uint64_t used = std::min(used_bytes, budget_bytes_);  // a budget that is not used up holds nothing
  const std::uint64_t target = std::min(used / 2, used - std::min(used, missing_bytes));
  // A configuration below the floor is its own floor.
  budget_bytes_ = std::max(target, std::min(settings_.floor_bytes, settings_.configured_bytes));
}

void MemoryBudget::raise(std::uint64_t reachable_bytes) {
  const std::uint64_t step =
      std::max<std::uint64_t>(settings_.configured_bytes / std::max(settings_.recovery_steps, 1U), 1);
  const std::uint64_t target = std::min({budget_bytes_ + step, settings_.configured_bytes, reachable_bytes});
  state_ = target > budget_bytes_ ? MemoryState::kRecovering : MemoryState::kCareful;
  budget_bytes_ = std::max(budget_bytes_, target);
  if (budget_bytes_ == settings_.configured_bytes) {
    state_ = MemoryState::kCalm;
  }
}

}  // namespace repomap
