// SPDX-License-Identifier: Apache-2.0
#include "cli/quantities.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <string_view>

#include "service/protocol/moment_text.hpp"

namespace repomap::cli {
namespace {

/// Three digits or so: one behind the point below 10.
std::string short_number(double number) { return fmt::format("{:.{}f}", number, number < 9.95 ? 1 : 0); }

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 6> kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  constexpr double kStep = 1024;
  if (bytes < 1024) {
    return bytes == 0 ? "0" : fmt::format("{} B", bytes);
  }
  auto number = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (number >= kStep - 0.5 && unit + 1 < kUnits.size()) {
    number /= kStep;
    ++unit;
  }
  return fmt::format("{} {}", short_number(number), kUnits[unit]);
}

std::string count_text(std::uint64_t count) {
  std::string digits = fmt::format("{}", count);
  for (std::size_t place = digits.size(); place > 3;) {
    place -= 3;
    digits.insert(place, 1, ',');
  }
  return digits;
}

std::string share_text(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "-" : fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string duration_text(std::chrono::nanoseconds duration) {
  constexpr std::array<std::string_view, 3> kUnits = {"ns", "us", "ms"};
  if (duration.count() <= 0) {
    return "-";
  }
  auto number = static_cast<double>(duration.count());
  for (const std::string_view unit : kUnits) {
    if (number < 999.5) {
      return fmt::format("{} {}", unit == "ns" ? fmt::format("{:.0f}", number) : short_number(number), unit);
    }
    number /= 1000;
  }
  return short_number(number) + " s";
}

std::string age_text(std::chrono::microseconds age) {
  using std::chrono::days;
  using std::chrono::duration_cast;
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::seconds;
  const auto whole = std::chrono::abs(duration_cast<seconds>(age));
  if (whole < minutes(1)) {
    return fmt::format("{} s", whole.count());
  }
  if (whole < hours(1)) {
    return fmt::format("{} min", duration_cast<minutes>(whole).count());
  }
  if (whole < days(2)) {
    return fmt::format("{} h", duration_cast<hours>(whole).count());
  }
  return fmt::format("{} d", duration_cast<days>(whole).count());
}

std::string time_text(std::chrono::sys_time<std::chrono::microseconds> time) { return moment_text(time); }

std::string counted(std::uint64_t count, const std::string& singular, const std::string& plural) {
  return fmt::format("{} {}", count_text(count), count == 1 ? singular : plural);
}

}  // namespace repomap::cli
