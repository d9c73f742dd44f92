// SPDX-License-Identifier: Apache-2.0
#include "watcher/glob_pattern.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <span>

namespace repomap {
namespace {

using ByteSet = std::bitset<256>;

constexpr bool is_between(unsigned byte, char low, char high) {
  return byte >= static_cast<unsigned char>(low) && byte <= static_cast<unsigned char>(high);
}
constexpr bool is_lower(unsigned byte) { return is_between(byte, 'a', 'z'); }
constexpr bool is_upper(unsigned byte) { return is_between(byte, 'A', 'Z'); }
constexpr bool is_digit(unsigned byte) { return is_between(byte, '0', '9'); }
constexpr bool is_alpha(unsigned byte) { return is_lower(byte) || is_upper(byte); }
constexpr bool is_alnum(unsigned byte) { return is_alpha(byte) || is_digit(byte); }
constexpr bool is_graph(unsigned byte) { return is_between(byte, '!', '~'); }
constexpr bool is_blank(unsigned byte) { return byte == ' ' || byte == '\t'; }
constexpr bool is_cntrl(unsigned byte) { return byte < 0x20 || byte == 0x7f; }
constexpr bool is_print(unsigned byte) { return is_between(byte, ' ', '~'); }
constexpr bool is_punct(unsigned byte) { return is_graph(byte) && !is_alnum(byte); }
constexpr bool is_space(unsigned byte) { return byte == ' ' || (byte >= 9 && byte <= 13); }
constexpr bool is_xdigit(unsigned byte) {
  return is_digit(byte) || is_between(byte, 'a', 'f') || is_between(byte, 'A', 'F');
}

struct NamedClass {
  std::string_view name;
  bool (*contains)(unsigned byte);
};

constexpr std::array<NamedClass, 12> kNamedClasses{{{"alnum", is_alnum},
                                                    {"alpha", is_alpha},
                                                    {"blank", is_blank},
                                                    {"cntrl", is_cntrl},
                                                    {"digit", is_digit},
                                                    {"graph", is_graph},
                                                    {"lower", is_lower},
                                                    {"print", is_print},
                                                    {"punct", is_punct},
                                                    {"space", is_space},
                                                    {"upper", is_upper},
                                                    {"xdigit", is_xdigit}}};

/// Reads one bracket expression of POSIX fnmatch as git does: '!' and '^' negate, ']' stands for itself in the first
/// place, '\' quotes. With folded case the set holds small letters only, as the text is folded before it is looked up.
class ClassReader {
 public:
  ClassReader(std::string_view pattern, std::size_t at, CaseRule case_rule)
      : pattern_(pattern), at_(at), case_rule_(case_rule) {}

  /// Reads from behind '[' to behind ']'. False if the expression is malformed.
  bool read() {
    const bool negated = peek(0) == '!' || peek(0) == '^';
    at_ += negated ? 1 : 0;
    do {
      if (at_ >= pattern_.size() || !read_item()) {
        return false;
      }
    } while (peek(0) != ']');
    ++at_;
    if (negated) {
      set_.flip();
    }
    set_.reset('/');
    return true;
  }

  std::size_t end() const { return at_; }
  const ByteSet& set() const { return set_; }

 private:
  // NUL never occurs in a pattern, so it can stand for "behind the end".
  char peek(std::size_t ahead) const { return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0'; }

  bool read_item() {
    if (peek(0) == '-' && range_start_ != 0 && peek(1) != '\0' && peek(1) != ']') {
      return read_range();
    }
    if (peek(0) == '[' && peek(1) == ':') {
      return read_named();
    }
    at_ += peek(0) == '\\' ? 1 : 0;
    if (at_ >= pattern_.size()) {
      return false;
    }
    range_start_ = pattern_[at_++];
    set_.set(static_cast<unsigned char>(range_start_));
    return true;
  }

  bool read_range() {
    at_ += peek(1) == '\\' ? 2 : 1;
    if (at_ >= pattern_.size()) {
      return false;
    }
    const unsigned low = static_cast<unsigned char>(range_start_);
    const unsigned high = static_cast<unsigned char>(pattern_[at_++]);
    for (unsigned byte = low; byte <= high; ++byte) {
      add_either_case(byte);
    }
    range_start_ = 0;
    return true;
  }

  bool read_named() {
    const std::size_t start = at_ + 2;
    const std::size_t close = pattern_.find(']', start);
    if (close == std::string_view::npos) {
      return false;
    }
    if (close == start || pattern_[close - 1] != ':') {
      range_start_ = '[';
      set_.set('[');
      ++at_;
      return true;
    }
    const auto* named = std::ranges::find(kNamedClasses, pattern_.substr(start, close - 1 - start), &NamedClass::name);
    if (named == kNamedClasses.end()) {
      return false;
    }
    for (unsigned byte = 0; byte < set_.size(); ++byte) {
      if (named->contains(byte)) {
        add_either_case(byte);
      }
    }
    at_ = close + 1;
    range_start_ = 0;
    return true;
  }

  void add_either_case(unsigned byte) {
    set_.set(byte);
    if (case_rule_ == CaseRule::kInsensitive && is_upper(byte)) {
      set_.set(byte - 'A' + 'a');
    }
  }

  std::string_view pattern_;
  std::size_t at_;
  CaseRule case_rule_;
  ByteSet set_;
  char range_start_ = 0;  // the byte before a '-', if a range may start with it
};

}  // namespace

/// A set of automaton states, one bit each.
class GlobPattern::States {
 public:
  explicit States(std::size_t count) {
    const std::size_t words = (count + 63) / 64;
    if (words > few_.size()) {
      many_.resize(words);
    }
    words_ = words > few_.size() ? std::span(many_) : std::span(few_).first(words);
  }
  States(const States&) = delete;
  States& operator=(const States&) = delete;

  void set(std::size_t state) { words_[state / 64] |= std::uint64_t{1} << (state % 64); }
  bool test(std::size_t state) const { return ((words_[state / 64] >> (state % 64)) & 1) != 0; }
  void clear() { std::ranges::fill(words_, 0); }
  bool empty() const {
    return std::ranges::all_of(words_, [](std::uint64_t word) { return word == 0; });
  }
  std::span<const std::uint64_t> words() const { return words_; }

 private:
  std::array<std::uint64_t, 2> few_{};
  std::vector<std::uint64_t> many_;
  std::span<std::uint64_t> words_;
};

GlobPattern::GlobPattern(std::string_view pattern, CaseRule case_rule) : case_rule_(case_rule) {
  compile(pattern);
  split_tail();
}

void GlobPattern::add(Step step, char byte) {
  const bool repeats = step == Step::kStar || step == Step::kAnyPath || step == Step::kDirectories;
  if (repeats && !tokens_.empty() && tokens_.back().step == step) {
    return;  // twice is the same as once
  }
  spans_directories_ |= step == Step::kAnyPath || step == Step::kDirectories;
  least_bytes_ += repeats ? 0 : 1;
  tokens_.push_back({step, byte, static_cast<std::uint32_t>(classes_.size())});
}

void GlobPattern::compile(std::string_view pattern) {
  std::size_t at = 0;
  while (at < pattern.size() && !malformed_) {
    switch (pattern[at]) {
      case '*': at = compile_star(pattern, at); break;
      case '[': at = compile_class(pattern, at + 1); break;
      case '?':
        add(Step::kAnyByte, 0);
        ++at;
        break;
      case '\\':
        malformed_ = at + 1 == pattern.size();
        if (!malformed_) {
          add(Step::kByte, pattern[at + 1]);
        }
        at += 2;
        break;
      default: add(Step::kByte, case_rule_ == CaseRule::kInsensitive ? fold_case(pattern[at]) : pattern[at]); ++at;
    }
  }
}

std::size_t GlobPattern::compile_star(std::string_view pattern, std::size_t at) {
  const bool after_slash = at == 0 || pattern[at - 1] == '/';
  const std::size_t end = std::min(pattern.find_first_not_of('*', at), pattern.size());
  const std::string_view rest = pattern.substr(end);
  const bool before_slash = rest.empty() || rest.starts_with('/') || rest.starts_with("\\/");
  if (end - at < 2 || !after_slash || !before_slash) {
    add(Step::kStar, 0);
    return end;
  }
  if (rest.starts_with('/')) {
    add(Step::kDirectories, 0);
    return end + 1;
  }
  add(Step::kAnyPath, 0);
  return end;
}

std::size_t GlobPattern::compile_class(std::string_view pattern, std::size_t at) {
  ClassReader reader(pattern, at, case_rule_);
  if (!reader.read()) {
    malformed_ = true;
    return pattern.size();
  }
  add(Step::kClass, 0);
  classes_.push_back(reader.set());
  return reader.end();
}

void GlobPattern::split_tail() {
  while (!tokens_.empty() && tokens_.back().step == Step::kByte) {
    tail_ += tokens_.back().byte;
    tokens_.pop_back();
  }
  std::ranges::reverse(tail_);
}

void GlobPattern::enter(States& states, std::size_t state) const {
  states.set(state);
  while (state < tokens_.size() && tokens_[state].step >= Step::kStar) {
    states.set(++state);
  }
}

bool GlobPattern::accepts(const Token& token, char byte) const {
  switch (token.step) {
    case Step::kByte: return token.byte == byte;
    case Step::kAnyByte: return byte != '/';
    case Step::kClass: return classes_[token.byte_class].test(static_cast<unsigned char>(byte));
    default: return false;
  }
}

void GlobPattern::advance(std::size_t state, char byte, States& next) const {
  if (state == tokens_.size()) {
    return;
  }
  const Token& token = tokens_[state];
  switch (token.step) {
    case Step::kByte:
    case Step::kAnyByte:
    case Step::kClass:
      if (accepts(token, byte)) {
        enter(next, state + 1);
      }
      break;
    case Step::kStar:
      if (byte != '/') {
        enter(next, state);
      }
      break;
    case Step::kAnyPath: enter(next, state); break;
    case Step::kDirectories:
      // Inside a directory's name: what follows may only start behind the next '/'.
      next.set(state);
      if (byte == '/') {
        enter(next, state + 1);
      }
      break;
  }
}

bool GlobPattern::ends_with_tail(std::string_view path) const {
  if (case_rule_ == CaseRule::kSensitive) {
    return path.ends_with(tail_);
  }
  // The tail is compared as it stands: a quoted capital matches nothing, as in git.
  return std::ranges::equal(path.substr(path.size() - tail_.size()), tail_, {}, fold_case);
}

bool GlobPattern::matches(std::string_view path) const {
  if (malformed_ || path.size() < least_bytes_ || !ends_with_tail(path)) {
    return false;
  }
  path.remove_suffix(tail_.size());
  if (tokens_.size() == 1) {  // "*.o", "**/name", "dir/**": most patterns that people write
    switch (tokens_.front().step) {
      case Step::kStar: return !path.contains('/');
      case Step::kAnyPath: return true;
      case Step::kDirectories: return path.empty() || path.ends_with('/');
      default: break;
    }
  }
  return spans_directories_ ? simulate(path) : match_greedily(path);
}

/// Backs up to the last star only. That is exact: between two '/' a later start for an earlier star can reach nothing
/// that a later start for the last one cannot, and no star crosses a '/'.
bool GlobPattern::match_greedily(std::string_view path) const {
  constexpr std::size_t kNoStar = std::string_view::npos;
  std::size_t star = kNoStar;
  std::size_t star_end = 0;  // of what the star matches
  std::size_t token = 0;
  for (std::size_t at = 0; at < path.size();) {
    const char byte = case_rule_ == CaseRule::kInsensitive ? fold_case(path[at]) : path[at];
    if (token < tokens_.size() && tokens_[token].step == Step::kStar) {
      star = token++;
      star_end = at;
    } else if (token < tokens_.size() && accepts(tokens_[token], byte)) {
      ++token;
      ++at;
    } else if (star != kNoStar && path[star_end] != '/') {
      token = star + 1;
      at = ++star_end;
    } else {
      return false;
    }
  }
  while (token < tokens_.size() && tokens_[token].step == Step::kStar) {
    ++token;
  }
  return token == tokens_.size();
}

bool GlobPattern::simulate(std::string_view path) const {
  States first(tokens_.size() + 1);
  States second(tokens_.size() + 1);
  States* now = &first;
  States* next = &second;
  enter(*now, 0);
  for (const char byte : path) {
    const char folded = case_rule_ == CaseRule::kInsensitive ? fold_case(byte) : byte;
    next->clear();
    for (std::size_t word = 0; word < now->words().size(); ++word) {
      for (std::uint64_t bits = now->words()[word]; bits != 0; bits &= bits - 1) {
        advance(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)), folded, *next);
      }
    }
    std::swap(now, next);
    if (now->empty()) {
      return false;
    }
  }
  return now->test(tokens_.size());
}

}  // namespace repomap
