// SPDX-License-Identifier: Apache-2.0
#include "service/document.hpp"

#include <algorithm>
#include <utility>

#include "parsers/doc_comment.hpp"
#include "parsers/folding_ranges.hpp"
#include "service/document_state.hpp"

namespace repomap {

std::optional<LocalBinding> Document::State::local_binding(std::uint32_t identifier) const {
  const ByteRange bytes = syntax.nodes()[identifier].bytes;
  const std::string_view name = std::string_view(text).substr(bytes.begin, bytes.end - bytes.begin);
  std::shared_ptr<const NameBindings> bindings;
  {
    const MutexLock lock(mutex);
    bindings = latest;
  }
  if (bindings == nullptr || bindings->name() != name) {
    bindings = std::make_shared<const NameBindings>(syntax, text, name);
    auto replaced = bindings;  // freed without the lock
    const MutexLock lock(mutex);
    latest.swap(replaced);
  }
  return bindings->binding_of(identifier);
}

Document::Document(std::unique_ptr<const State> state) : state_(std::move(state)) {}
Document::~Document() = default;

const std::string& Document::text() const { return state_->text; }
const std::string& Document::language() const { return state_->tags.language; }
const FileTags& Document::tags() const { return state_->tags; }

std::optional<ByteRange> Document::identifier_at(std::uint32_t byte) const {
  const auto node = state_->syntax.identifier_at(byte);
  return node ? std::optional(state_->syntax.nodes()[*node].bytes) : std::nullopt;
}

std::vector<ByteRange> Document::enclosing(std::uint32_t byte) const { return state_->syntax.enclosing(byte); }

std::vector<Fold> Document::folds() const { return folding_ranges(state_->syntax, state_->text, state_->lines); }

std::optional<LocalBinding> Document::local_binding(ByteRange identifier) const {
  const auto node = state_->syntax.identifier_at(identifier.begin);
  if (!node || state_->syntax.nodes()[*node].bytes != identifier) {
    return std::nullopt;
  }
  return state_->local_binding(*node);
}

std::vector<ByteRange> Document::occurrences(std::string_view name) const {
  std::vector<ByteRange> found;
  for (const std::uint32_t node : state_->syntax.identifiers()) {
    const ByteRange bytes = state_->syntax.nodes()[node].bytes;
    if (std::string_view(state_->text).substr(bytes.begin, bytes.end - bytes.begin) == name) {
      found.push_back(bytes);
    }
  }
  return found;
}

std::string Document::doc_comment(const Tag& definition) const {
  const auto name = state_->lines.byte_at(state_->text, {definition.line, definition.column});
  return name ? find_doc_comment(state_->syntax, state_->text, state_->lines, *name) : "";
}

const Tag* Document::tag_at(std::uint32_t byte) const {
  const TextPosition at = position_of(byte);
  const FileTags& tags = state_->tags;
  const Tag* found = nullptr;
  const auto first = std::ranges::lower_bound(tags.tags, at.line, {}, &Tag::line);
  for (auto tag = first; tag != tags.tags.end() && tag->line == at.line && tag->column <= at.column; ++tag) {
    const std::size_t end = tag->column + tags.name(*tag).size();
    // The one that begins last contains the byte; of two that begin together the definition comes first.
    if (at.column <= end && (found == nullptr || found->column < tag->column)) {
      found = &*tag;
    }
  }
  return found;
}

TextPosition Document::position_of(std::uint32_t byte) const { return state_->lines.position_of(byte); }

std::optional<std::uint32_t> Document::byte_at(TextPosition position) const {
  return state_->lines.byte_at(state_->text, position);
}

std::string_view Document::line(std::uint32_t line) const { return state_->lines.line(state_->text, line); }

std::uint64_t Document::size_bytes() const {
  return state_->text.capacity() + state_->tags.tags.capacity() * sizeof(Tag) +
         state_->tags.scopes.capacity() * sizeof(ScopeSpan) + state_->tags.strings.bytes().size() +
         state_->syntax.size_bytes() + state_->lines.size_bytes();
}

}  // namespace repomap
