// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace repomap::cli {

/// A configuration file as it was read.
struct InstallFile {
  std::string path;                 ///< as given
  std::string target;               ///< the file itself, links resolved
  std::optional<std::string> text;  ///< nothing if there is no file
  mode_t mode = 0;                  ///< of a file that is there
  uid_t owner = 0;                  ///< the same
  gid_t group = 0;                  ///< the same
};

/// Reads a file that may not be there. Errors: kPermissionDenied, kUnsupported (no regular file, or a link to nothing),
/// kLimitExceeded (more than 16 MiB), kIo.
Result<InstallFile> read_install_file(const std::string& path);

/// Writes the file as a whole: beside it under another name, synced, then renamed. Its owner, group and mode stay, a
/// link stays a link, directories are made; a new file has `new_mode`. Whoever reads it meanwhile sees the old or the
/// new text. Errors: kBusy if the file is not as it was read, and nothing is written then; those of the operating
/// system.
Status write_install_file(const InstallFile& file, std::string_view text, mode_t new_mode);

/// Removes the file. Errors: as above.
Status remove_install_file(const InstallFile& file);

}  // namespace repomap::cli
