// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace repomap {

/// 128 bits that tell contents apart: XXH3-128. Not cryptographic: who can choose both contents can make them collide.
struct Digest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend bool operator==(const Digest&, const Digest&) = default;
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

Digest digest_of(std::string_view bytes);

/// 32 hexadecimal digits, high part first.
std::string to_hex(const Digest& digest);

}  // namespace repomap
