// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace repomap {

/// The byte pair encodings. The values are part of docs/BPE_IMAGE.md.
enum class BpeEncoding : std::uint32_t { kO200kBase = 0, kCl100kBase = 1 };

/// The regular expression that splits a text into words for `encoding`, in ECMAScript's syntax with the flag u. No
/// token crosses the border of a word. pretoken_end() matches exactly this; the packer refuses ranks that come with
/// another.
std::string_view pretoken_pattern(BpeEncoding encoding);

/// One past the last byte of the word that begins at `begin`. Linear in the length of the word and the white space
/// behind it; recursion-free.
/// REQUIRES: `text` is valid UTF-8, begin < text.size() and begin is the begin of a word.
std::size_t pretoken_end(BpeEncoding encoding, std::string_view text, std::size_t begin);

}  // namespace repomap
