// SPDX-License-Identifier: Apache-2.0
#include "cli/tag_formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "cli/json_output.hpp"
#include "core/base/file_system.hpp"

namespace repomap::cli {
namespace {

bool is_wanted(const Tag& tag, std::optional<Role> role) { return !role || tag.role == *role; }

class TableFormat final : public TagFormat {
 public:
  explicit TableFormat(const Painter& painter) : painter_(painter) {}

  void add(const std::string& path, const FileTags& tags, std::optional<Role> role) override {
    bool is_first = true;
    for (const Tag& tag : tags.tags) {
      if (!is_wanted(tag, role)) {
        continue;
      }
      if (is_first) {
        fmt::print("{}{}\n", is_any_printed_ ? "\n" : "", painter_(Paint::kPath, path));
        is_first = false;
        is_any_printed_ = true;
      }
      const std::string_view scope = tags.scope(tag);
      fmt::print("{:>6}:{:<4} {}  {}  {}{}\n", tag.line + 1, tag.column + 1, role_name(tag.role),
                 painter_(Paint::kKind, fmt::format("{:<14}", kind_name(tag.kind))),
                 painter_(Paint::kName, tags.name(tag)),
                 scope.empty() ? "" : painter_(Paint::kDim, fmt::format("  in {}", scope)));
    }
  }

 private:
  const Painter painter_;
  bool is_any_printed_ = false;
};

class JsonLinesFormat final : public TagFormat {
 public:
  void add(const std::string& path, const FileTags& tags, std::optional<Role> role) override {
    for (const Tag& tag : tags.tags) {
      if (is_wanted(tag, role)) {
        fmt::print("{}\n", dump_line(to_json(path, tags, tag)));
      }
    }
  }
};

/// A field's value in the extended format: tab, newline, carriage return and backslash are escaped (tags(5)).
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '\t': result += "\\t"; break;
      case '\n': result += "\\n"; break;
      case '\r': result += "\\r"; break;
      case '\\': result += "\\\\"; break;
      default: result += c;
    }
  }
  return result;
}

class CtagsFormat final : public TagFormat {
 public:
  void add(const std::string& path, const FileTags& tags, std::optional<Role> /*role*/) override {
    for (const Tag& tag : tags.tags) {
      const std::string_view name = tags.name(tag);
      // A name with a tab or a control character cannot stand in the first column.
      const bool is_plain = std::ranges::none_of(name, [](char c) { return c >= '\0' && c < ' '; });
      if (tag.role != Role::kDefinition || !is_plain || path.find_first_of("\t\n\r") != std::string::npos) {
        continue;
      }
      std::string line = fmt::format("{}\t{}\t{};\"\tkind:{}\tline:{}\tlanguage:{}", name, path, tag.line + 1,
                                     kind_name(tag.kind), tag.line + 1, tags.language);
      if (const std::string_view scope = tags.scope(tag); !scope.empty()) {
        line += fmt::format("\tscope:{}", escaped(scope));
      }
      line += fmt::format("\tend:{}\n", tag.end_line + 1);
      lines_.push_back(std::move(line));
    }
  }

  void finish() override {
    std::ranges::sort(lines_);
    fmt::print(
        "!_TAG_FILE_FORMAT\t2\t/extended format/\n"
        "!_TAG_FILE_SORTED\t1\t/0=unsorted, 1=sorted, 2=foldcase/\n"
        "!_TAG_OUTPUT_MODE\tu-ctags\t/u-ctags or e-ctags/\n"
        "!_TAG_PROGRAM_NAME\trepomap\t//\n");
    for (const std::string& line : lines_) {
      fmt::print("{}", line);
    }
  }

 private:
  std::vector<std::string> lines_;
};

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

class EtagsFormat final : public TagFormat {
 public:
  explicit EtagsFormat(std::string root) : root_(std::move(root)), file_system_(make_posix_file_system()) {}

  void add(const std::string& path, const FileTags& tags, std::optional<Role> /*role*/) override {
    constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 32U;
    const auto text = file_system_->read_file(join_path(root_, path), kNoLimit);
    if (!text) {
      return;
    }
    const auto offsets = line_offsets(*text);
    std::string section;
    for (const Tag& tag : tags.tags) {
      if (tag.role != Role::kDefinition || tag.line >= offsets.size()) {
        continue;
      }
      const std::size_t begin = offsets[tag.line];
      const std::string_view line = std::string_view(*text).substr(begin, text->find('\n', begin) - begin);
      const std::size_t end = std::min<std::size_t>(line.size(), tag.column + tags.name(tag).size());
      section += fmt::format("{}\x7f{}\x01{},{}\n", line.substr(0, end), tags.name(tag), tag.line + 1, begin);
    }
    if (!section.empty()) {
      fmt::print("\x0c\n{},{}\n{}", path, section.size(), section);
    }
  }

 private:
  const std::string root_;
  const std::unique_ptr<FileSystem> file_system_;
};

}  // namespace

std::unique_ptr<TagFormat> make_tag_format(std::string_view name, const std::string& root, const Painter& painter) {
  if (name == "table") {
    return std::make_unique<TableFormat>(painter);
  }
  if (name == "jsonl") {
    return std::make_unique<JsonLinesFormat>();
  }
  if (name == "ctags") {
    return std::make_unique<CtagsFormat>();
  }
  return name == "etags" ? std::make_unique<EtagsFormat>(root) : nullptr;
}

}  // namespace repomap::cli
