// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a file of any of several languages: the first byte chooses the language.
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <tuple>

#include "core/base/utf8.hpp"
#include "parsers/language_registry.hpp"
#include "parsers/tag_extractor.hpp"
#include "parsers/tree_renderer.hpp"

namespace repomap {
namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void check(const FileTags& tags, std::string_view text) {
  std::tuple<std::uint32_t, std::uint32_t> before;
  for (const Tag& tag : tags.tags) {
    require(!tags.name(tag).empty());
    for (const std::string_view shown : {tags.name(tag), tags.scope(tag), tags.signature(tag)}) {
      require(is_valid_utf8(shown) && shown.find('\n') == std::string_view::npos);
    }
    require(tag.line <= tag.end_line && tag.end_line < tags.line_count);
    require(std::tuple(tag.line, tag.column) >= before);
    before = {tag.line, tag.column};
    const std::array<std::uint32_t, 2> lines{tag.line, tag.end_line};
    require(!render_tree(text, tags.scopes, lines).empty());
  }
}

void extract(std::string_view input) {
  static constexpr std::array<std::string_view, 12> kLanguages = {
      "c", "cpp", "python", "javascript", "html", "markdown", "bash", "ruby", "go", "json", "yaml", "rust"};
  static const LanguageRegistry kRegistry({REPOMAP_GRAMMARS_DIR, REPOMAP_QUERIES_DIR}, {});
  static TagExtractor extractor(kRegistry, std::chrono::seconds(5));
  if (input.empty()) {
    return;
  }
  const auto language = kRegistry.load(kLanguages[static_cast<unsigned char>(input.front()) % kLanguages.size()]);
  require(language.has_value());
  input.remove_prefix(1);
  if (const auto tags = extractor.extract(**language, input)) {
    check(*tags, input);
  }
}

}  // namespace
}  // namespace repomap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  repomap::extract({reinterpret_cast<const char*>(data), size});
  return 0;
}
