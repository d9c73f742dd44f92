// SPDX-License-Identifier: Apache-2.0
#include "cli/jsonc_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "service/protocol/json_value.hpp"

namespace repomap::cli {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_space(char letter) { return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r'; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_word(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }

/// Behind the comment that begins there; npos if none does; the end of the text if a comment is not closed.
std::size_t skip_comment(std::string_view text, std::size_t at) {
  if (text.substr(at).starts_with("//")) {
    return std::min(text.find_first_of("\r\n", at), text.size());
  }
  if (text.substr(at).starts_with("/*")) {
    const std::size_t close = text.find("*/", at + 2);
    return close == std::string_view::npos ? text.size() : close + 2;
  }
  return std::string_view::npos;
}

std::string decoded(std::string_view quoted) {
  const auto json = parse_json(quoted);
  return json && json->is_string() ? json->get<std::string>() : std::string(quoted);
}

/// Reads one text from its beginning to its end.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<std::optional<JsoncValue>> parse() {
    at_ = text_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    REPOMAP_TRY(skip_blank());
    if (at_ == text_.size()) {
      return std::nullopt;
    }
    JsoncValue root;
    REPOMAP_TRY(read_value(root, 0));
    REPOMAP_TRY(skip_blank());
    if (at_ < text_.size()) {
      return wrong(at_, "something follows the value");
    }
    return root;
  }

 private:
  std::unexpected<Error> wrong(std::size_t at, std::string_view what) const {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{}: {}", place_in_text(text_, at), what));
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  Status skip_blank() {
    while (at_ < text_.size()) {
      if (is_space(text_[at_])) {
        ++at_;
        continue;
      }
      const std::size_t end = skip_comment(text_, at_);
      if (end == std::string_view::npos) {
        break;
      }
      if (text_[at_ + 1] == '*' && (end < at_ + 4 || text_[end - 1] != '/' || text_[end - 2] != '*')) {
        return wrong(at_, "a comment that is not closed");
      }
      at_ = end;
    }
    return {};
  }

  // NOLINTBEGIN(misc-no-recursion): as deep as the text is nested, which read_value limits to kMaxJsoncDepth.
  Status read_value(JsoncValue& value, std::size_t depth) {
    if (++values_ > kMaxJsoncValues || depth > kMaxJsoncDepth) {
      return fail(ErrorCode::kLimitExceeded, fmt::format("{}: more than {} values, or deeper than {}",
                                                         place_in_text(text_, at_), kMaxJsoncValues, kMaxJsoncDepth));
    }
    value.begin = at_;
    switch (peek()) {
      case '{': value.kind = JsoncKind::kObject; return read_items(value, '}', depth);
      case '[': value.kind = JsoncKind::kArray; return read_items(value, ']', depth);
      case '"':
        value.kind = JsoncKind::kString;
        REPOMAP_TRY(read_string());
        break;
      default: REPOMAP_TRY(read_other());
    }
    value.end = at_;
    return {};
  }

  Status read_items(JsoncValue& value, char close, std::size_t depth) {
    ++at_;
    REPOMAP_TRY(skip_blank());
    while (peek() != close || at_ >= text_.size()) {
      REPOMAP_TRY(read_item(value, depth));
      REPOMAP_TRY(skip_blank());
      if (peek() == ',') {
        ++at_;
        REPOMAP_TRY(skip_blank());
      } else if (peek() != close) {
        return wrong(at_, fmt::format("a comma or {} is missing", close));
      }
    }
    value.end = ++at_;
    return {};
  }

  Status read_item(JsoncValue& value, std::size_t depth) {
    JsoncItem item;
    item.begin = at_;
    if (value.kind == JsoncKind::kObject) {
      if (peek() != '"') {
        return wrong(at_, "a key in double quotes is missing");
      }
      REPOMAP_TRY(read_string());
      item.key = decoded(text_.substr(item.begin, at_ - item.begin));
      REPOMAP_TRY(skip_blank());
      if (peek() != ':') {
        return wrong(at_, "a colon is missing");
      }
      ++at_;
      REPOMAP_TRY(skip_blank());
    }
    REPOMAP_TRY(read_value(item.value, depth + 1));
    value.items.push_back(std::move(item));
    return {};
  }
  // NOLINTEND(misc-no-recursion)

  Status read_string() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (static_cast<unsigned char>(text_[at_]) < 0x20) {
        return wrong(at_, "a control character in a string");
      }
      at_ += text_[at_] == '\\' ? 2U : 1U;
    }
    if (at_ >= text_.size()) {
      at_ = text_.size();
      return wrong(begin, "a string that is not closed");
    }
    ++at_;
    return check_scalar(begin);
  }

  Status read_other() {
    const std::size_t begin = at_;
    while (is_digit(peek()) || is_word(peek()) || peek() == '-' || peek() == '+' || peek() == '.') {
      ++at_;
    }
    return at_ == begin ? wrong(begin, "a value is missing") : check_scalar(begin);
  }

  Status check_scalar(std::size_t begin) const {
    if (!parse_json(text_.substr(begin, at_ - begin))) {
      return wrong(begin, "this is no JSON value");
    }
    return {};
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  std::size_t values_ = 0;
};

}  // namespace

std::vector<const JsoncItem*> JsoncValue::members(std::string_view key) const {
  std::vector<const JsoncItem*> found;
  for (const JsoncItem& item : items) {
    if (kind == JsoncKind::kObject && item.key == key) {
      found.push_back(&item);
    }
  }
  return found;
}

Result<std::optional<JsoncValue>> parse_jsonc(std::string_view text) {
  if (text.size() > kMaxJsoncBytes) {
    return fail(ErrorCode::kLimitExceeded, fmt::format("more than {} bytes", kMaxJsoncBytes));
  }
  return Parser(text).parse();
}

std::string place_in_text(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::size_t newline = before.rfind('\n');
  const std::size_t column = newline == std::string_view::npos ? before.size() : before.size() - newline - 1;
  return fmt::format("{}:{}", line, column + 1);
}

std::string jsonc_string(std::string_view text, const JsoncValue& value) {
  return decoded(text.substr(value.begin, value.end - value.begin));
}

std::size_t last_content_end(std::string_view text, std::size_t begin, std::size_t end) {
  std::size_t last = begin;
  for (std::size_t at = begin; at < end;) {
    const std::size_t comment_end = skip_comment(text, at);
    if (comment_end != std::string_view::npos) {
      last = at = comment_end;
    } else if (!is_space(text[at++])) {
      last = at;
    }
  }
  return last;
}

std::optional<std::size_t> find_comma(std::string_view text, std::size_t begin, std::size_t end) {
  for (std::size_t at = begin; at < end;) {
    const std::size_t comment_end = skip_comment(text, at);
    if (comment_end != std::string_view::npos) {
      at = comment_end;
    } else if (text[at] == ',') {
      return at;
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

}  // namespace repomap::cli
