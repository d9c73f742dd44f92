// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace repomap {

/// How the bytes of values are stored. A store remembers the id of its codec and opens with no other. Thread-safe.
/// What is streamed in, numbers and keys do not pass through it.
class ValueCodec {
 public:
  virtual ~ValueCodec() = default;

  /// Names the format, with its version: "zstd-1". Never changes its meaning.
  virtual std::string_view id() const = 0;

  virtual std::string encode(std::string_view value) const = 0;

  /// What was encoded. Errors: kCorrupt, for bytes that were not.
  virtual Result<std::string> decode(std::string_view stored) const = 0;
};

/// The id under which a store without a codec is remembered.
inline constexpr std::string_view kPlainCodecId = "plain";

/// Zstandard (RFC 8878): half to a tenth of the bytes of text, at a few microseconds a kilobyte.
std::shared_ptr<const ValueCodec> make_zstd_codec();

}  // namespace repomap
