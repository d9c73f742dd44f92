// SPDX-License-Identifier: Apache-2.0
//
// Trees of any text with any scopes and lines, and the lines of a map made of them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/tree_renderer.hpp"
#include "ranking/map_text.hpp"
#include "ranking/pretoken_utf8.hpp"

namespace repomap {
namespace {

constexpr std::string_view kShownMark = "│";
constexpr std::string_view kHiddenMark = "⋮";

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

/// Takes numbers from the front of the input; most are small, some huge.
class Input {
 public:
  explicit Input(std::string_view bytes) : bytes_(bytes) {}

  std::uint32_t number() {
    const std::uint32_t value = byte();
    return value < 0xf0 ? value : value * 0x01010101U;
  }
  std::uint32_t byte() {
    if (bytes_.empty()) {
      return 0;
    }
    const auto value = static_cast<unsigned char>(bytes_[0]);
    bytes_.remove_prefix(1);
    return value;
  }
  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

bool is_blank_ascii(std::string_view line) {
  return std::all_of(line.begin(), line.end(), [](char byte) {
    return byte == ' ' || (byte >= 0x09 && byte <= 0x0d) || (byte >= 0x1c && byte <= 0x1f);
  });
}

/// What render_tree does, line by line and rule by rule, for text in ASCII.
class PlainTree {
 public:
  PlainTree(std::string_view text, const std::vector<ScopeSpan>& scopes, const std::vector<std::uint32_t>& interest)
      : lines_(split(text.empty() ? "\n" : text)) {
    for (const std::uint32_t line : interest) {
      shown_.insert(line);
    }
    for (const ScopeSpan& scope : scopes) {
      show_header(scope, interest);
    }
    const std::set<std::size_t> before = shown_;
    for (const std::size_t line : before) {
      if (before.contains(line + 2)) {
        shown_.insert(line + 1);
      }
    }
    for (std::size_t line = 0; line + 1 < lines_.size(); ++line) {
      if (shown_.contains(line) && !is_blank_ascii(lines_[line]) && is_blank_ascii(lines_[line + 1])) {
        shown_.insert(line + 1);
      }
    }
  }

  std::string text() const {
    std::string result;
    for (std::size_t line = 0; line < lines_.size(); ++line) {
      if (shown_.contains(line)) {
        const std::string_view whole = lines_[line];
        result.append(kShownMark).append(whole.substr(0, whole.size() - (whole.ends_with('\r') ? 1 : 0))).append("\n");
      } else if (line == 0 || shown_.contains(line - 1)) {
        result.append(kHiddenMark).append("\n");
      }
    }
    return result;
  }

 private:
  void show_header(const ScopeSpan& scope, const std::vector<std::uint32_t>& interest) {
    const bool has_interest = std::any_of(interest.begin(), interest.end(), [&](std::uint32_t line) {
      return line <= lines_.size() && line >= scope.start && line <= scope.last;
    });
    for (std::size_t line = scope.start; scope.start > 0 && has_interest && line < scope.header_end; ++line) {
      shown_.insert(line);
      if (line + 1 == std::size_t{scope.start} + kMaxHeaderLines) {
        break;
      }
    }
  }

  std::vector<std::string_view> lines_;
  std::set<std::size_t> shown_;
};

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char byte) { return byte >= 0; });
}

void check_cut(std::string_view text) {
  std::string cut;
  append_cut_lines(cut, text);
  require(!repair_utf8(cut));
  require(std::count(cut.begin(), cut.end(), '\n') == std::count(text.begin(), text.end(), '\n'));
  for (const std::string_view line : split(cut)) {
    require(count_code_points(line) <= kMaxMapLineCharacters);
  }
  const std::string path = visible_path(text);
  require(!repair_utf8(path));
  require(std::none_of(path.begin(), path.end(), [](char byte) { return byte >= 0 && byte < 0x20; }));
}

void render(Input input) {
  std::vector<ScopeSpan> scopes(input.byte() % 32);
  for (ScopeSpan& scope : scopes) {
    scope = {.start = input.number(), .last = input.number(), .header_end = input.number()};
  }
  std::vector<std::uint32_t> lines(input.byte() % 32);
  for (std::uint32_t& line : lines) {
    line = input.number();
  }
  const std::string tree = render_tree(input.rest(), scopes, lines);
  require(tree.empty() == lines.empty());
  if (!lines.empty() && is_ascii(input.rest())) {
    require(tree == PlainTree(input.rest(), scopes, lines).text());
  }
  check_cut(tree);
  check_cut(input.rest());
}

}  // namespace
}  // namespace repomap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  repomap::render(repomap::Input({reinterpret_cast<const char*>(data), size}));
  return 0;
}
