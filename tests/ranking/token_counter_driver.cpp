// SPDX-License-Identifier: Apache-2.0
//
// The counter as a filter, for comparison with other encoders:
//   token_counter_driver DATA_DIRECTORY TOKENIZER   texts on standard input, each behind its length in bytes (32 bits,
//                                                   little-endian); their token counts on standard output, one a line
//   token_counter_driver words TOKENIZER            the same, with the lengths of the words of each text in its line
//   token_counter_driver classes                    the version of Unicode, a newline, and the PretokenClass of each
//   code
//                                                   point as a digit
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "ranking/pretoken_class.hpp"
#include "ranking/pretoken_class_ranges.hpp"
#include "ranking/pretokenizer.hpp"
#include "ranking/token_counter.hpp"

namespace {

int print_classes() {
  std::string text(repomap::detail::kPretokenUnicodeVersion);
  text += '\n';
  for (std::uint32_t code_point = 0; code_point < 0x110000; ++code_point) {
    text += static_cast<char>('0' + static_cast<int>(repomap::pretoken_class(code_point)));
  }
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
}

std::string word_lengths(repomap::BpeEncoding encoding, const std::string& text) {
  std::string lengths;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = repomap::pretoken_end(encoding, text, begin);
    lengths += fmt::format("{} ", end - begin);
    begin = end;
  }
  return lengths;
}

/// Prints a line for each text of standard input.
template <typename Answer>
int answer_texts(const Answer& answer) {
  std::uint32_t length = 0;
  while (std::fread(&length, sizeof length, 1, stdin) == 1) {
    std::string text(length, '\0');
    if (std::fread(text.data(), 1, length, stdin) != length) {
      fmt::print(stderr, "the input is cut off\n");
      return 1;
    }
    fmt::print("{}\n", answer(text));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string(argv[1]) == "classes") {
    return print_classes();
  }
  const auto tokenizer = argc == 3 ? repomap::tokenizer_from_name(argv[2]) : std::nullopt;
  if (!tokenizer) {
    fmt::print(stderr, "usage: token_counter_driver DATA_DIRECTORY TOKENIZER | words TOKENIZER | classes\n");
    return 2;
  }
  if (std::string(argv[1]) == "words") {
    const auto encoding = *tokenizer == repomap::Tokenizer::kO200kBase ? repomap::BpeEncoding::kO200kBase
                                                                       : repomap::BpeEncoding::kCl100kBase;
    return answer_texts([&](const std::string& text) { return word_lengths(encoding, text); });
  }
  const auto counter = repomap::open_token_counter(*tokenizer, argv[1]);
  if (!counter) {
    fmt::print(stderr, "{}\n", counter.error().message);
    return 1;
  }
  return answer_texts([&](const std::string& text) { return (*counter)->count(text); });
}
