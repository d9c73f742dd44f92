// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace repomap {

/// Tells the service manager that has started this process, if one has, of its state: "READY=1", "STOPPING=1"
/// (sd_notify(3)). What goes wrong is of no consequence. Reads the environment.
void notify_service_manager(std::string_view state);

}  // namespace repomap
