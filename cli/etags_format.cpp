// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "cli/tag_formats.hpp"
#include "core/base/file_system.hpp"
#include "core/base/utf8.hpp"

namespace repomap::cli {
namespace {

/// Byte offsets of the beginnings of lines.
std::vector<std::size_t> line_offsets(std::string_view text) {
  std::vector<std::size_t> offsets = {0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      offsets.push_back(i + 1);
    }
  }
  return offsets;
}

// What separates sections, the text from the name, and the name from the numbers.
bool is_reserved(char c) { return c == '\f' || c == '\x7f' || c == '\x01' || c == '\n' || c == '\r'; }

class EtagsFormat final : public TagFormat {
 public:
  explicit EtagsFormat(const TagFormatTarget& target)
      : out_(target.out), root_(target.root), file_system_(make_posix_file_system()) {}

  std::size_t add(const std::string& path, const FileTags& tags, std::optional<Role> /*role*/) override {
    constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 32U;
    const auto text = file_system_->read_file(join_path(root_, path), kNoLimit);
    const bool can_be_held = text.has_value() && std::ranges::none_of(path, is_reserved);
    const auto offsets = line_offsets(can_be_held ? std::string_view(*text) : std::string_view());
    std::string section;
    std::size_t count = 0;
    for (const Tag& tag : tags.tags) {
      if (tag.role != Role::kDefinition) {
        continue;
      }
      ++count;
      // A file that has changed since may have fewer lines.
      if (!can_be_held || tag.line >= offsets.size() || std::ranges::any_of(tags.name(tag), is_reserved)) {
        ++left_out_;
      } else {
        append_entry(section, std::string_view(*text).substr(offsets[tag.line]), tags.name(tag), tag);
        fmt::format_to(std::back_inserter(section), "{},{}\n", tag.line + 1, offsets[tag.line]);
      }
    }
    if (!section.empty()) {
      out_.print("\x0c\n{},{}\n{}", path, section.size(), section);
    }
    return count;
  }

  std::size_t left_out() const override { return left_out_; }

 private:
  /// The beginning of the line up to the end of the name, by which Emacs finds the place, and the name. The place is
  /// found by its offset first, so in very long lines a part will do.
  static void append_entry(std::string& section, std::string_view rest, std::string_view name, const Tag& tag) {
    constexpr std::size_t kMaxTextBytes = 200;
    const std::size_t limit = std::min<std::size_t>(kMaxTextBytes, tag.column + name.size());
    const std::string_view beginning = rest.substr(0, limit);
    const auto* const end = std::ranges::find_if(beginning, is_reserved);
    const std::string_view text = beginning.substr(0, static_cast<std::size_t>(end - beginning.begin()));
    section += rest.substr(0, utf8_floor(rest, text.size()));
    section += '\x7f';
    section += name;
    section += '\x01';
  }

  OutputStream& out_;
  const std::string root_;
  const std::unique_ptr<FileSystem> file_system_;
  std::size_t left_out_ = 0;
};

}  // namespace

std::unique_ptr<TagFormat> make_etags_format(const TagFormatTarget& target) {
  return std::make_unique<EtagsFormat>(target);
}

}  // namespace repomap::cli
