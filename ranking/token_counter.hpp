// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/model/map_request.hpp"

namespace repomap {

/// How many tokens a language model sees in a text.
///
/// Thread-safe: counting changes no state. Never fails: each maximal invalid UTF-8 subsequence counts as one U+FFFD, as
/// the decoder of the WHATWG Encoding Standard replaces it. A byte order mark is a character like any other, and the
/// names of special tokens ("<|endoftext|>") are plain text.
class TokenCounter {
 public:
  virtual ~TokenCounter() = default;

  /// The number of tokens of `text`. Linear in the length of the text but for single words (runs of letters, of
  /// punctuation or of white space), which cost n log n, and about 40 bytes of memory per byte of the longest word.
  /// REQUIRES: no word is longer than 2 GB.
  virtual std::size_t count(std::string_view text) const = 0;
};

/// A counter for `tokenizer`: exact byte pair encoding for kO200kBase and kCl100kBase, and for kChars4 the number of
/// code points divided by four, rounded up. The encodings map "<data_directory>/<name>.bpe" (docs/BPE_IMAGE.md), of
/// which nothing but the header is read before it is used; kChars4 needs no data.
/// Errors: those of MappedFile::open, kCorrupt, kUnsupported (another version of the format or another encoding).
Result<std::unique_ptr<TokenCounter>> open_token_counter(Tokenizer tokenizer, const std::string& data_directory);

}  // namespace repomap
