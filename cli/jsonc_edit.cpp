// SPDX-License-Identifier: Apache-2.0
//
// An edit parses the text, decides where bytes are put in or taken out, and leaves all others. An item is put behind
// the last one: its comma goes directly behind the last value, the item itself behind the comments that follow that
// value, so that a comment at the end of a line stays with its line.
#include "cli/jsonc_edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace repomap::cli {
namespace {

/// How a text is laid out.
struct Layout {
  std::string line_end = "\n";
  std::string unit = "  ";
};

/// Where a line that holds `at` begins.
std::size_t line_begin(std::string_view text, std::size_t at) {
  const std::size_t newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

/// The white space at the beginning of the line that holds `at`.
std::string indent_of(std::string_view text, std::size_t at) {
  const std::size_t begin = line_begin(text, at);
  const std::size_t end = std::min(text.find_first_not_of(" \t", begin), text.size());
  return std::string(text.substr(begin, std::min(end, at) - begin));
}

/// Whether only white space stands before `at` on its line.
bool begins_line(std::string_view text, std::size_t at) {
  const std::size_t begin = line_begin(text, at);
  return text.substr(begin, at - begin).find_first_not_of(" \t") == std::string_view::npos;
}

bool has_newline(std::string_view text) { return text.contains('\n'); }

// NOLINTBEGIN(misc-no-recursion): as deep as a document of parse_jsonc(), or a value of ours, is nested.

/// The indentation of the first item that begins a line, less that of what holds it; searched from the root down.
std::optional<std::string> find_unit(std::string_view text, const JsoncValue& value) {
  for (const JsoncItem& item : value.items) {
    const std::string outer = indent_of(text, value.begin);
    const std::string inner = indent_of(text, item.begin);
    if (begins_line(text, item.begin) && item.begin > 0 && inner.size() > outer.size() && inner.starts_with(outer)) {
      return inner.substr(outer.size());
    }
    if (auto unit = find_unit(text, item.value)) {
      return unit;
    }
  }
  return std::nullopt;
}

Layout layout_of(std::string_view text, const std::optional<JsoncValue>& document) {
  Layout layout;
  const std::size_t newline = text.find('\n');
  if (newline != std::string_view::npos && newline > 0 && text[newline - 1] == '\r') {
    layout.line_end = "\r\n";
  }
  if (document) {
    layout.unit = find_unit(text, *document).value_or(layout.unit);
  }
  return layout;
}

std::string double_quoted(std::string_view text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool holds_structures(const Json& value) {
  return std::ranges::any_of(value, [](const Json& item) { return item.is_structured(); });
}

/// A value on one line.
std::string on_one_line(const Json& value) {
  if (!value.is_structured()) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  std::string body;
  for (const auto& [key, item] : value.items()) {
    body += body.empty() ? "" : ", ";
    body += value.is_object() ? double_quoted(key) + ": " : "";
    body += on_one_line(item);
  }
  return value.is_object() ? "{" + body + "}" : "[" + body + "]";
}

/// A value on several lines, of which all but the first begin with `indent`; arrays of plain values on one.
std::string on_lines(const Json& value, const std::string& indent, const Layout& layout) {
  const bool is_flat = !value.is_structured() || value.empty() || (value.is_array() && !holds_structures(value));
  if (is_flat) {
    return on_one_line(value);
  }
  const std::string inner = indent + layout.unit;
  std::string body;
  for (const auto& [key, item] : value.items()) {
    body += (body.empty() ? "" : ",") + layout.line_end + inner;
    body += value.is_object() ? double_quoted(key) + ": " : "";
    body += on_lines(item, inner, layout);
  }
  body += layout.line_end + indent;
  return value.is_object() ? "{" + body + "}" : "[" + body + "]";
}

// NOLINTEND(misc-no-recursion)

/// A value inside of as many objects as there are keys.
Json nested(const JsoncPath& path, std::size_t from, Json value) {
  for (std::size_t i = path.size(); i > from; --i) {
    Json outer = Json::object();
    outer[path[i - 1]] = std::move(value);
    value = std::move(outer);
  }
  return value;
}

/// The deepest container on the way to a path, and how many keys lead to it.
struct Reached {
  const JsoncValue* value = nullptr;
  std::size_t keys = 0;
};

Result<Reached> reach(std::string_view text, const JsoncValue& root, const JsoncPath& path) {
  Reached reached{&root, 0};
  for (const std::string& key : path) {
    if (reached.value->kind != JsoncKind::kObject) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("{}: {} is not an object", place_in_text(text, reached.value->begin),
                              reached.keys == 0 ? "the file" : double_quoted(path[reached.keys - 1])));
    }
    const auto members = reached.value->members(key);
    if (members.size() > 1) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("{}: {} is there twice; remove one of them",
                                                           place_in_text(text, members[1]->begin), double_quoted(key)));
    }
    if (members.empty()) {
      break;
    }
    reached = {&members.front()->value, reached.keys + 1};
  }
  return reached;
}

/// The text with an item as the last of a container.
std::string with_item(std::string_view text, const JsoncValue& container, const std::string& key, const Json& value,
                      const Layout& layout) {
  const std::size_t close = container.end - 1;
  const bool is_empty = container.items.empty();
  const bool is_inline = !is_empty && !has_newline(text.substr(container.begin, close - container.begin));
  const std::size_t value_end = is_empty ? container.begin + 1 : container.items.back().value.end;
  const bool has_comma = !is_empty && find_comma(text, value_end, close).has_value();
  const std::size_t content_end = last_content_end(text, value_end, close);
  const std::string outer = indent_of(text, container.begin);
  const std::string inner = !is_empty && begins_line(text, container.items.front().begin)
                                ? indent_of(text, container.items.front().begin)
                                : outer + layout.unit;
  std::string added = is_inline ? " " : layout.line_end + inner;
  added += key.empty() ? "" : double_quoted(key) + ": ";
  added += is_inline ? on_one_line(value) : on_lines(value, inner, layout);
  added += has_comma ? "," : "";
  std::string result(text.substr(0, value_end));
  result += is_empty || has_comma ? "" : ",";
  result += text.substr(value_end, content_end - value_end);
  result += added;
  const std::string_view rest = text.substr(content_end, close - content_end);
  if (is_inline || has_newline(rest)) {
    result += rest;
  } else {
    result += layout.line_end + outer;
  }
  result += text.substr(close);
  return result;
}

/// The text of a document that holds no value yet, with one.
std::string with_root(std::string_view text, const Json& value, const Layout& layout) {
  std::string result(text);
  const bool holds_more = text.find_first_not_of(" \t\r\n") != std::string_view::npos && text != "\xEF\xBB\xBF";
  if (holds_more && !text.ends_with('\n')) {
    result += layout.line_end;
  } else if (!holds_more && !text.starts_with('\xEF')) {
    result.clear();
  }
  return result + on_lines(value, "", layout) + layout.line_end;
}

/// Puts a value at a path below an existing container, or makes the root.
Result<JsoncEdit> insert(std::string_view text, const std::optional<JsoncValue>& document, const JsoncPath& path,
                         const Json& value) {
  const Layout layout = layout_of(text, document);
  Reached reached;
  if (document) {
    REPOMAP_ASSIGN(reached, reach(text, *document, path));
  }
  JsoncEdit edit;
  for (std::size_t keys = reached.keys + 1; keys < path.size(); ++keys) {
    edit.made.emplace_back(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(keys));
  }
  edit.text = document
                  ? with_item(text, *reached.value, path[reached.keys], nested(path, reached.keys + 1, value), layout)
                  : with_root(text, nested(path, 0, value), layout);
  return edit;
}

/// From where to where the bytes of an item are taken out: its line where it has one of its own.
std::pair<std::size_t, std::size_t> extent_of(std::string_view text, std::size_t begin, std::size_t end,
                                              std::size_t container_begin) {
  const std::size_t line = line_begin(text, begin);
  const std::size_t next = std::min(text.find_first_not_of(" \t\r", end), text.size());
  const bool is_alone = begins_line(text, begin) && line > container_begin && next < text.size() && text[next] == '\n';
  if (is_alone) {
    return {line, next + 1};
  }
  return {begin, std::min(text.find_first_not_of(" \t", end), text.size())};
}

/// An object or array of nothing but white space, closed up.
std::string closed_up(std::string text, std::size_t container_begin) {
  const std::size_t close = text.find_first_not_of(" \t\r\n", container_begin + 1);
  if (close != std::string::npos && (text[close] == '}' || text[close] == ']')) {
    text.erase(container_begin + 1, close - container_begin - 1);
  }
  return text;
}

/// A carriage return alone ends a comment, and no line that an edit could follow. Errors: kInvalidArgument, with its
/// place.
Status check_line_ends(std::string_view text) {
  for (std::size_t at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1)) {
    if (!text.substr(at).starts_with("\r\n")) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("{}: a line ends with a carriage return alone; save the file with other line ends",
                              place_in_text(text, at)));
    }
  }
  return {};
}

}  // namespace

Result<const JsoncValue*> find_jsonc(std::string_view text, const std::optional<JsoncValue>& document,
                                     const JsoncPath& path) {
  if (!document) {
    return nullptr;
  }
  REPOMAP_ASSIGN(const Reached reached, reach(text, *document, path));
  return reached.keys == path.size() ? reached.value : nullptr;
}

std::string replace_jsonc_value(std::string_view text, const JsoncValue& value, const Json& replacement) {
  const Layout layout = layout_of(text, parse_jsonc(text).value_or(std::nullopt));
  const bool is_inline = !value.items.empty() && !has_newline(text.substr(value.begin, value.end - value.begin));
  std::string result(text.substr(0, value.begin));
  result += is_inline ? on_one_line(replacement) : on_lines(replacement, indent_of(text, value.begin), layout);
  result += text.substr(value.end);
  return result;
}

Result<JsoncEdit> set_jsonc_member(std::string_view text, const JsoncPath& path, const Json& value) {
  REPOMAP_TRY(check_line_ends(text));
  REPOMAP_ASSIGN(const auto document, parse_jsonc(text));
  REPOMAP_ASSIGN(const JsoncValue* found, find_jsonc(text, document, path));
  if (found != nullptr) {
    return JsoncEdit{replace_jsonc_value(text, *found, value), {}};
  }
  return insert(text, document, path, value);
}

Result<JsoncEdit> append_jsonc_element(std::string_view text, const JsoncPath& path, const Json& value) {
  REPOMAP_TRY(check_line_ends(text));
  REPOMAP_ASSIGN(const auto document, parse_jsonc(text));
  REPOMAP_ASSIGN(const JsoncValue* found, find_jsonc(text, document, path));
  if (found == nullptr) {
    REPOMAP_ASSIGN(JsoncEdit edit, insert(text, document, path, Json::array({value})));
    edit.made.push_back(path);
    return edit;
  }
  if (found->kind != JsoncKind::kArray) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}: {} is not an array", place_in_text(text, found->begin), double_quoted(path.back())));
  }
  return JsoncEdit{with_item(text, *found, "", value, layout_of(text, document)), {}};
}

std::string erase_jsonc_item(std::string_view text, const JsoncValue& container, std::size_t index) {
  const JsoncItem& item = container.items[index];
  const std::size_t close = container.end - 1;
  const bool is_last = index + 1 == container.items.size();
  const std::size_t next = is_last ? close : container.items[index + 1].begin;
  const auto own_comma = find_comma(text, item.value.end, next);
  std::string result(text);
  // From behind to front, so that the places before stay right. A comment between the value and its comma stays.
  const bool is_plain =
      own_comma &&
      text.substr(item.value.end, *own_comma - item.value.end).find_first_not_of(" \t\r\n") == std::string_view::npos;
  if (own_comma && !is_plain) {
    result.erase(*own_comma, 1);
  }
  const std::size_t end = is_plain ? *own_comma + 1 : item.value.end;
  const auto [from, to] = extent_of(result, item.begin, end, container.begin);
  result.erase(from, to - from);
  if (is_last && !own_comma && index > 0) {
    const std::size_t previous_end = container.items[index - 1].value.end;
    if (const auto comma = find_comma(text, previous_end, item.begin)) {
      const bool is_next_to_it =
          text.substr(*comma + 1, item.begin - *comma - 1).find_first_not_of(' ') == std::string_view::npos;
      result.erase(*comma, is_next_to_it ? item.begin - *comma : 1);
    }
  }
  return container.items.size() == 1 ? closed_up(std::move(result), container.begin) : result;
}

Result<std::string> erase_jsonc_member(std::string_view text, const JsoncPath& path) {
  REPOMAP_ASSIGN(const auto document, parse_jsonc(text));
  REPOMAP_ASSIGN(const JsoncValue* found, find_jsonc(text, document, path));
  if (found == nullptr) {
    return std::string(text);
  }
  const JsoncPath outer(path.begin(), path.end() - 1);
  REPOMAP_ASSIGN(const JsoncValue* container, find_jsonc(text, document, outer));
  const auto item = std::ranges::find_if(container->items, [&](const JsoncItem& one) { return &one.value == found; });
  return erase_jsonc_item(text, *container, static_cast<std::size_t>(item - container->items.begin()));
}

}  // namespace repomap::cli
