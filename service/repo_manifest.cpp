// SPDX-License-Identifier: Apache-2.0
#include "service/repo_manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/byte_codec.hpp"
#include "core/model/file_version_codec.hpp"

namespace repomap {
namespace {

constexpr std::uint8_t kFormatVersion = 1;

// What is behind the path in the smallest file: the flag and the shortest version.
constexpr std::uint64_t kMinFileBytes = 2;

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

// Kernels stamp files with the time of the latest tick, at most 10 ms ago (CONFIG_HZ=100).
constexpr std::int64_t kTickNs = 20'000'000;

// FAT keeps modification times in units of two seconds, others in units of one.
constexpr std::int64_t kCoarseTickNs = 2 * kNanosecondsPerSecond + kTickNs;

void add_stat(const std::optional<FileStat>& stat, ByteWriter& writer) {
  writer.add_u8(stat ? 1 : 0);
  if (stat) {
    writer.add_u8(static_cast<std::uint8_t>(stat->type));
    writer.add_varint(stat->size_bytes);
    writer.add_signed(stat->mtime_ns);
    writer.add_signed(stat->ctime_ns);
    writer.add_varint(stat->inode);
    writer.add_varint(stat->device);
  }
}

std::optional<FileStat> read_stat(ByteReader& reader) {
  if (reader.read_u8() == 0) {
    return std::nullopt;
  }
  FileStat stat;
  const std::uint8_t type = reader.read_u8();
  if (type > static_cast<std::uint8_t>(FileType::kOther)) {
    reader.set_failed();
  }
  stat.type = static_cast<FileType>(type);
  stat.size_bytes = reader.read_varint();
  stat.mtime_ns = reader.read_signed();
  stat.ctime_ns = reader.read_signed();
  stat.inode = reader.read_varint();
  stat.device = reader.read_varint();
  return stat;
}

/// Paths share their beginnings with those before them, so only what is new is written.
void add_path(std::string_view path, std::string_view before, ByteWriter& writer) {
  const auto shared = static_cast<std::size_t>(std::ranges::mismatch(path, before).in1 - path.begin());
  writer.add_varint(shared);
  writer.add_string(path.substr(shared));
}

std::string read_path(std::string_view before, ByteReader& reader) {
  const std::uint64_t shared = reader.read_bounded(before.size());
  const std::string_view rest = reader.read_string();
  std::string path;
  path.reserve(shared + rest.size());
  path.append(before.substr(0, shared)).append(rest);
  return path;
}

void read_tables(ByteReader& reader, RepoManifest& manifest) {
  for (std::uint64_t left = reader.read_count(1 + sizeof(Digest)); left > 0; --left) {
    std::string path(reader.read_string());
    FileStamp stamp{read_stat(reader), reader.read_digest()};
    manifest.stamps.insert_or_assign(std::move(path), stamp);
  }
  for (std::uint64_t left = reader.read_count(1 + sizeof(Digest)); left > 0; --left) {
    std::string name(reader.read_string());
    manifest.fingerprints.insert_or_assign(std::move(name), reader.read_digest());
  }
}

}  // namespace

bool is_proof(const FileStat& stat, Clock::WallTime as_of) {
  const std::int64_t now = std::chrono::duration_cast<std::chrono::nanoseconds>(as_of.time_since_epoch()).count();
  const std::int64_t changed = std::max(stat.mtime_ns, stat.ctime_ns);
  const bool is_coarse = stat.mtime_ns % kNanosecondsPerSecond == 0 && stat.ctime_ns % kNanosecondsPerSecond == 0;
  return changed < now - (is_coarse ? kCoarseTickNs : kTickNs);
}

std::string encode(const RepoManifest& manifest) {
  ByteWriter writer;
  writer.add_u8(kFormatVersion);
  writer.add_digest(manifest.environment);
  writer.add_varint(manifest.stamps.size());
  for (const auto& [path, stamp] : manifest.stamps) {
    writer.add_string(path);
    add_stat(stamp.stat, writer);
    writer.add_digest(stamp.digest);
  }
  writer.add_varint(manifest.fingerprints.size());
  for (const auto& [name, fingerprint] : manifest.fingerprints) {
    writer.add_string(name);
    writer.add_digest(fingerprint);
  }
  writer.add_varint(manifest.files.size());
  std::string_view before;
  for (const ManifestFile& file : manifest.files) {
    add_path(file.path, before, writer);
    add_stat(file.stat, writer);
    add_file_version(file.version, writer);
    before = file.path;
  }
  return writer.take();
}

Result<RepoManifest> decode_repo_manifest(std::string_view bytes) {
  ByteReader reader(bytes);
  if (const std::uint8_t version = reader.read_u8(); version != kFormatVersion) {
    return fail(reader.has_failed() ? ErrorCode::kCorrupt : ErrorCode::kUnsupported,
                fmt::format("a repository manifest of version {}; this build reads {}", version, kFormatVersion));
  }
  RepoManifest manifest;
  manifest.environment = reader.read_digest();
  read_tables(reader, manifest);
  const std::uint64_t count = reader.read_count(2 + kMinFileBytes);
  manifest.files.reserve(count);
  for (std::uint64_t i = 0; i < count && !reader.has_failed(); ++i) {
    const std::string_view before = i == 0 ? std::string_view() : std::string_view(manifest.files.back().path);
    ManifestFile file;
    file.path = read_path(before, reader);
    if (i > 0 && file.path <= before) {
      reader.set_failed();
    }
    file.stat = read_stat(reader);
    file.version = read_file_version(reader);
    manifest.files.push_back(std::move(file));
  }
  if (!reader.is_finished()) {
    return fail(ErrorCode::kCorrupt, "a repository manifest does not decode");
  }
  return manifest;
}

}  // namespace repomap
