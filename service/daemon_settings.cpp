// SPDX-License-Identifier: Apache-2.0
#include "service/daemon_settings.hpp"

#include <array>
#include <limits>
#include <optional>

#include "service/setting_values.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kMaxSeconds = 31'536'000;  // a year

bool set_use(DaemonSettings& settings, std::string_view value) {
  settings.use = value == "off" ? DaemonUse::kOff : value == "use" ? DaemonUse::kUse : DaemonUse::kStart;
  return value == "start" || value == "use" || value == "off";
}

bool set_idle_exit(DaemonSettings& settings, std::string_view value) {
  const auto number = number_from(value, kMaxSeconds);
  settings.idle_exit = std::chrono::seconds(number.value_or(0));
  return number.has_value();
}

bool set_metrics_port(DaemonSettings& settings, std::string_view value) {
  const auto number = number_from(value, std::numeric_limits<std::uint16_t>::max());
  settings.metrics_port = static_cast<std::uint16_t>(number.value_or(0));
  return number.has_value();
}

bool set_memory(DaemonSettings& settings, std::string_view value) {
  const auto bytes = bytes_from(value, kMaxMemoryBytes);
  settings.live.memory_limit_bytes = static_cast<std::size_t>(bytes.value_or(0));
  return bytes.has_value();
}

bool set_debounce(DaemonSettings& settings, std::string_view value) {
  constexpr std::uint64_t kMaxMilliseconds = 10'000;
  const auto number = number_from(value, kMaxMilliseconds);
  settings.live.debounce = std::chrono::milliseconds(number.value_or(0));
  return number.has_value();
}

bool set_niceness(DaemonSettings& settings, std::string_view value) {
  constexpr std::uint64_t kNicest = 19;
  const auto number = number_from(value, kNicest);
  settings.live.niceness = static_cast<int>(number.value_or(0));
  return number.has_value();
}

bool set_poll_interval(DaemonSettings& settings, std::string_view value) {
  constexpr std::uint64_t kMinMilliseconds = 50;
  constexpr std::uint64_t kMaxMilliseconds = 3'600'000;
  const auto number = number_from(value, kMaxMilliseconds);
  settings.live.watcher.poll_interval = std::chrono::milliseconds(number.value_or(kMinMilliseconds));
  return number && *number >= kMinMilliseconds;
}

bool set_cpu(DaemonSettings& settings, std::string_view value) {
  const auto number = number_from(value, 100);
  settings.live.cpu_percent = static_cast<int>(number.value_or(0));
  return number && *number > 0;
}

bool set_max_watches(DaemonSettings& settings, std::string_view value) {
  constexpr std::uint64_t kMaxWatches = 100'000'000;
  const auto number = number_from(value, kMaxWatches);
  settings.live.watcher.max_watches = static_cast<std::size_t>(number.value_or(0));
  return number.has_value();
}

constexpr std::array<DaemonSettingField, 9> kFields = {{
    {"daemon", "start", "start, use or off", "whether commands are answered by the daemon, and start it", set_use},
    {"daemon_cpu", "100", "1 to 100", "percent of a processor that each thread may take for indexing nobody waits for",
     set_cpu},
    {"daemon_debounce", "20", "0 to 10000", "milliseconds for which changes are gathered", set_debounce},
    {"daemon_idle_exit", "1800", "0 to 31536000", "seconds without a connection after which the daemon ends; 0: never",
     set_idle_exit},
    {"daemon_max_watches", "0", "0 to 100000000", "directories watched by the kernel; 0: as many as it gives",
     set_max_watches},
    {"daemon_memory", "0", "0 to 1024G, in bytes or with K, M or G",
     "above, repositories are unloaded from memory; 0: a quarter of what there is", set_memory},
    {"daemon_metrics_port", "0", "0 to 65535", "port on the loopback interface for metrics; 0: none", set_metrics_port},
    {"daemon_nice", "10", "0 to 19", "niceness of indexing in the background", set_niceness},
    {"daemon_poll_interval", "2000", "50 to 3600000", "milliseconds between looks at what gives no events",
     set_poll_interval},
}};

}  // namespace

std::span<const DaemonSettingField> daemon_setting_fields() { return kFields; }

}  // namespace repomap
