// SPDX-License-Identifier: Apache-2.0
#include "core/model/file_tags.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <functional>
#include <utility>

namespace repomap {

std::string_view StringPool::at(Id id) const {
  if (id == 0) {
    return {};
  }
  const std::size_t begin = id == 1 ? 0 : ends_[id - 2];
  return std::string_view(bytes_).substr(begin, ends_[id - 1] - begin);
}

StringPool::Id StringPool::add(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  // Half full at most, so that a probe sequence stays short.
  if (slots_.size() < 2 * (ends_.size() + 1)) {
    grow_table(std::max<std::size_t>(64, 4 * (ends_.size() + 1)));
  }
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<std::string_view>{}(text)&mask;
  while (slots_[slot] != 0) {
    if (at(slots_[slot]) == text) {
      return slots_[slot];
    }
    slot = (slot + 1) & mask;
  }
  bytes_ += text;
  ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  slots_[slot] = static_cast<Id>(ends_.size());
  return slots_[slot];
}

void StringPool::grow_table(std::size_t slots) {
  std::size_t capacity = 64;
  while (capacity < slots) {
    capacity *= 2;
  }
  slots_.assign(capacity, 0);
  const std::size_t mask = capacity - 1;
  for (Id id = 1; id <= ends_.size(); ++id) {
    std::size_t slot = std::hash<std::string_view>{}(at(id))&mask;
    while (slots_[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots_[slot] = id;
  }
}

void StringPool::seal() {
  bytes_.shrink_to_fit();
  ends_.shrink_to_fit();
  slots_ = {};
}

Result<StringPool> StringPool::restore(std::string bytes, std::vector<std::uint32_t> ends) {
  std::uint32_t previous = 0;
  bool rises = true;
  for (const std::uint32_t end : ends) {
    rises = rises && end > previous;
    previous = end;
  }
  if (!rises || previous != bytes.size()) {
    return fail(ErrorCode::kCorrupt, "the ends of a string pool do not part its bytes");
  }
  StringPool pool;
  pool.bytes_ = std::move(bytes);
  pool.ends_ = std::move(ends);
  return pool;
}

FileTags FileTags::outline() const {
  FileTags outline;
  outline.content = content;
  outline.language = language;
  outline.scopes = scopes;
  outline.line_count = line_count;
  outline.has_syntax_errors = has_syntax_errors;
  for (Tag tag : tags) {
    if (tag.role == Role::kDefinition) {
      tag.name = outline.strings.add(name(tag));
      tag.scope = outline.strings.add(scope(tag));
      tag.signature = outline.strings.add(signature(tag));
      outline.tags.push_back(tag);
    }
  }
  outline.tags.shrink_to_fit();
  outline.strings.seal();
  return outline;
}

}  // namespace repomap
