// SPDX-License-Identifier: Apache-2.0
#include "core/base/compression.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <cassert>
#include <cstddef>

namespace repomap {
namespace {

constexpr int kLevel = 1;

}  // namespace

std::string compress(std::string_view bytes) {
  std::string frame(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress(frame.data(), frame.size(), bytes.data(), bytes.size(), kLevel);
  // It fails only where the target is too small, or memory is out.
  assert(ZSTD_isError(size) == 0);
  frame.resize(size);
  return frame;
}

Result<std::string> decompress(std::string_view bytes, std::uint64_t limit_bytes) {
  const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
      ZSTD_findFrameCompressedSize(bytes.data(), bytes.size()) != bytes.size()) {
    return fail(ErrorCode::kCorrupt, "bytes that are no Zstandard frame");
  }
  if (size > limit_bytes) {
    return fail(ErrorCode::kLimitExceeded,
                fmt::format("a Zstandard frame of {} bytes; the limit is {}", size, limit_bytes));
  }
  std::string content(static_cast<std::size_t>(size), '\0');
  const std::size_t written = ZSTD_decompress(content.data(), content.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(written) != 0 || written != content.size()) {
    return fail(ErrorCode::kCorrupt, "a damaged Zstandard frame");
  }
  return content;
}

}  // namespace repomap
