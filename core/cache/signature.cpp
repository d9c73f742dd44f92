// SPDX-License-Identifier: Apache-2.0
#include "core/cache/signature.hpp"

#include <array>
#include <cstddef>

namespace repomap {
namespace {

constexpr std::array<std::string_view, 5> kPartNames = {"stage", "code", "env", "inputs", "deps"};

struct Part {
  SignaturePart name;
  Digest Signature::* digest;
};

constexpr std::array<Part, 4> kDigests = {{{SignaturePart::kCode, &Signature::code_hash},
                                           {SignaturePart::kEnvironment, &Signature::env_hash},
                                           {SignaturePart::kInputs, &Signature::inputs_hash},
                                           {SignaturePart::kDependencies, &Signature::deps_hash}}};

}  // namespace

CacheKey Signature::key() const {
  ByteWriter writer;
  for (const Part& part : kDigests) {
    writer.add_digest(this->*part.digest);
  }
  return CacheKey::from_text(stage).add_digest(digest_of(writer.bytes()));
}

std::string_view signature_part_name(SignaturePart part) { return kPartNames[static_cast<std::size_t>(part)]; }

std::vector<SignaturePart> difference(const Signature& before, const Signature& after) {
  std::vector<SignaturePart> parts;
  if (before.stage != after.stage) {
    parts.push_back(SignaturePart::kStage);
  }
  for (const Part& part : kDigests) {
    if (before.*part.digest != after.*part.digest) {
      parts.push_back(part.name);
    }
  }
  return parts;
}

void add_signature(const Signature& signature, ByteWriter& writer) {
  writer.add_string(signature.stage);
  for (const Part& part : kDigests) {
    writer.add_digest(signature.*part.digest);
  }
}

Signature read_signature(ByteReader& reader) {
  Signature signature;
  signature.stage = reader.read_string();
  for (const Part& part : kDigests) {
    signature.*part.digest = reader.read_digest();
  }
  return signature;
}

}  // namespace repomap
