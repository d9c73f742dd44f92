// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a document of any of several languages: the first byte chooses the language, the second where to look.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/base/utf8.hpp"
#include "parsers/doc_comment.hpp"
#include "parsers/document_syntax.hpp"
#include "parsers/folding_ranges.hpp"
#include "parsers/language_registry.hpp"
#include "parsers/line_table.hpp"
#include "parsers/local_bindings.hpp"

namespace repomap {
namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void check_enclosing(const DocumentSyntax& syntax, std::string_view text, std::uint32_t byte) {
  ByteRange inner{byte, byte};
  for (const ByteRange range : syntax.enclosing(byte)) {
    require(range != inner && range.end <= text.size());
    require(byte > text.size() || (range.begin <= inner.begin && range.end >= inner.end));
    inner = range;
  }
}

void check_identifier(const DocumentSyntax& syntax, std::string_view text, const LineTable& lines, std::uint32_t node) {
  const ByteRange self = syntax.nodes()[node].bytes;
  require(is_valid_utf8(find_doc_comment(syntax, text, lines, self.begin)));
  const NameBindings bindings(syntax, text, text.substr(self.begin, self.end - self.begin));
  if (const auto binding = bindings.binding_of(node)) {
    require(std::ranges::is_sorted(binding->occurrences, {}, &ByteRange::begin));
    require(std::ranges::find(binding->occurrences, self) != binding->occurrences.end());
    require(std::ranges::find(binding->occurrences, binding->definition) != binding->occurrences.end());
  }
}

void look(std::string_view input) {
  static constexpr std::array<std::string_view, 16> kLanguages = {
      "c",    "cpp", "python", "javascript", "typescript", "go",   "rust", "java",
      "ruby", "php", "csharp", "lua",        "bash",       "html", "json", "kotlin"};
  static const LanguageRegistry kRegistry({REPOMAP_GRAMMARS_DIR, REPOMAP_QUERIES_DIR}, {});
  if (input.size() < 2) {
    return;
  }
  const auto language = kRegistry.load(kLanguages[static_cast<unsigned char>(input[0]) % kLanguages.size()]);
  require(language.has_value());
  const auto place = static_cast<std::uint32_t>(static_cast<unsigned char>(input[1]));
  input.remove_prefix(2);
  const auto syntax = DocumentSyntax::parse(**language, input, std::chrono::seconds(5));
  if (!syntax) {
    return;
  }
  const LineTable lines(input);
  for (const Fold& fold : folding_ranges(*syntax, input, lines)) {
    require(fold.first_line < fold.last_line && fold.last_line < lines.line_count());
  }
  check_enclosing(*syntax, input, place);
  if (const auto node = syntax->identifier_at(place)) {
    check_identifier(*syntax, input, lines, *node);
  }
}

}  // namespace
}  // namespace repomap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  repomap::look({reinterpret_cast<const char*>(data), size});
  return 0;
}
