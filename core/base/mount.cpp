// SPDX-License-Identifier: Apache-2.0
#include "core/base/mount.hpp"

#include <fmt/format.h>
#include <sys/vfs.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace repomap {
namespace {

struct NetworkFileSystem {
  std::uint32_t magic;
  std::string_view name;
};

// From statfs(2) and the kernel's include/uapi/linux/magic.h.
constexpr std::array<NetworkFileSystem, 12> kNetworkFileSystems = {{
    {0x6969, "nfs"},
    {0x517b, "smb"},
    {0xff534d42, "cifs"},
    {0xfe534d42, "smb2"},
    {0x01021997, "9p"},
    {0x5346414f, "afs"},
    {0x6b414653, "afs"},
    {0x73757245, "coda"},
    {0x00c36400, "ceph"},
    {0x0bd00bd0, "lustre"},
    {0x7461636f, "ocfs2"},
    {0x65735546, "fuse"},  // of which sshfs and the like are the usual ones
}};

}  // namespace

std::string network_file_system_name(std::uint64_t magic) {
  for (const NetworkFileSystem& known : kNetworkFileSystems) {
    if (known.magic == magic) {
      return std::string(known.name);
    }
  }
  return {};
}

Result<Mount> mount_of(const std::string& path) {
  struct statfs info{};
  if (::statfs(path.c_str(), &info) != 0) {
    return std::unexpected(errno_error(errno, fmt::format("statfs {}", path)));
  }
  Mount mount;
  // The magic numbers have 32 bits; f_type is wider and may be signed.
  mount.name = network_file_system_name(static_cast<std::uint32_t>(info.f_type));
  mount.kind = mount.name.empty() ? MountKind::kLocal : MountKind::kNetwork;
  mount.free_bytes = static_cast<std::uint64_t>(info.f_bavail) * static_cast<std::uint64_t>(info.f_bsize);
  return mount;
}

}  // namespace repomap
