// SPDX-License-Identifier: Apache-2.0
// Writes ranking/pretoken_class_ranges.hpp from the character properties that node's regular expressions know:
//   node ranking/tools/make_pretoken_classes.mjs > ranking/pretoken_class_ranges.hpp
// The order of the list is the order of repomap::PretokenClass.
const classes = [
  /^[\p{Lu}\p{Lt}]$/u,
  /^\p{Ll}$/u,
  /^[\p{Lm}\p{Lo}]$/u,
  /^\p{M}$/u,
  /^\p{N}$/u,
  /^[\r\n]$/u,
  /^\s$/u,
];
const kOther = classes.length;

const ranges = [];
let previous = -1;
for (let codePoint = 0; codePoint < 0x110000; ++codePoint) {
  const isSurrogate = codePoint >= 0xd800 && codePoint < 0xe000;
  const text = isSurrogate ? '' : String.fromCodePoint(codePoint);
  const found = isSurrogate ? kOther : classes.findIndex((expression) => expression.test(text));
  const index = found < 0 ? kOther : found;
  if (index !== previous) {
    ranges.push(codePoint * 8 + index);
    previous = index;
  }
}

const lines = [];
for (let i = 0; i < ranges.length; i += 10) {
  lines.push('    ' + ranges.slice(i, i + 10).map((range) => '0x' + range.toString(16)).join(', ') + ',');
}
process.stdout.write(`// SPDX-License-Identifier: Apache-2.0
// Written by ranking/tools/make_pretoken_classes.mjs.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace repomap::detail {

/// The version of the Unicode Character Database behind kPretokenClassRanges.
inline constexpr std::string_view kPretokenUnicodeVersion = "${process.versions.unicode}";

/// Where the class of code points changes, rising: 8 * first code point + PretokenClass.
inline constexpr std::array<std::uint32_t, ${ranges.length}> kPretokenClassRanges = {
${lines.join('\n')}
};

}  // namespace repomap::detail
`);
