// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a text of an editor, as changes of it, and as a URI: every place leads back to itself, a text stays what
// its changes make of it, and a path that a URI names has a URI that names it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "service/protocol/lsp_documents.hpp"
#include "service/protocol/lsp_text.hpp"
#include "service/protocol/lsp_uri.hpp"

namespace repomap {
namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void check_places(const LspText& text) {
  for (std::size_t byte = 0; byte <= text.bytes().size(); ++byte) {
    const LspPosition place = text.position_of(byte);
    require(place.line < text.line_count());
    const std::size_t back = text.byte_at(place);
    require(back <= byte && text.position_of(back) == place);
  }
}

void check_changes(const std::string& bytes, const Json& changes, PositionEncoding encoding) {
  const auto text = apply_lsp_changes(std::make_shared<const LspText>(bytes, encoding), changes);
  if (text) {
    check_places(**text);
  }
}

void check_uri(std::string_view uri) {
  if (const auto path = path_from_uri(uri)) {
    require(path_from_uri(uri_from_path(*path)) == path);
  }
}

}  // namespace
}  // namespace repomap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace repomap;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view first = input.substr(0, input.find('\0'));
  const std::string_view rest = input.substr(std::min(first.size() + 1, input.size()));
  check_uri(first);
  const auto changes = parse_json(rest);
  for (const auto encoding : {PositionEncoding::kUtf8, PositionEncoding::kUtf16, PositionEncoding::kUtf32}) {
    check_places(LspText(std::string(first), encoding));
    check_changes(std::string(first), changes ? *changes : Json(), encoding);
  }
  return 0;
}
