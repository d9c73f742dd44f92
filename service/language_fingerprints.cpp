// SPDX-License-Identifier: Apache-2.0
#include "service/language_fingerprints.hpp"

#include <utility>

#include "core/base/mapped_file.hpp"

namespace repomap {

/// Reads a file only where its stat proves nothing.
class LanguageFingerprints::StampedDigests final : public FileDigestSource {
 public:
  explicit StampedDigests(LanguageFingerprints& owner) : owner_(owner) {}

  Result<Digest> digest_of_file(const std::string& path) override {
    REPOMAP_ASSIGN(const FileStat stat, owner_.file_system_.stat(path));
    {
      MutexLock lock(owner_.mutex_);
      const auto found = owner_.stamps_.find(path);
      if (found != owner_.stamps_.end() && found->second.stat == stat) {
        return found->second.digest;
      }
    }
    REPOMAP_ASSIGN(const MappedFile file, MappedFile::open(path));
    FileStamp stamp;
    stamp.digest = digest_of({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()});
    // Of a symbolic link, the stat says nothing of what it leads to.
    if (stat.type == FileType::kRegular && is_proof(stat, owner_.as_of_)) {
      stamp.stat = stat;
    }
    MutexLock lock(owner_.mutex_);
    owner_.stamps_[path] = stamp;
    return stamp.digest;
  }

 private:
  LanguageFingerprints& owner_;
};

LanguageFingerprints::LanguageFingerprints(const LanguageRegistry& registry, const FileSystem& file_system,
                                           std::map<std::string, FileStamp> stamps, Clock::WallTime as_of)
    : registry_(registry), file_system_(file_system), as_of_(as_of), stamps_(std::move(stamps)) {}

Result<Digest> LanguageFingerprints::get(std::string_view language) {
  {
    MutexLock lock(mutex_);
    if (const auto found = fingerprints_.find(language); found != fingerprints_.end()) {
      return found->second;
    }
  }
  StampedDigests digests(*this);
  auto fingerprint = language_fingerprint(registry_, language, digests);
  MutexLock lock(mutex_);
  return fingerprints_.try_emplace(std::string(language), std::move(fingerprint)).first->second;
}

std::map<std::string, FileStamp> LanguageFingerprints::stamps() const {
  MutexLock lock(mutex_);
  return stamps_;
}

std::map<std::string, Digest, std::less<>> LanguageFingerprints::computed() const {
  MutexLock lock(mutex_);
  std::map<std::string, Digest, std::less<>> computed;
  for (const auto& [name, fingerprint] : fingerprints_) {
    if (fingerprint) {
      computed.emplace(name, *fingerprint);
    }
  }
  return computed;
}

}  // namespace repomap
