// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_texts.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "core/base/utf8.hpp"
#include "service/protocol/answer_json.hpp"

namespace repomap {
namespace {

constexpr std::size_t kSignatureBytes = 200;
constexpr std::size_t kMaxIndent = 10;

std::string cut(std::string_view text) {
  const std::string valid = to_valid_utf8(text);
  return valid.size() <= kSignatureBytes ? valid : valid.substr(0, utf8_floor(valid, kSignatureBytes)) + "…";
}

/// The source line of a definition without the brace that opens its body; the name before it if it is not in it.
std::string headline(std::string_view name, std::string_view signature) {
  const bool has_name = signature.contains(name);
  if (signature.ends_with('{')) {
    signature.remove_suffix(1);
  }
  while (signature.ends_with(' ')) {
    signature.remove_suffix(1);
  }
  return has_name ? cut(signature) : fmt::format("{}  {}", to_valid_utf8(name), cut(signature));
}

std::string_view state_of(const Freshness& freshness) {
  if (freshness.pending > 0) {
    return "partial";
  }
  return freshness.watcher.starts_with("degraded") ? "doubtful" : "fresh";
}

}  // namespace

std::string grouped(std::size_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) {
      text += ',';
    }
    text += digits[i];
  }
  return text;
}

Json with_valid_text(Json json) {
  std::vector<Json*> left{&json};
  while (!left.empty()) {
    Json& next = *left.back();
    left.pop_back();
    if (next.is_structured()) {
      for (Json& element : next) {
        left.push_back(&element);
      }
    } else if (next.is_string() && !is_valid_utf8(next.get_ref<const std::string&>())) {
      next = to_valid_utf8(next.get_ref<const std::string&>());
    }
  }
  return json;
}

std::string freshness_line(const Freshness& freshness) {
  const std::string_view state = state_of(freshness);
  if (state == "partial") {
    return fmt::format("partial: {} of {} files indexed so far; ask again for the rest", grouped(freshness.indexed),
                       grouped(freshness.indexed + freshness.pending));
  }
  const std::string watcher = freshness.watcher == "off" ? "" : ", watcher " + to_valid_utf8(freshness.watcher);
  return fmt::format("{}: generation {}, {} files{}", state, freshness.generation, grouped(freshness.indexed), watcher);
}

Json freshness_object(const Freshness& freshness) {
  Json object;
  object["state"] = state_of(freshness);
  object.update(to_json(freshness));
  return object;
}

std::string symbol_lines(std::span<const SymbolHit> hits) {
  std::string lines;
  for (const SymbolHit& hit : hits) {
    const std::string scope = hit.scope.empty() ? "" : " in " + to_valid_utf8(hit.scope);
    const std::string what =
        hit.role == Role::kDefinition
            ? fmt::format("{}{}  {}", kind_name(hit.kind), scope, headline(hit.name, hit.signature))
            : cut(hit.signature) + (scope.empty() ? "" : "  [" + scope.substr(1) + "]");
    lines += fmt::format("{}:{}: {}\n", to_valid_utf8(hit.path), hit.line + 1, what);
  }
  return lines;
}

Json symbol_object(const SymbolHit& hit) {
  Json object;
  object["path"] = hit.path;
  object["name"] = hit.name;
  object["kind"] = kind_name(hit.kind);
  object["line"] = hit.line + 1;
  object["column"] = hit.column + 1;
  object["end_line"] = hit.end_line + 1;
  object["scope"] = hit.scope;
  object["signature"] = cut(hit.signature);
  object["lang"] = hit.language;
  return object;
}

std::string outline_lines(const FileTags& tags, std::size_t limit) {
  std::string lines;
  std::vector<std::uint32_t> open;  // the last lines of what encloses the next one
  std::size_t shown = 0;
  for (const Tag& tag : tags.tags) {
    if (tag.role != Role::kDefinition || shown == limit) {
      continue;
    }
    ++shown;
    while (!open.empty() && open.back() < tag.line) {
      open.pop_back();
    }
    const std::string indent(2 * std::min(open.size(), kMaxIndent), ' ');
    const std::string range =
        tag.end_line > tag.line ? fmt::format("{}-{}", tag.line + 1, tag.end_line + 1) : std::to_string(tag.line + 1);
    lines += fmt::format("{}{}: {}\n", indent, range, headline(tags.name(tag), tags.signature(tag)));
    if (tag.end_line > tag.line) {
      open.push_back(tag.end_line);
    }
  }
  return lines;
}

Json outline_object(const std::string& path, const FileTags& tags, const Tag& tag) {
  SymbolHit hit;
  hit.path = path;
  hit.name = tags.name(tag);
  hit.scope = tags.scope(tag);
  hit.signature = tags.signature(tag);
  hit.language = tags.language;
  hit.role = tag.role;
  hit.kind = tag.kind;
  hit.line = tag.line;
  hit.column = tag.column;
  hit.end_line = tag.end_line;
  return symbol_object(hit);
}

}  // namespace repomap
