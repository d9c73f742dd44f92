// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/digest.hpp"
#include "core/base/result.hpp"
#include "parsers/language_registry.hpp"

namespace repomap {

/// Rises with every change of our own code that can change the tags of a file.
inline constexpr std::uint32_t kExtractorVersion = 1;

/// Yields the digest of a file's bytes. A source may know it without reading. Errors: those of FileSystem::read_file.
class FileDigestSource {
 public:
  virtual ~FileDigestSource() = default;
  virtual Result<Digest> digest_of_file(const std::string& path) = 0;
};

/// Digest of all code and data that a language's tags come from: this extractor, the grammar, the query with what it
/// inherits, the language's own settings, and the same of each language that it embeds. Equal fingerprints and equal
/// texts give equal tags. Does not load the grammar.
/// Errors: kNotFound for a language that does not exist or has lost its files, kInvalidArgument, kIo.
Result<Digest> language_fingerprint(const LanguageRegistry& registry, std::string_view language,
                                    FileDigestSource& digests);

/// The languages named by captures "@injection.<language>" of a query's text, sorted, distinct.
std::vector<std::string> embedded_languages(std::string_view query_text);

}  // namespace repomap
