// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.hpp"

namespace repomap {

enum class MountKind : std::uint8_t {
  kLocal,
  kNetwork,  ///< shared with other machines: locks and shared memory of this one do not hold there
};

struct Mount {
  MountKind kind = MountKind::kLocal;
  std::string name;              ///< "nfs", "smb", "9p", …; "" for a local one
  std::uint64_t free_bytes = 0;  ///< what this user may still write
};

/// The file system that an existing path is on. Errors: kNotFound, kPermissionDenied, kIo.
Result<Mount> mount_of(const std::string& path);

/// The name of the network file system with that magic number (statfs(2), f_type), or "" for any other.
std::string network_file_system_name(std::uint64_t magic);

}  // namespace repomap
