// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace repomap {

/// When a map that was made before may be given again. But for kManual, none is ever given whose shown content changed.
enum class RefreshMode : std::uint8_t {
  kAuto,   ///< for the same request and the same symbols in all files
  kFiles,  ///< for the same files and chat files, whatever is mentioned: keeps what a client has cached good for longer
  kAlways,  ///< never
  kManual,  ///< whatever has changed, until another mode is asked for
};

/// "auto", "files", "always", "manual".
std::string_view refresh_mode_name(RefreshMode mode);
std::optional<RefreshMode> refresh_mode_from_name(std::string_view name);

}  // namespace repomap
