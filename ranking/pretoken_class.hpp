// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace repomap {

/// The classes of code points that the patterns of the encodings tell apart. White space is what \s means in
/// ECMAScript (with U+FEFF, without U+0085), because the encoder we must agree with is written in it.
enum class PretokenClass : std::uint8_t {
  kUpper,    ///< Lu, Lt
  kLower,    ///< Ll
  kLetter,   ///< Lm, Lo: letters without case
  kMark,     ///< Mn, Mc, Me
  kNumber,   ///< Nd, Nl, No
  kNewline,  ///< U+000A, U+000D
  kSpace,    ///< the rest of \s
  kOther,    ///< everything else: punctuation, symbols, controls, unassigned
};

/// The class of a code point below 0x110000.
PretokenClass pretoken_class(std::uint32_t code_point);

}  // namespace repomap
