// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/documents.hpp"

namespace repomap {

/// The built-in languages of the build and of the source tree.
ResourcePaths built_in_resources();

/// A maker of documents with ample limits, for the whole process.
Documents& documents();

/// A text with marked places, made into a document without the marks. Ends the process if it cannot be.
struct MarkedDocument {
  MarkedDocument(const std::string& path, std::string_view source);

  /// "x@3:5": what stands there, with its line and column, 1-based.
  std::string describe(ByteRange range) const;
  std::vector<std::string> describe(const std::vector<ByteRange>& ranges) const;

  std::shared_ptr<const Document> document;
  std::vector<ByteRange> inside;   ///< «…» and «!…»
  std::vector<ByteRange> outside;  ///< ‹…›
  ByteRange definition;            ///< «!…», or the first of `inside`
};

}  // namespace repomap
