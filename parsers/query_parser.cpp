// SPDX-License-Identifier: Apache-2.0
#include "parsers/query_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace repomap {
namespace {

// Terms in terms; real patterns have a dozen levels.
constexpr int kMaxDepth = 200;

bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool continues_word(char c) { return starts_word(c) || c == '.' || c == '?' || c == '!'; }

class QueryReader {
 public:
  QueryReader(const TSLanguage* language, std::string_view text) : language_(language), text_(text) {}

  bool read_all() {
    skip_blanks();
    while (at_ < text_.size()) {
      pattern_ = &query_.patterns.emplace_back();
      pattern_->begin = at_;
      Children roots;
      if (read_item(roots, false, 0) != Item::kRead) {
        return fail_at(at_, "syntax error");
      }
      if (roots.terms.empty()) {
        pattern_->term.kind = QueryTerm::Kind::kGroup;  // predicates alone
      } else {
        pattern_->term = std::move(roots.terms.front());
      }
      pattern_->end = at_;
    }
    return true;
  }

  ParsedQuery take() { return std::move(query_); }
  std::size_t error_offset() const { return error_offset_; }
  std::string_view error() const { return error_; }

 private:
  enum class Item : std::uint8_t { kRead, kEndOfParent, kError };
  struct Children {
    std::vector<QueryTerm> terms;
    bool ends_with_predicate = false;
  };

  bool fail_at(std::size_t offset, std::string_view what) {
    if (error_.empty()) {
      error_offset_ = offset;
      error_ = what;
    }
    return false;
  }

  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool take_character(char c) {
    if (next() != c) {
      return false;
    }
    ++at_;
    skip_blanks();
    return true;
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ';') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
        ++at_;
      } else {
        return;
      }
    }
  }

  /// The word here; empty, and an error, if there is none. Leaves the blanks behind it.
  std::string_view read_word() {
    if (!starts_word(next())) {
      fail_at(at_, "syntax error");
      return {};
    }
    const std::size_t begin = at_;
    while (at_ < text_.size() && continues_word(text_[at_])) {
      ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  bool read_string(std::string& value) {
    const std::size_t begin = at_++;
    for (; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (c != '\\') {
        value += c;
      } else if (++at_ < text_.size()) {
        const char escaped = text_[at_];
        value += escaped == 'n'   ? '\n'
                 : escaped == 'r' ? '\r'
                 : escaped == 't' ? '\t'
                 : escaped == '0' ? '\0'
                                  : escaped;
      }
    }
    return fail_at(begin, "syntax error");
  }

  bool find_symbol(std::string_view name, bool is_named, std::size_t offset, TSSymbol& symbol) {
    symbol = ts_language_symbol_for_name(language_, name.data(), static_cast<std::uint32_t>(name.size()), is_named);
    return symbol != 0 || fail_at(offset, "the grammar has no such node");
  }

  bool find_field(std::string_view name, std::size_t offset, TSFieldId& field) {
    field = ts_language_field_id_for_name(language_, name.data(), static_cast<std::uint32_t>(name.size()));
    return field != 0 || fail_at(offset, "the grammar has no such field");
  }

  std::uint16_t capture_id(std::string_view name, std::size_t offset) {
    auto& captures = query_.captures;
    const auto found = std::ranges::find(captures, name, &ParsedQuery::CaptureName::name);
    if (found == captures.end()) {
      captures.push_back({std::string(name), offset});
      return static_cast<std::uint16_t>(captures.size() - 1);
    }
    return static_cast<std::uint16_t>(found - captures.begin());
  }

  // NOLINTBEGIN(misc-no-recursion): as deep as the query is nested, which read_item limits to kMaxDepth.
  /// Reads a term into `siblings`, or a predicate into the pattern.
  Item read_item(Children& siblings, bool is_immediate, int depth) {
    if (next() == ')' || next() == ']') {
      return Item::kEndOfParent;
    }
    if (depth > kMaxDepth || next() == '\0') {
      fail_at(at_, "syntax error");
      return Item::kError;
    }
    siblings.ends_with_predicate = false;
    QueryTerm term;
    term.is_immediate = is_immediate;
    bool is_predicate = false;
    if (!read_term(term, is_predicate, depth)) {
      return Item::kError;
    }
    if (is_predicate) {
      siblings.ends_with_predicate = true;
      return Item::kRead;
    }
    skip_blanks();
    if (!read_suffixes(term)) {
      return Item::kError;
    }
    siblings.terms.push_back(std::move(term));
    return Item::kRead;
  }

  bool read_term(QueryTerm& term, bool& is_predicate, int depth) {
    switch (next()) {
      case '[':
        take_character('[');
        term.kind = QueryTerm::Kind::kAlternation;
        return read_members(term, ']', depth) && (!term.terms.empty() || fail_at(at_, "syntax error"));
      case '(':
        take_character('(');
        if (next() == '(' || next() == '[' || next() == '"') {
          term.kind = QueryTerm::Kind::kGroup;
          return read_members(term, ')', depth);
        }
        if (next() == '#' || next() == '.') {
          ++at_;
          is_predicate = true;
          return read_predicate();
        }
        return read_node(term, depth);
      case '"': return read_literal(term);
      default: break;
    }
    const std::size_t begin = at_;
    const std::string_view word = next() == '_' ? text_.substr(at_++, 1) : read_word();
    if (word == "_") {
      return true;
    }
    skip_blanks();
    if (word.empty() || !take_character(':')) {
      return fail_at(begin, "syntax error");
    }
    return read_field_value(term, word, begin, depth);
  }

  bool read_field_value(QueryTerm& term, std::string_view name, std::size_t offset, int depth) {
    Children value;
    if (read_item(value, term.is_immediate, depth + 1) != Item::kRead || value.terms.empty()) {
      return fail_at(at_, "syntax error");
    }
    term = std::move(value.terms.front());
    return find_field(name, offset, term.field);
  }

  bool read_literal(QueryTerm& term) {
    const std::size_t begin = at_;
    std::string name;
    return read_string(name) && find_symbol(name, false, begin + 1, term.symbol);
  }

  /// The branches of an alternation or the members of a group.
  bool read_members(QueryTerm& term, char end, int depth) {
    Children members;
    bool is_immediate = term.is_immediate;
    while (true) {
      if (term.kind == QueryTerm::Kind::kGroup && take_character('.')) {
        is_immediate = true;
      }
      const Item item = read_item(members, is_immediate, depth + 1);
      if (item != Item::kRead) {
        term.terms = std::move(members.terms);
        if (item != Item::kEndOfParent || next() != end) {
          return fail_at(at_, "syntax error");
        }
        ++at_;
        return true;
      }
      is_immediate = term.kind == QueryTerm::Kind::kAlternation && term.is_immediate;
    }
  }

  bool read_node(QueryTerm& term, int depth) {
    const std::size_t begin = at_;
    const std::string_view name = read_word();
    if (name.empty()) {
      return false;
    }
    if (name == "_") {
      term.takes_named_only = true;
    } else if (std::string_view("MISSING").starts_with(name)) {
      if (!read_missing(term)) {
        return false;
      }
    } else if (!find_symbol(name, true, begin, term.symbol)) {
      return false;
    }
    term.is_supertype = term.symbol != 0 && ts_language_symbol_type(language_, term.symbol) == TSSymbolTypeSupertype;
    skip_blanks();
    if (term.is_supertype && take_character('/')) {
      TSSymbol subtype = 0;
      const std::size_t subtype_begin = at_;
      if (!find_symbol(read_word(), true, subtype_begin, subtype)) {
        return false;
      }
      skip_blanks();
    }
    return read_children(term, depth);
  }

  bool read_missing(QueryTerm& term) {
    term.is_missing = true;
    skip_blanks();
    const std::size_t begin = at_;
    if (next() == ')') {
      term.takes_named_only = true;
      return true;
    }
    return next() == '"' ? read_literal(term) : find_symbol(read_word(), true, begin, term.symbol);
  }

  bool read_children(QueryTerm& term, int depth) {
    Children children;
    bool is_immediate = false;
    while (true) {
      if (take_character('!')) {
        const std::size_t begin = at_;
        TSFieldId field = 0;
        if (!find_field(read_word(), begin, field)) {
          return false;
        }
        term.absent_fields.push_back(field);
        skip_blanks();
        continue;
      }
      if (take_character('.')) {
        is_immediate = true;
      }
      const Item item = read_item(children, is_immediate, depth + 1);
      if (item == Item::kEndOfParent && next() == ')') {
        if (is_immediate && children.terms.empty()) {
          return fail_at(at_, "syntax error");
        }
        if (is_immediate) {
          children.terms.back().is_last = true;
          term.has_loose_anchor = children.ends_with_predicate;
        }
        term.terms = std::move(children.terms);
        ++at_;
        return true;
      }
      if (item != Item::kRead) {
        return fail_at(at_, "syntax error");
      }
      is_immediate = false;
    }
  }
  // NOLINTEND(misc-no-recursion)

  bool read_suffixes(QueryTerm& term) {
    bool has_quantifier = false;
    while (true) {
      const std::size_t quantifier = at_;
      if (take_character('?') || take_character('*') || take_character('+')) {
        if (has_quantifier) {
          return fail_at(quantifier, "a second quantifier");  // the library does not come back from it
        }
        has_quantifier = true;
        term.is_repeatable = true;
      } else if (next() == '@') {
        const std::size_t begin = at_++;
        const std::string_view name = read_word();
        if (name.empty()) {
          return false;
        }
        term.captures.push_back(capture_id(name, begin));
        skip_blanks();
      } else {
        return true;
      }
    }
  }

  bool read_predicate() {
    QueryPredicate predicate;
    predicate.offset = at_;
    predicate.name = read_word();
    skip_blanks();
    while (error_.empty() && !take_character(')')) {
      if (next() == '"') {
        std::string value;
        read_string(value);
        predicate.arguments.emplace_back(std::move(value));
      } else if (next() == '@') {
        const std::size_t begin = ++at_;
        const std::string_view name = read_word();
        const auto& captures = query_.captures;
        const auto found = std::ranges::find(captures, name, &ParsedQuery::CaptureName::name);
        if (found == captures.end()) {
          return fail_at(begin, "no such capture");
        }
        predicate.arguments.emplace_back(
            QueryPredicate::CaptureId{static_cast<std::uint32_t>(found - captures.begin())});
      } else {
        predicate.arguments.emplace_back(std::string(read_word()));
      }
      skip_blanks();
    }
    pattern_->predicates.push_back(std::move(predicate));
    return error_.empty();
  }

  const TSLanguage* language_;
  std::string_view text_;
  std::size_t at_ = 0;
  ParsedQuery query_;
  QueryPattern* pattern_ = nullptr;  // the one that is being read
  std::size_t error_offset_ = 0;
  std::string_view error_;  // the first; empty for none
};

}  // namespace

Result<ParsedQuery> parse_query(const TSLanguage* language, const QuerySource& source) {
  const std::string_view text = source.text();
  QueryReader reader(language, text);
  if (!reader.read_all()) {
    const std::size_t offset = reader.error_offset();
    const std::string_view line = text.substr(offset, text.find('\n', offset) - offset).substr(0, 60);
    return fail(ErrorCode::kInvalidArgument, fmt::format("{}: {}: {}", source.place_of(offset), reader.error(), line));
  }
  return reader.take();
}

}  // namespace repomap
