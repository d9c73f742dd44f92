// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "core/cache/memory_pressure.hpp"

namespace repomap {

enum class MemoryState : std::uint8_t {
  kCalm,       ///< the budget is what was configured
  kPressed,    ///< the budget has just been lowered
  kCareful,    ///< no pressure, but not enough room or time to raise the budget
  kRecovering  ///< the budget has just been raised, and is below what was configured
};

/// "calm", "pressed", "careful", "recovering".
std::string_view memory_state_name(MemoryState state);

struct MemoryBudgetSettings {
  std::uint64_t configured_bytes = std::uint64_t{64} << 20U;
  std::uint64_t floor_bytes = std::uint64_t{4} << 20U;  ///< at least so much, whatever happens

  // Pressure: more waiting for memory than this, or less memory left than this share of the limit.
  double pressed_some_percent = 10;
  double pressed_full_percent = 2;
  double reserve_share = 0.10;

  // Calm: less waiting than this, and twice the reserve left.
  double calm_some_percent = 1;
  unsigned calm_readings = 3;   ///< in a row, before the budget is raised at all
  unsigned recovery_steps = 8;  ///< from nothing to what is configured, one with each calm reading
};

/// How much memory the caches may use, from one reading of the state of memory to the next.
///
/// Under pressure it falls at once: to half of what is used, and by what is missing of the reserve if that is more.
/// It rises in steps, only after several calm readings, and never to more than what is used and a half of what is left
/// above twice the reserve. So it does not swing: the conditions for falling and rising exclude each other with room in
/// between. A pure state machine, used by one thread at a time.
class MemoryBudget {
 public:
  explicit MemoryBudget(const MemoryBudgetSettings& settings);

  /// Takes a reading, with what the caches use at that moment; gives the budget from now on.
  std::uint64_t update(const MemoryReading& reading, std::uint64_t used_bytes);

  std::uint64_t budget_bytes() const { return budget_bytes_; }
  MemoryState state() const { return state_; }

 private:
  void lower(std::uint64_t used_bytes, std::uint64_t missing_bytes);
  void raise(std::uint64_t reachable_bytes);

  const MemoryBudgetSettings settings_;
  std::uint64_t budget_bytes_;
  MemoryState state_ = MemoryState::kCalm;
  unsigned calm_readings_ = 0;
};

}  // namespace repomap
