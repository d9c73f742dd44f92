// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/soak_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace repomap {
namespace {

constexpr std::size_t kShownObjections = 10;
constexpr std::size_t kShownMemory = 12;

double milliseconds_at(const std::vector<std::chrono::nanoseconds>& sorted, double share) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return std::chrono::duration<double, std::milli>(sorted[static_cast<std::size_t>(share * last)]).count();
}

std::string memory_text(const std::vector<std::size_t>& memory) {
  std::string text = "resident MiB over time:";
  for (std::size_t i = 0; i < std::min(kShownMemory, memory.size()); ++i) {
    const std::size_t at = memory.size() <= kShownMemory ? i : i * (memory.size() - 1) / (kShownMemory - 1);
    fmt::format_to(std::back_inserter(text), " {}", memory[at] >> 20U);
  }
  return text + "\n";
}

}  // namespace

void SoakReport::add(const std::string& kind, std::chrono::nanoseconds duration) {
  MutexLock lock(mutex_);
  durations_[kind].push_back(duration);
}

void SoakReport::object(const std::string& objection) {
  MutexLock lock(mutex_);
  objections_.push_back(objection);
}

void SoakReport::add_memory(std::size_t bytes) {
  MutexLock lock(mutex_);
  memory_.push_back(bytes);
}

std::size_t SoakReport::count(const std::string& kind) const {
  MutexLock lock(mutex_);
  const auto found = durations_.find(kind);
  return found == durations_.end() ? 0 : found->second.size();
}

std::string SoakReport::objections() const {
  MutexLock lock(mutex_);
  std::string text;
  for (std::size_t i = 0; i < std::min(kShownObjections, objections_.size()); ++i) {
    text += objections_[i] + "\n";
  }
  if (objections_.size() > kShownObjections) {
    text += fmt::format("and {} more\n", objections_.size() - kShownObjections);
  }
  return text;
}

std::string SoakReport::text() const {
  MutexLock lock(mutex_);
  std::string text = fmt::format("{:<14} {:>9} {:>9} {:>9} {:>9}\n", "request", "count", "p50 ms", "p99 ms", "max ms");
  for (const auto& [kind, unsorted] : durations_) {
    std::vector<std::chrono::nanoseconds> sorted = unsorted;
    std::ranges::sort(sorted);
    fmt::format_to(std::back_inserter(text), "{:<14} {:>9} {:>9.2f} {:>9.2f} {:>9.2f}\n", kind, sorted.size(),
                   milliseconds_at(sorted, 0.5), milliseconds_at(sorted, 0.99), milliseconds_at(sorted, 1));
  }
  return text + memory_text(memory_);
}

}  // namespace repomap
