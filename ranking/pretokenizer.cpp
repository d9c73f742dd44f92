// SPDX-License-Identifier: Apache-2.0
//
// The patterns of both encodings are alternations that can be matched without a general regular expression engine:
// each alternative is a sequence of runs over eight classes of characters, and what backtracking would find follows
// from where a run contains its last character of a given class. Each function below is one alternative; it returns
// one past the end of its match, or `begin` where it does not match. The first alternative that matches wins.
#include "ranking/pretokenizer.hpp"

#include <array>

#include "ranking/pretoken_class.hpp"

namespace repomap {
namespace {

/// A set of classes, bit i for class i.
using ClassSet = unsigned;

constexpr ClassSet set_of(PretokenClass one) { return 1U << static_cast<unsigned>(one); }

constexpr ClassSet kNewline = set_of(PretokenClass::kNewline);
constexpr ClassSet kNumber = set_of(PretokenClass::kNumber);
constexpr ClassSet kCaseless = set_of(PretokenClass::kLetter) | set_of(PretokenClass::kMark);
constexpr ClassSet kUpperRun = set_of(PretokenClass::kUpper) | kCaseless;
constexpr ClassSet kLowerRun = set_of(PretokenClass::kLower) | kCaseless;
constexpr ClassSet kLetter =
    set_of(PretokenClass::kUpper) | set_of(PretokenClass::kLower) | set_of(PretokenClass::kLetter);
constexpr ClassSet kWhiteSpace = set_of(PretokenClass::kSpace) | kNewline;
constexpr ClassSet kPunctuation = set_of(PretokenClass::kOther) | set_of(PretokenClass::kMark);

struct Character {
  ClassSet classes = 0;    ///< exactly one bit
  std::size_t length = 1;  ///< in bytes
};

constexpr PretokenClass ascii_class(unsigned char byte) {
  if (byte >= 'A' && byte <= 'Z') {
    return PretokenClass::kUpper;
  }
  if (byte >= 'a' && byte <= 'z') {
    return PretokenClass::kLower;
  }
  if (byte >= '0' && byte <= '9') {
    return PretokenClass::kNumber;
  }
  if (byte == '\n' || byte == '\r') {
    return PretokenClass::kNewline;
  }
  return byte == ' ' || (byte >= '\t' && byte <= '\r') ? PretokenClass::kSpace : PretokenClass::kOther;
}

constexpr auto kAsciiSets = [] {
  std::array<std::uint8_t, 0x80> sets{};
  for (std::size_t byte = 0; byte < sets.size(); ++byte) {
    sets[byte] = static_cast<std::uint8_t>(set_of(ascii_class(static_cast<unsigned char>(byte))));
  }
  return sets;
}();

Character decode_wide(std::string_view text, std::size_t position) {
  const auto bits_at = [&](std::size_t offset, std::uint32_t mask) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[position + offset])) & mask;
  };
  const auto lead = static_cast<unsigned char>(text[position]);
  std::uint32_t code_point = 0;
  std::size_t length = 2;
  if (lead < 0xe0) {
    code_point = (bits_at(0, 0x1f) << 6) | bits_at(1, 0x3f);
  } else if (lead < 0xf0) {
    code_point = (bits_at(0, 0x0f) << 12) | (bits_at(1, 0x3f) << 6) | bits_at(2, 0x3f);
    length = 3;
  } else {
    code_point = (bits_at(0, 0x07) << 18) | (bits_at(1, 0x3f) << 12) | (bits_at(2, 0x3f) << 6) | bits_at(3, 0x3f);
    length = 4;
  }
  return {.classes = set_of(pretoken_class(code_point)), .length = length};
}

/// REQUIRES: position < text.size() and a character begins there.
inline Character character_at(std::string_view text, std::size_t position) {
  const auto byte = static_cast<unsigned char>(text[position]);
  if (byte < kAsciiSets.size()) [[likely]] {
    return {.classes = kAsciiSets[byte], .length = 1};
  }
  return decode_wide(text, position);
}

/// The end of the longest run of characters of `classes` that begins at `position`.
inline std::size_t skip_run(std::string_view text, std::size_t position, ClassSet classes) {
  while (position < text.size()) {
    const Character character = character_at(text, position);
    if ((character.classes & classes) == 0) {
      break;
    }
    position += character.length;
  }
  return position;
}

constexpr char to_ascii_lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// 's 't 'm 'd 're 've 'll in either case of each letter.
std::size_t match_contraction(std::string_view text, std::size_t begin) {
  if (begin + 1 >= text.size() || text[begin] != '\'') {
    return begin;
  }
  const char first = to_ascii_lower(text[begin + 1]);
  if (first == 's' || first == 't' || first == 'm' || first == 'd') {
    return begin + 2;
  }
  if (begin + 2 >= text.size()) {
    return begin;
  }
  const char second = to_ascii_lower(text[begin + 2]);
  const bool is_pair = ((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l');
  return is_pair ? begin + 3 : begin;
}

/// [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+
std::size_t match_lower_word(std::string_view text, std::size_t begin) {
  std::size_t upper_end = begin;
  std::size_t caseless_end = begin;  // of the last character that both runs can hold
  while (upper_end < text.size()) {
    const Character character = character_at(text, upper_end);
    if ((character.classes & kUpperRun) == 0) {
      break;
    }
    upper_end += character.length;
    if ((character.classes & kCaseless) != 0) {
      caseless_end = upper_end;
    }
  }
  const std::size_t lower_end = skip_run(text, upper_end, kLowerRun);
  return lower_end > upper_end ? lower_end : caseless_end;
}

/// [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*
std::size_t match_upper_word(std::string_view text, std::size_t begin) {
  const std::size_t upper_end = skip_run(text, begin, kUpperRun);
  return upper_end > begin ? skip_run(text, upper_end, kLowerRun) : begin;
}

/// \p{L}+
std::size_t match_letters(std::string_view text, std::size_t begin) { return skip_run(text, begin, kLetter); }

/// [^\r\n\p{L}\p{N}]? and then `word`.
template <typename Word>
std::size_t match_prefixed(std::string_view text, std::size_t begin, Character first, const Word& word) {
  if ((first.classes & (kNewline | kLetter | kNumber)) == 0) {
    const std::size_t word_begin = begin + first.length;
    const std::size_t end = word(text, word_begin);
    if (end > word_begin) {
      return end;
    }
  }
  return word(text, begin);
}

/// \p{N}{1,3}
std::size_t match_number(std::string_view text, std::size_t begin) {
  constexpr int kMostDigits = 3;
  std::size_t end = begin;
  for (int digits = 0; digits < kMostDigits && end < text.size(); ++digits) {
    const Character character = character_at(text, end);
    if ((character.classes & kNumber) == 0) {
      break;
    }
    end += character.length;
  }
  return end;
}

/// " ?[^\s\p{L}\p{N}]+[\r\n]*", with `slash` ('/') also in the last class, or '\n' where there is none.
std::size_t match_punctuation(std::string_view text, std::size_t begin, char slash) {
  const std::size_t run_begin = text[begin] == ' ' ? begin + 1 : begin;
  std::size_t end = skip_run(text, run_begin, kPunctuation);
  if (end == run_begin) {
    return begin;
  }
  while (end < text.size() && (text[end] == '\r' || text[end] == '\n' || text[end] == slash)) {
    ++end;
  }
  return end;
}

/// \s*[\r\n]+|\s+(?!\S)|\s+
std::size_t match_white_space(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  std::size_t newline_end = begin;
  std::size_t last_begin = begin;
  while (end < text.size()) {
    const Character character = character_at(text, end);
    if ((character.classes & kWhiteSpace) == 0) {
      break;
    }
    last_begin = end;
    end += character.length;
    if ((character.classes & kNewline) != 0) {
      newline_end = end;
    }
  }
  if (newline_end > begin) {
    return newline_end;
  }
  return end == text.size() || last_begin == begin ? end : last_begin;
}

std::size_t o200k_end(std::string_view text, std::size_t begin) {
  const Character first = character_at(text, begin);
  std::size_t end = match_prefixed(text, begin, first, match_lower_word);
  if (end == begin) {
    end = match_prefixed(text, begin, first, match_upper_word);
  }
  if (end > begin) {
    return match_contraction(text, end);
  }
  end = match_number(text, begin);
  if (end == begin) {
    end = match_punctuation(text, begin, '/');
  }
  return end > begin ? end : match_white_space(text, begin);
}

std::size_t cl100k_end(std::string_view text, std::size_t begin) {
  std::size_t end = match_contraction(text, begin);
  if (end == begin) {
    end = match_prefixed(text, begin, character_at(text, begin), match_letters);
  }
  if (end == begin) {
    end = match_number(text, begin);
  }
  if (end == begin) {
    end = match_punctuation(text, begin, '\n');
  }
  return end > begin ? end : match_white_space(text, begin);
}

}  // namespace

std::string_view pretoken_pattern(BpeEncoding encoding) {
  if (encoding == BpeEncoding::kO200kBase) {
    return R"re([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)re"
           R"re(('s|'S|'t|'T|'re|'rE|'Re|'RE|'ve|'vE|'Ve|'VE|'m|'M|'ll|'lL|'Ll|'LL|'d|'D)?|)re"
           R"re([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)re"
           R"re(('s|'S|'t|'T|'re|'rE|'Re|'RE|'ve|'vE|'Ve|'VE|'m|'M|'ll|'lL|'Ll|'LL|'d|'D)?|)re"
           R"re(\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)re";
  }
  return R"re(('s|'S|'t|'T|'re|'rE|'Re|'RE|'ve|'vE|'Ve|'VE|'m|'M|'ll|'lL|'Ll|'LL|'d|'D)|)re"
         R"re([^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)re";
}

std::size_t pretoken_end(BpeEncoding encoding, std::string_view text, std::size_t begin) {
  return encoding == BpeEncoding::kO200kBase ? o200k_end(text, begin) : cl100k_end(text, begin);
}

}  // namespace repomap
