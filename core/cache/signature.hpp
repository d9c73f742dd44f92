// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/byte_codec.hpp"
#include "core/base/digest.hpp"
#include "core/cache/cache_key.hpp"

namespace repomap {

/// What a derived value was computed from. Equal signatures mean equal values, so a key is built from one, and an entry
/// keeps the one it was computed under, to say later why another does not find it. A part that a stage has no use for
/// is zero. A value type.
struct Signature {
  std::string stage;   ///< what was computed: "tags", "map", …
  Digest code_hash;    ///< the programs and rules: extractor, grammar, query, schema
  Digest env_hash;     ///< settings and platform
  Digest inputs_hash;  ///< the content itself
  Digest deps_hash;    ///< other files that it depends on

  /// The stage as text and one digest of everything else.
  CacheKey key() const;

  friend bool operator==(const Signature&, const Signature&) = default;
};

enum class SignaturePart : std::uint8_t { kStage, kCode, kEnvironment, kInputs, kDependencies };

/// "stage", "code", "env", "inputs", "deps".
std::string_view signature_part_name(SignaturePart part);

/// The parts in which two signatures differ, in the order of the enumeration; none for equal ones.
std::vector<SignaturePart> difference(const Signature& before, const Signature& after);

void add_signature(const Signature& signature, ByteWriter& writer);

/// What add_signature() wrote; anything if the reader fails.
Signature read_signature(ByteReader& reader);

}  // namespace repomap
