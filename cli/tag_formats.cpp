// SPDX-License-Identifier: Apache-2.0
#include "cli/tag_formats.hpp"

#include <fmt/format.h>

#include "cli/json_text.hpp"
#include "cli/visible_text.hpp"

namespace repomap::cli {
namespace {

bool is_wanted(const Tag& tag, std::optional<Role> role) { return !role || tag.role == *role; }

class TableFormat final : public TagFormat {
 public:
  explicit TableFormat(const TagFormatTarget& target) : target_(target) {}

  std::size_t add(const std::string& path, const FileTags& tags, std::optional<Role> role) override {
    std::size_t count = 0;
    for (const Tag& tag : tags.tags) {
      if (!is_wanted(tag, role)) {
        continue;
      }
      if (count++ == 0) {
        target_.out.print("{}{}\n", is_any_printed_ ? "\n" : "", target_.paint(Paint::kPath, visible(path)));
        is_any_printed_ = true;
      }
      print(tags, tag);
    }
    return count;
  }

 private:
  void print(const FileTags& tags, const Tag& tag) {
    const std::string_view scope = tags.scope(tag);
    target_.out.print("{:>6}:{:<4} {}  {}  {}{}\n", tag.line + 1, tag.column + 1, role_name(tag.role),
                      target_.paint(Paint::kKind, fmt::format("{:<14}", kind_name(tag.kind))),
                      target_.paint(Paint::kName, visible(tags.name(tag))),
                      scope.empty() ? "" : target_.paint(Paint::kDim, fmt::format("  in {}", visible(scope))));
  }

  const TagFormatTarget target_;
  bool is_any_printed_ = false;
};

class JsonLinesFormat final : public TagFormat {
 public:
  explicit JsonLinesFormat(OutputStream& out) : out_(out) {}

  std::size_t add(const std::string& path, const FileTags& tags, std::optional<Role> role) override {
    const TagLineWriter line(path, tags);
    std::size_t count = 0;
    for (const Tag& tag : tags.tags) {
      if (is_wanted(tag, role)) {
        line.append(out_.buffer(), tag);
        out_.flush_if_large();
        ++count;
      }
    }
    return count;
  }

 private:
  OutputStream& out_;
};

}  // namespace

std::unique_ptr<TagFormat> make_table_format(const TagFormatTarget& target) {
  return std::make_unique<TableFormat>(target);
}

std::unique_ptr<TagFormat> make_json_lines_format(const TagFormatTarget& target) {
  return std::make_unique<JsonLinesFormat>(target.out);
}

}  // namespace repomap::cli
