// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/moment_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <cstddef>

namespace repomap {
namespace {

/// The digits at an offset as a number; nothing if one is none.
std::optional<int> digits_at(std::string_view text, std::size_t offset, std::size_t count) {
  int number = 0;
  for (const char c : text.substr(offset, count)) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    number = number * 10 + (c - '0');
  }
  return number;
}

/// Where in the form a number stands, and what it may be.
struct Field {
  std::size_t offset;
  std::size_t digits;
  int limit;
};

}  // namespace

std::string moment_text(std::chrono::system_clock::time_point moment) {
  const auto second = std::chrono::floor<std::chrono::seconds>(moment);
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(moment - second);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(second)),
                     milliseconds.count());
}

std::optional<std::chrono::system_clock::time_point> moment_from_text(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
  constexpr std::array<Field, 7> kFields = {
      {{0, 4, 2200}, {5, 2, 12}, {8, 2, 31}, {11, 2, 23}, {14, 2, 59}, {17, 2, 60}, {20, 3, 999}}};
  if (text.size() != kForm.size()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] != '0' && text[i] != kForm[i]) {
      return std::nullopt;
    }
  }
  std::array<int, kFields.size()> numbers{};
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    const auto number = digits_at(text, kFields[i].offset, kFields[i].digits);
    if (!number || *number > kFields[i].limit) {
      return std::nullopt;
    }
    numbers[i] = *number;
  }
  const std::chrono::year_month_day day{std::chrono::year(numbers[0]),
                                        std::chrono::month(static_cast<unsigned>(numbers[1])),
                                        std::chrono::day(static_cast<unsigned>(numbers[2]))};
  if (!day.ok() || numbers[0] < 1700) {
    return std::nullopt;
  }
  return std::chrono::sys_days(day) + std::chrono::hours(numbers[3]) + std::chrono::minutes(numbers[4]) +
         std::chrono::seconds(numbers[5]) + std::chrono::milliseconds(numbers[6]);
}

}  // namespace repomap
