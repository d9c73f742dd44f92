// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cli/tag_formats.hpp"

namespace repomap::cli {
namespace {

// A line is complete only when all files are in, because a scope may be defined in another file than its member (a
// class in a header). Until then its scope is kept apart.

bool is_control(char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; }

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

/// Whether definitions of this kind hold members that other files may define.
bool is_open_scope(SymbolKind kind) {
  return (kind >= SymbolKind::kClass && kind <= SymbolKind::kPackage) || kind == SymbolKind::kService;
}

/// A scope's or a definition's full name, with '.' between its parts in every language.
std::string dotted(std::string_view scope, std::string_view name) {
  std::string result;
  const auto append = [&result](std::string_view part) {
    for (const char c : part) {
      const bool is_separator = c == ':' || c == '\\' || c == '#' || c == '.';
      // "::" is one separator.
      if (!is_separator || !result.ends_with('.')) {
        result.push_back(is_separator ? '.' : c);
      }
    }
  };
  append(scope);
  append(scope.empty() || name.empty() ? "" : ".");
  append(name);
  return result;
}

/// By which the definition of a scope is found in all files.
std::string scope_key(const FileTags& tags, std::string_view dotted_name) {
  return fmt::format("{} {}", tags.language, dotted_name);
}

class CtagsFormat final : public TagFormat {
 public:
  explicit CtagsFormat(OutputStream& out) : out_(out) {}

  std::size_t add(const std::string& path, const FileTags& tags, std::optional<Role> /*role*/) override {
    const bool is_plain_path = std::ranges::none_of(path, is_control);
    std::unordered_map<std::string, SymbolKind> scopes;
    for (const Tag& tag : tags.tags) {
      if (tag.role == Role::kDefinition) {
        remember_scope(tags, tag, scopes);
      }
    }
    std::size_t count = 0;
    for (const Tag& tag : tags.tags) {
      if (tag.role != Role::kDefinition) {
        continue;
      }
      ++count;
      if (!is_plain_path || std::ranges::any_of(tags.name(tag), is_control)) {
        ++left_out_;
      } else {
        lines_.push_back(line_of(path, tags, tag, scopes));
      }
    }
    return count;
  }

  void finish() override {
    for (Line& line : lines_) {
      line.text += scope_field(line);
    }
    std::ranges::sort(lines_, {}, &Line::text);
    out_.write(
        "!_TAG_FILE_ENCODING\tutf-8\t//\n"
        "!_TAG_FILE_FORMAT\t2\t/extended format/\n"
        "!_TAG_FILE_SORTED\t1\t/0=unsorted, 1=sorted, 2=foldcase/\n"
        "!_TAG_OUTPUT_MODE\te-ctags\t/u-ctags or e-ctags/\n"
        "!_TAG_PROGRAM_NAME\trepomap\t//\n");
    for (const Line& line : lines_) {
      out_.print("{}\n", line.text);
    }
  }

  std::size_t left_out() const override { return left_out_; }

 private:
  struct Line {
    std::string text;
    std::string scope;  // as in the tag; "" once the text has it
    std::string key;    // in open_scopes_
  };

  void remember_scope(const FileTags& tags, const Tag& tag, std::unordered_map<std::string, SymbolKind>& scopes) {
    if (tag.end_line == tag.line && !is_open_scope(tag.kind)) {
      return;
    }
    std::string name = dotted(tags.scope(tag), tags.name(tag));
    if (is_open_scope(tag.kind)) {
      open_scopes_.emplace(scope_key(tags, name), tag.kind);
    }
    scopes.emplace(std::move(name), tag.kind);
  }

  static Line line_of(const std::string& path, const FileTags& tags, const Tag& tag,
                      const std::unordered_map<std::string, SymbolKind>& scopes) {
    Line line;
    line.text = fmt::format("{}\t{}\t{};\"\tkind:{}\tline:{}\tlanguage:{}\tend:{}", tags.name(tag), path, tag.line + 1,
                            kind_name(tag.kind), tag.line + 1, escaped(tags.language), tag.end_line + 1);
    if (const std::string_view scope = tags.scope(tag); !scope.empty()) {
      std::string key = dotted(scope, "");
      if (const auto found = scopes.find(key); found != scopes.end()) {
        line.text += fmt::format("\t{}:{}", kind_name(found->second), escaped(scope));
      } else {
        line.scope = scope;
        line.key = scope_key(tags, key);
      }
    }
    return line;
  }

  std::string scope_field(const Line& line) const {
    if (line.scope.empty()) {
      return "";
    }
    const auto found = open_scopes_.find(line.key);
    return fmt::format("\t{}:{}", found == open_scopes_.end() ? "scope" : kind_name(found->second),
                       escaped(line.scope));
  }

  OutputStream& out_;
  std::vector<Line> lines_;
  std::unordered_map<std::string, SymbolKind> open_scopes_;  // "language dotted.name" of all files
  std::size_t left_out_ = 0;
};

}  // namespace

std::unique_ptr<TagFormat> make_ctags_format(const TagFormatTarget& target) {
  return std::make_unique<CtagsFormat>(target.out);
}

}  // namespace repomap::cli
