// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/digest.hpp"
#include "core/base/file_system.hpp"
#include "core/base/result.hpp"
#include "core/model/file_version.hpp"

namespace repomap {

/// What a file was when it was last looked at.
struct ManifestFile {
  std::string path;              ///< relative to the root
  std::optional<FileStat> stat;  ///< nothing: the stat proves nothing, so the file must be read again
  FileVersion version;

  friend bool operator==(const ManifestFile&, const ManifestFile&) = default;
};

/// The digest of a file outside of the repository that tags depend on: a grammar.
struct FileStamp {
  std::optional<FileStat> stat;
  Digest digest;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// What is remembered of a repository between two looks at it, so that an unchanged file need not be read. A value
/// type; what it says of a file is checked against the file's stat before it is believed.
struct RepoManifest {
  Digest environment;                       ///< limits and language table that the versions were made with
  std::map<std::string, FileStamp> stamps;  ///< by path
  std::map<std::string, Digest, std::less<>> fingerprints;  ///< by language: what the versions were made with
  std::vector<ManifestFile> files;                          ///< sorted by path as bytes, distinct
};

/// Whether `stat`, read at or after `as_of`, proves that content read later is still that of the file whenever the
/// stat is the same again. A file changed so shortly before that the clock of the file system has not ticked since
/// could be changed again and keep its times (git's "racy" index entries, Documentation/technical/racy-git.txt).
bool is_proof(const FileStat& stat, Clock::WallTime as_of);

std::string encode(const RepoManifest& manifest);

/// Errors: kCorrupt for bytes that encode() never gives; kUnsupported for those of another version.
Result<RepoManifest> decode_repo_manifest(std::string_view bytes);

}  // namespace repomap
