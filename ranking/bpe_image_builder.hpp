// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/base/result.hpp"
#include "ranking/bpe_image.hpp"

namespace repomap {

struct BpeToken {
  std::string bytes;
  std::uint32_t rank = 0;
};

/// The image of these tokens, as docs/BPE_IMAGE.md describes it. Equal input gives equal bytes; tokens of low rank come
/// first in the blob and are found with the fewest probes. Tokens are distinct, and so are their ranks.
/// Errors: kInvalidArgument (an empty token, two equal tokens), kLimitExceeded (what a slot cannot hold).
Result<std::string> build_bpe_image(BpeEncoding encoding, std::span<const BpeToken> tokens);

}  // namespace repomap
