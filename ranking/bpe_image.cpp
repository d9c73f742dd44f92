// SPDX-License-Identifier: Apache-2.0
#include "ranking/bpe_image.hpp"

#include <bit>

namespace repomap {
namespace {

static_assert(std::endian::native == std::endian::little, "images are read in place and are little-endian");

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Status check_header(const BpeImageHeader& header, std::string_view bytes) {
  if (header.magic != BpeImageHeader::kMagic) {
    return fail(ErrorCode::kCorrupt, "not an image of a byte pair encoding");
  }
  if (header.version != BpeImageHeader::kVersion) {
    return fail(ErrorCode::kUnsupported, "the image of the byte pair encoding has another version");
  }
  if (header.header_checksum != bpe_hash(bytes.substr(0, offsetof(BpeImageHeader, header_checksum)))) {
    return fail(ErrorCode::kCorrupt, "the header of the image of the byte pair encoding is damaged");
  }
  if (header.encoding > static_cast<std::uint32_t>(BpeEncoding::kCl100kBase)) {
    return fail(ErrorCode::kUnsupported, "the image is of an unknown byte pair encoding");
  }
  // Subtractions, because the sum of hostile sizes could wrap.
  const std::uint64_t body_bytes = bytes.size() - sizeof header;
  const std::uint64_t slot_bytes = std::uint64_t{header.slot_count} * sizeof(std::uint64_t);
  if (slot_bytes > body_bytes || header.blob_bytes != body_bytes - slot_bytes || header.slot_count == 0 ||
      header.probe_limit > header.slot_count || header.max_token_bytes > BpeSlot::kMaxTokenBytes) {
    return fail(ErrorCode::kCorrupt, "the image of the byte pair encoding is cut off or inconsistent");
  }
  return {};
}

}  // namespace

Result<BpeImage> BpeImage::view(std::span<const std::byte> bytes) {
  BpeImageHeader header;
  if (bytes.size() < sizeof header) {
    return fail(ErrorCode::kCorrupt, "the image of the byte pair encoding is cut off");
  }
  const std::string_view text = as_text(bytes);
  std::memcpy(&header, text.data(), sizeof header);
  REPOMAP_TRY(check_header(header, text));
  const std::size_t blob_begin = text.size() - header.blob_bytes;
  return BpeImage(header, text.data() + sizeof header, text.substr(blob_begin));
}

Status BpeImage::verify() const {
  const std::string_view body(slots_, header_.slot_count * sizeof(std::uint64_t) + blob_.size());
  if (bpe_hash(body) != header_.body_checksum) {
    return fail(ErrorCode::kCorrupt, "the image of the byte pair encoding is damaged");
  }
  return {};
}

}  // namespace repomap
