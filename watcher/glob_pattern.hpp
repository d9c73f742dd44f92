// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace repomap {

/// Whether 'A' and 'a' are one letter (git's core.ignoreCase). Only ASCII letters are folded.
enum class CaseRule : std::uint8_t { kSensitive, kInsensitive };

/// The byte itself, or the small letter of an ASCII capital.
constexpr char fold_case(char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte; }

/// One pattern of the wildcard language of gitignore(5): `*`, `?` and `[…]` match no '/', `**/` matches any number of
/// directories, `/**` everything below, `\` takes the next byte literally. Immutable; any thread may match.
///
/// The time to match is bounded by the length of the pattern times the length of the path, whatever the pattern: `**`
/// is simulated as a nondeterministic automaton (Thompson 1968), and without it only the last `*` is ever tried again.
class GlobPattern {
 public:
  GlobPattern(std::string_view pattern, CaseRule case_rule);

  /// Whether the pattern matches all of `path`. A malformed pattern matches nothing.
  bool matches(std::string_view path) const;

 private:
  enum class Step : std::uint8_t {
    kByte,         // one given byte
    kAnyByte,      // one byte but '/'
    kClass,        // one byte of a set, never '/'
    kStar,         // any bytes but '/'
    kAnyPath,      // any bytes
    kDirectories,  // nothing, or any bytes that end with '/'
  };
  struct Token {
    Step step = Step::kByte;
    char byte = 0;
    std::uint32_t byte_class = 0;  // index in classes_
  };
  class States;

  void compile(std::string_view pattern);
  void split_tail();
  std::size_t compile_star(std::string_view pattern, std::size_t at);
  std::size_t compile_class(std::string_view pattern, std::size_t at);
  void add(Step step, char byte);
  void enter(States& states, std::size_t state) const;
  void advance(std::size_t state, char byte, States& next) const;
  bool ends_with_tail(std::string_view path) const;
  bool accepts(const Token& token, char byte) const;
  bool match_greedily(std::string_view path) const;
  bool simulate(std::string_view path) const;

  CaseRule case_rule_;
  bool malformed_ = false;
  bool spans_directories_ = false;  // has a step that matches '/' among other bytes
  std::size_t least_bytes_ = 0;     // no shorter path matches
  std::vector<Token> tokens_;       // what comes before tail_
  std::string tail_;                // the literal bytes that end the pattern
  std::vector<std::bitset<256>> classes_;
};

}  // namespace repomap
