// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/byte_codec.hpp"
#include "core/model/file_version.hpp"

namespace repomap {

// The bytes of a FileVersion (docs/CACHE_FORMAT.md), as part of something that has a version number.
void add_file_version(const FileVersion& version, ByteWriter& writer);

/// Bytes that add_file_version() never gives make the reader failed.
FileVersion read_file_version(ByteReader& reader);

}  // namespace repomap
