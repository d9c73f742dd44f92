// SPDX-License-Identifier: Apache-2.0
#include "cli/client_toml.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/jsonc_document.hpp"
#include "service/protocol/json_value.hpp"

namespace repomap::cli {
namespace {

bool is_bare(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '_' || letter == '-';
}

/// Reads one text from its beginning to its end.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Result<std::vector<TomlStatement>> scan() {
    std::vector<TomlStatement> statements;
    at_ = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    for (skip_blank_lines(); at_ < text_.size(); skip_blank_lines()) {
      TomlStatement& statement = statements.emplace_back();
      statement.begin = at_;
      REPOMAP_TRY(peek() == '[' ? read_header(statement) : read_pair(statement));
      statement.end = at_;
      skip_spaces();
      skip_comment();
      if (at_ < text_.size() && peek() != '\n' && peek() != '\r') {
        return wrong(at_, "the end of the line is missing");
      }
    }
    return statements;
  }

 private:
  std::unexpected<Error> wrong(std::size_t at, std::string_view what) const {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{}: {}", place_in_text(text_, at), what));
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_spaces() {
    while (peek() == ' ' || peek() == '\t') {
      ++at_;
    }
  }

  void skip_comment() {
    if (peek() == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    }
  }

  void skip_blank_lines() {
    for (std::size_t before = text_.size() + 1; before != at_;) {
      before = at_;
      skip_spaces();
      skip_comment();
      at_ += peek() == '\n' || peek() == '\r' ? 1U : 0U;
    }
  }

  Status read_header(TomlStatement& statement) {
    const bool is_array = text_.substr(at_).starts_with("[[");
    const std::string_view close = is_array ? "]]" : "]";
    statement.kind = is_array ? TomlKind::kArrayTable : TomlKind::kTable;
    at_ += close.size();
    REPOMAP_TRY(read_key(statement.key));
    if (!text_.substr(at_).starts_with(close)) {
      return wrong(at_, fmt::format("{} is missing", close));
    }
    at_ += close.size();
    return {};
  }

  Status read_pair(TomlStatement& statement) {
    REPOMAP_TRY(read_key(statement.key));
    if (peek() != '=') {
      return wrong(at_, "= is missing");
    }
    ++at_;
    skip_spaces();
    statement.value_begin = at_;
    return read_value();
  }

  Status read_key(std::vector<std::string>& key) {
    while (true) {
      skip_spaces();
      const std::size_t begin = at_;
      if (peek() == '"' || peek() == '\'') {
        REPOMAP_TRY(read_string());
        key.push_back(toml_string(text_.substr(begin, at_ - begin)));
      } else {
        while (is_bare(peek())) {
          ++at_;
        }
        if (at_ == begin) {
          return wrong(at_, "a key is missing");
        }
        key.emplace_back(text_.substr(begin, at_ - begin));
      }
      skip_spaces();
      if (peek() != '.') {
        return {};
      }
      ++at_;
    }
  }

  /// To the end of the line, or of the brackets and strings that go beyond it.
  Status read_value() {
    const std::size_t begin = at_;
    std::size_t content_end = at_;
    int depth = 0;
    while (at_ < text_.size()) {
      const char letter = peek();
      if (depth == 0 && (letter == '\n' || letter == '\r' || letter == '#')) {
        break;
      }
      if (letter == '"' || letter == '\'') {
        REPOMAP_TRY(read_string());
        content_end = at_;
        continue;
      }
      if (letter == '#') {
        skip_comment();
        continue;
      }
      depth += letter == '[' || letter == '{' ? 1 : 0;
      depth -= letter == ']' || letter == '}' ? 1 : 0;
      if (depth < 0) {
        return wrong(at_, "a bracket too many");
      }
      ++at_;
      content_end = letter == ' ' || letter == '\t' ? content_end : at_;
    }
    if (depth > 0 || content_end == begin) {
      return wrong(begin, depth > 0 ? "a bracket that is not closed" : "a value is missing");
    }
    at_ = content_end;
    return {};
  }

  Status read_string() {
    const std::size_t begin = at_;
    const char quote = peek();
    const std::string triple(3, quote);
    const bool is_long = text_.substr(at_).starts_with(triple);
    at_ += is_long ? 3U : 1U;
    while (at_ < text_.size()) {
      if (quote == '"' && peek() == '\\') {
        at_ += 2;
      } else if (is_long && text_.substr(at_).starts_with(triple)) {
        at_ += 3;
        // One or two quotes may stand directly before those that close.
        at_ += peek() == quote ? 1U : 0U;
        at_ += peek() == quote ? 1U : 0U;
        return {};
      } else if (!is_long && peek() == quote) {
        ++at_;
        return {};
      } else if (!is_long && peek() == '\n') {
        break;
      } else {
        ++at_;
      }
    }
    at_ = std::min(at_, text_.size());
    return wrong(begin, "a string that is not closed");
  }

  const std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<TomlStatement>> parse_toml(std::string_view text) { return Scanner(text).scan(); }

std::string toml_string(std::string_view value) {
  const bool is_long = value.starts_with("\"\"\"") || value.starts_with("'''");
  if (value.size() < 2 || is_long || value.front() != value.back()) {
    return "";
  }
  if (value.front() == '\'') {
    return std::string(value.substr(1, value.size() - 2));
  }
  const auto json = value.front() == '"' ? parse_json(value) : fail(ErrorCode::kInvalidArgument, "");
  return json && json->is_string() ? json->get<std::string>() : std::string();
}

}  // namespace repomap::cli
