// SPDX-License-Identifier: Apache-2.0
#include "core/model/file_version_codec.hpp"

#include <limits>

namespace repomap {
namespace {

constexpr std::uint64_t kMaxCostUs = std::uint64_t{3600} * 1'000'000;

}  // namespace

void add_file_version(const FileVersion& version, ByteWriter& writer) {
  writer.add_u8(static_cast<std::uint8_t>(version.outcome));
  const bool was_read = version.content != Digest{};
  writer.add_u8(was_read ? 1 : 0);
  if (was_read) {
    writer.add_digest(version.content);
  }
  if (version.outcome != FileOutcome::kUnknownLanguage) {
    writer.add_string(version.language);
    writer.add_varint(static_cast<std::uint64_t>(version.cost.count()));
  }
  if (version.outcome == FileOutcome::kTagged) {
    writer.add_digest(version.symbols);
    writer.add_varint(version.tags);
  } else if (version.outcome == FileOutcome::kRefused) {
    writer.add_u8(static_cast<std::uint8_t>(version.reason));
    writer.add_string(version.detail);
  }
}

FileVersion read_file_version(ByteReader& reader) {
  FileVersion version;
  const std::uint8_t outcome = reader.read_u8();
  if (outcome > static_cast<std::uint8_t>(FileOutcome::kTagged)) {
    reader.set_failed();
  }
  version.outcome = static_cast<FileOutcome>(outcome);
  if (reader.read_u8() != 0) {
    version.content = reader.read_digest();
  }
  if (version.outcome != FileOutcome::kUnknownLanguage) {
    version.language = reader.read_string();
    version.cost = std::chrono::microseconds(reader.read_bounded(kMaxCostUs));
  }
  if (version.outcome == FileOutcome::kTagged) {
    version.symbols = reader.read_digest();
    version.tags = static_cast<std::uint32_t>(reader.read_bounded(std::numeric_limits<std::uint32_t>::max()));
  } else if (version.outcome == FileOutcome::kRefused) {
    const std::uint8_t reason = reader.read_u8();
    if (reason > static_cast<std::uint8_t>(SkipReason::kVanished)) {
      reader.set_failed();
    }
    version.reason = static_cast<SkipReason>(reason);
    version.detail = reader.read_string();
  }
  return version;
}

}  // namespace repomap
