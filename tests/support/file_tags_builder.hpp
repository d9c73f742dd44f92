// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/model/file_tags.hpp"

namespace repomap {

/// Makes the tags of a file by hand, in the order in which they are to stand. The signature of a definition is its name
/// and a semicolon.
class FileTagsBuilder {
 public:
  explicit FileTagsBuilder(std::string_view language) { tags_.language = language; }

  FileTagsBuilder& define(std::string_view name, SymbolKind kind, std::uint32_t line, std::string_view scope = {}) {
    Tag tag;
    tag.name = tags_.strings.add(name);
    tag.scope = tags_.strings.add(scope);
    tag.signature = tags_.strings.add(std::string(name) + ';');
    tag.line = line;
    tag.end_line = line;
    tag.kind = kind;
    tags_.tags.push_back(tag);
    return *this;
  }

  FileTagsBuilder& refer(std::string_view name, std::uint32_t line, SymbolKind kind = SymbolKind::kCall) {
    Tag tag;
    tag.name = tags_.strings.add(name);
    tag.line = line;
    tag.end_line = line;
    tag.role = Role::kReference;
    tag.kind = kind;
    tags_.tags.push_back(tag);
    return *this;
  }

  FileTags build() const { return tags_; }

 private:
  FileTags tags_;
};

}  // namespace repomap
