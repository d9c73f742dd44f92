// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "parsers/language_fingerprint.hpp"
#include "service/repo_manifest.hpp"

namespace repomap {

/// The fingerprints of languages for one run, each computed once. A grammar whose stat is that of its stamp is not
/// read. Borrows the registry and the file system. Thread-safe.
class LanguageFingerprints {
 public:
  /// `stamps` are those of the latest manifest; `as_of` is a time before this run reads anything.
  LanguageFingerprints(const LanguageRegistry& registry, const FileSystem& file_system,
                       std::map<std::string, FileStamp> stamps, Clock::WallTime as_of);

  /// Errors: those of language_fingerprint(), the same on each call.
  Result<Digest> get(std::string_view language);

  /// The stamps for the next manifest.
  std::map<std::string, FileStamp> stamps() const;

  /// What get() has given, without failures.
  std::map<std::string, Digest, std::less<>> computed() const;

 private:
  class StampedDigests;

  // Fixed after construction.
  const LanguageRegistry& registry_;
  const FileSystem& file_system_;
  const Clock::WallTime as_of_;

  mutable Mutex mutex_;
  std::map<std::string, FileStamp> stamps_ GUARDED_BY(mutex_);
  std::map<std::string, Result<Digest>, std::less<>> fingerprints_ GUARDED_BY(mutex_);
};

}  // namespace repomap
