// SPDX-License-Identifier: Apache-2.0
#include "service/file_signatures.hpp"

#include <string>
#include <utility>

namespace repomap {
namespace {

Signature file_signature(std::string stage, const Digest& content, const Digest& fingerprint) {
  Signature signature;
  signature.stage = std::move(stage);
  signature.code_hash = fingerprint;
  signature.inputs_hash = content;
  return signature;
}

}  // namespace

Signature scan_signature(const Digest& content, const Digest& fingerprint) {
  return file_signature("scan", content, fingerprint);
}

Signature tags_signature(const Digest& content, const Digest& fingerprint) {
  return file_signature("tags", content, fingerprint);
}

}  // namespace repomap
