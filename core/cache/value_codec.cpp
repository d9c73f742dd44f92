// SPDX-License-Identifier: Apache-2.0
#include "core/cache/value_codec.hpp"

#include "core/base/compression.hpp"

namespace repomap {
namespace {

// A frame that claims more than a row or file of a cache can reasonably hold is damaged or malicious.
constexpr std::uint64_t kLargestValue = std::uint64_t{4} << 30U;

class ZstdCodec final : public ValueCodec {
 public:
  std::string_view id() const override { return "zstd-1"; }
  std::string encode(std::string_view value) const override { return compress(value); }
  Result<std::string> decode(std::string_view stored) const override { return decompress(stored, kLargestValue); }
};

}  // namespace

std::shared_ptr<const ValueCodec> make_zstd_codec() { return std::make_shared<ZstdCodec>(); }

}  // namespace repomap
