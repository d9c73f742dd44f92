// SPDX-License-Identifier: Apache-2.0
#include "watcher/git_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace repomap {
namespace {

constexpr std::size_t kHeaderBytes = 12;
constexpr std::size_t kExtensionHeaderBytes = 8;
constexpr std::size_t kStatBytes = 40;  // of an entry, before the object's name
constexpr std::size_t kModeOffset = 24;
constexpr std::size_t kFlagBytes = 2;
constexpr unsigned kExtendedFlag = 0x4000;
constexpr unsigned kModeTypeMask = 0170000;
constexpr unsigned kModeDirectory = 0040000;
constexpr unsigned kModeSubmodule = 0160000;

std::unexpected<Error> corrupt(std::size_t offset, std::string_view what) {
  return fail(ErrorCode::kCorrupt, fmt::format("{} at byte {}", what, offset));
}

}  // namespace

/// Reads the index from front to back. Every access is checked against `end_`, where the trailing checksum starts.
class GitIndex::Decoder {
 public:
  Decoder(std::string_view bytes, std::size_t hash_bytes) : bytes_(bytes), hash_bytes_(hash_bytes) {}

  Result<GitIndex> decode() {
    if (bytes_.size() < kHeaderBytes + hash_bytes_ || !bytes_.starts_with("DIRC")) {
      return corrupt(0, "no index header");
    }
    end_ = bytes_.size() - hash_bytes_;
    version_ = number(4, 4);
    const std::size_t count = number(8, 4);
    if (version_ < 2 || version_ > 4) {
      return fail(ErrorCode::kUnsupported, fmt::format("index version {}", version_));
    }
    at_ = kHeaderBytes;
    // An entry takes more bytes than its Entry: a count that lies cannot make this allocation large.
    index_.entries_.reserve(std::min(count, bytes_.size() / kStatBytes));
    for (std::size_t entry = 0; entry < count; ++entry) {
      REPOMAP_TRY(read_entry());
    }
    REPOMAP_TRY(check_extensions());
    return std::move(index_);
  }

 private:
  /// REQUIRES: offset + width <= bytes_.size().
  std::size_t number(std::size_t offset, std::size_t width) const {
    std::size_t value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      value = value << 8 | static_cast<unsigned char>(bytes_[offset + i]);
    }
    return value;
  }

  Status read_entry() {
    const std::size_t start = at_;
    const std::size_t flags_at = start + kStatBytes + hash_bytes_;
    if (flags_at + 2 * kFlagBytes > end_) {
      return corrupt(start, "cut off entry");
    }
    const auto mode = static_cast<unsigned>(number(start + kModeOffset, 4)) & kModeTypeMask;
    const bool extended = version_ >= 3 && (number(flags_at, kFlagBytes) & kExtendedFlag) != 0;
    at_ = flags_at + (extended ? 2 : 1) * kFlagBytes;
    std::size_t kept_bytes = 0;
    if (version_ == 4) {
      REPOMAP_ASSIGN(const std::size_t dropped, read_varint());
      if (dropped > last_.size()) {
        return corrupt(start, "impossible prefix");
      }
      kept_bytes = last_.size() - dropped;
    }
    const std::size_t terminator = bytes_.find('\0', at_);
    if (terminator >= end_) {
      return corrupt(start, "endless path");
    }
    std::string path = last_.substr(0, kept_bytes);
    path += bytes_.substr(at_, terminator - at_);
    at_ = terminator + 1;
    if (version_ < 4) {
      at_ = start + (at_ - start + 7) / 8 * 8;  // NUL bytes up to a multiple of eight
    }
    return add(std::move(path), mode, start);
  }

  Status add(std::string path, unsigned mode, std::size_t start) {
    if (path.empty()) {
      return fail(ErrorCode::kUnsupported, "an entry without a path, as in a split index");
    }
    if (path.front() == '/' || path < last_) {
      return corrupt(start, "path out of order");
    }
    const bool is_new = path != last_;  // the stages of a merge conflict repeat the path
    last_ = std::move(path);
    if (!is_new || mode == kModeDirectory) {
      return {};
    }
    if (mode == kModeSubmodule) {
      index_.submodules_.push_back(last_);
    }
    index_.entries_.push_back({index_.bytes_.size(), last_.size()});
    index_.bytes_ += last_;
    return {};
  }

  /// The variable width encoding of offsets in git packs.
  Result<std::size_t> read_varint() {
    std::size_t value = 0;
    for (std::size_t digits = 0; digits < 8 && at_ < end_; ++digits) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value = value << 7 | (byte & 0x7fU);
      if ((byte & 0x80U) == 0) {
        return value;
      }
      ++value;
    }
    return corrupt(at_, "endless number");
  }

  /// An extension whose name starts with a small letter must be understood.
  Status check_extensions() {
    while (at_ < end_) {
      if (end_ - at_ < kExtensionHeaderBytes) {
        return corrupt(at_, "cut off extension");
      }
      const std::string_view name = bytes_.substr(at_, 4);
      const std::size_t length = number(at_ + 4, 4);
      if (length > end_ - at_ - kExtensionHeaderBytes) {
        return corrupt(at_, "cut off extension");
      }
      const bool optional = name.front() >= 'A' && name.front() <= 'Z';
      if (!optional && name != "sdir") {
        return fail(ErrorCode::kUnsupported, name == "link" ? "a split index" : "an unknown index extension");
      }
      at_ += kExtensionHeaderBytes + length;
    }
    return at_ == end_ ? Status{} : corrupt(at_, "cut off entry");
  }

  std::string_view bytes_;
  std::size_t hash_bytes_;
  std::size_t end_ = 0;
  std::size_t at_ = 0;
  std::size_t version_ = 0;
  std::string last_;
  GitIndex index_;
};

Result<GitIndex> GitIndex::decode(std::string_view bytes, std::size_t hash_bytes) {
  return Decoder(bytes, hash_bytes).decode();
}

bool GitIndex::is_submodule(std::string_view path) const { return std::ranges::binary_search(submodules_, path); }

}  // namespace repomap
