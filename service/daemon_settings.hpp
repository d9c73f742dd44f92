// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

#include "service/live_settings.hpp"

namespace repomap {

/// Whether a command is answered by the daemon.
enum class DaemonUse : std::uint8_t {
  kStart,  ///< if one runs; else one is started in the background for the next command
  kUse,    ///< if one runs
  kOff,
};

/// What users decide of the daemon. None of it changes an answer.
struct DaemonSettings {
  DaemonUse use = DaemonUse::kStart;
  std::chrono::seconds idle_exit{1800};  ///< without a connection for so long it ends; 0: never
  std::uint16_t metrics_port = 0;        ///< of the loopback interface; 0: none
  LiveSettings live;
};

/// One setting of the daemon as users write it in repomap.toml.
struct DaemonSettingField {
  std::string_view key;
  std::string_view default_value;
  std::string_view allowed;
  std::string_view help;
  bool (*set)(DaemonSettings&, std::string_view value);  ///< whether the value is allowed; else anything is set
};

/// All of them, by key.
std::span<const DaemonSettingField> daemon_setting_fields();

}  // namespace repomap
