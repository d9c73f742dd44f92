// SPDX-License-Identifier: Apache-2.0
#include "tests/service/marked_document.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <optional>

namespace repomap {
namespace {

template <typename T>
T must(Result<T> result) {
  if (!result) {
    fmt::print(stderr, "{}\n", result.error().message);
    std::exit(1);
  }
  return std::move(result).value();
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

ResourcePaths built_in_resources() {
  return {.languages = {.grammars = REPOMAP_GRAMMARS_DIR, .queries = REPOMAP_SOURCE_DIR "/parsers/queries"},
          .data = {},
          .user_languages = {}};
}

Documents& documents() {
  static const auto kDocuments =
      must(Documents::open(built_in_resources(), {.size_bytes = 64U << 20U, .time = std::chrono::minutes(1)}));
  return *kDocuments;
}

MarkedDocument::MarkedDocument(const std::string& path, std::string_view source) {
  std::string text;
  std::optional<ByteRange> defined;
  std::uint32_t begin = 0;
  while (!source.empty()) {
    const auto here = static_cast<std::uint32_t>(text.size());
    if (take(source, "«!")) {
      begin = here;
      defined = ByteRange{here, here};
    } else if (take(source, "«") || take(source, "‹")) {
      begin = here;
    } else if (take(source, "»")) {
      inside.push_back({begin, here});
      definition = inside.size() == 1 || (defined && defined->begin == begin) ? inside.back() : definition;
    } else if (take(source, "›")) {
      outside.push_back({begin, here});
    } else {
      text.push_back(source.front());
      source.remove_prefix(1);
    }
  }
  document = must(documents().make(path, text));
}

std::string MarkedDocument::describe(ByteRange range) const {
  const TextPosition place = document->position_of(range.begin);
  return fmt::format("{}@{}:{}", document->text().substr(range.begin, range.end - range.begin), place.line + 1,
                     place.column + 1);
}

std::vector<std::string> MarkedDocument::describe(const std::vector<ByteRange>& ranges) const {
  std::vector<std::string> described;
  described.reserve(ranges.size());
  for (const ByteRange& range : ranges) {
    described.push_back(describe(range));
  }
  return described;
}

}  // namespace repomap
