// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.hpp"
#include "core/cache/signature.hpp"

namespace repomap {

// What the products of one file are computed from: its text, read as a language of that fingerprint.

Signature scan_signature(const Digest& content, const Digest& fingerprint);
Signature tags_signature(const Digest& content, const Digest& fingerprint);

}  // namespace repomap
