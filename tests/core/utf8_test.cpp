// SPDX-License-Identifier: Apache-2.0
#include "core/base/utf8.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace repomap {
namespace {

using namespace std::string_view_literals;

std::string encode(std::uint32_t code_point) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  const auto tail = [&](unsigned shift) { return byte(0x80U | ((code_point >> shift) & 0x3fU)); };
  if (code_point < 0x80) {
    return {byte(code_point)};
  }
  if (code_point < 0x800) {
    return {byte(0xc0U | (code_point >> 6U)), tail(0)};
  }
  if (code_point < 0x10000) {
    return {byte(0xe0U | (code_point >> 12U)), tail(6), tail(0)};
  }
  return {byte(0xf0U | (code_point >> 18U)), tail(12), tail(6), tail(0)};
}

/// Decodes by arithmetic, then refuses what is not the shortest form of a Unicode scalar value.
std::size_t plain_sequence_length(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xc0 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf8 ? 4
                                           : 0;
  if (length == 0 || length > text.size()) {
    return 0;
  }
  std::uint32_t code_point = length == 1 ? lead : lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) != 0x80U) {
      return 0;
    }
    code_point = (code_point << 6U) | (byte & 0x3fU);
  }
  const bool is_scalar = code_point <= 0x10ffff && (code_point < 0xd800 || code_point > 0xdfff);
  return is_scalar && encode(code_point).size() == length ? length : 0;
}

/// Random bytes, most of them from the borders of the ranges that RFC 3629 names.
std::string random_bytes(std::mt19937& random) {
  static constexpr std::string_view kBorders =
      "\x00\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xe1\xec\xed\xee\xef\xf0\xf1\xf3\xf4\xf5\xf8\xfe\xff"sv;
  std::string text(random() % 12, '\0');
  for (char& byte : text) {
    byte = random() % 4 == 0 ? static_cast<char>(random()) : kBorders[random() % kBorders.size()];
  }
  return text;
}

TEST(Utf8, AcceptsEveryScalarValueAndRefusesSurrogates) {
  for (std::uint32_t code_point = 0; code_point <= 0x10ffff; ++code_point) {
    const std::string text = encode(code_point);
    const bool is_surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
    ASSERT_EQ(utf8_sequence_length(text), is_surrogate ? 0 : text.size()) << code_point;
  }
}

TEST(Utf8, RefusesEachClassOfError) {
  const std::vector<std::string_view> wrong{
      "\x80",              // a continuation without a lead
      "\xbf",              //
      "\xc0\xaf",          // '/' in two bytes
      "\xc1\xbf",          //
      "\xe0\x80\xaf",      // '/' in three
      "\xe0\x9f\xbf",      //
      "\xf0\x80\x80\xaf",  // '/' in four
      "\xf0\x8f\xbf\xbf",  //
      "\xed\xa0\x80",      // the first surrogate
      "\xed\xbf\xbf",      // the last
      "\xf4\x90\x80\x80",  // above U+10FFFF
      "\xf5\x80\x80\x80",  //
      "\xf8\x88\x80\x80\x80",
      "\xfc\x84\x80\x80\x80\x80",
      "\xfe",
      "\xff",
      "\xc3",          // cut
      "\xe2\x82",      //
      "\xf0\x9f\x98",  //
      "\xc3(",         // another character in the place of a continuation
      "\xe2(\xa1",     //
      "\xe2\x82(",     //
      "\xf0(\x8c\xbc",
      "\xf0\x90(\xbc",
      "\xf0\x90\x8c(",
  };
  for (const std::string_view text : wrong) {
    EXPECT_EQ(utf8_sequence_length(text), 0U) << testing::PrintToString(text);
    EXPECT_FALSE(is_valid_utf8(text)) << testing::PrintToString(text);
  }
}

TEST(Utf8, AgreesWithAnObviousDecoderOnRandomBytes) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  for (int round = 0; round < 200'000; ++round) {
    const std::string text = random_bytes(random);
    bool is_valid = true;
    std::string repaired;
    for (std::size_t i = 0; i < text.size();) {
      const std::string_view rest = std::string_view(text).substr(i);
      const std::size_t length = plain_sequence_length(rest);
      ASSERT_EQ(utf8_sequence_length(rest), length) << testing::PrintToString(rest) << " seed " << seed;
      repaired += length == 0 ? std::string_view("\uFFFD") : rest.substr(0, length);
      is_valid = is_valid && length > 0;
      i += length == 0 ? 1 : length;
    }
    ASSERT_EQ(is_valid_utf8(text), is_valid) << testing::PrintToString(text) << " seed " << seed;
    ASSERT_EQ(to_valid_utf8(text), repaired) << testing::PrintToString(text) << " seed " << seed;
    ASSERT_TRUE(is_valid_utf8(repaired)) << "seed " << seed;
  }
}

TEST(Utf8, EmptyTextIsValidAndHasNoSequence) {
  EXPECT_EQ(utf8_sequence_length(""), 0U);
  EXPECT_TRUE(is_valid_utf8(""));
  EXPECT_EQ(to_valid_utf8(""), "");
}

TEST(Utf8, KeepsNulAndEverythingThatIsValid) {
  const std::string text("a\0é€😀", 11);
  EXPECT_TRUE(is_valid_utf8(text));
  EXPECT_EQ(to_valid_utf8(text), text);
}

TEST(Utf8Floor, NeverCutsACharacter) {
  const std::string_view text = "aé€😀";  // 1 + 2 + 3 + 4 bytes
  const std::vector<std::size_t> expected{0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10, 10};
  for (std::size_t limit = 0; limit < expected.size(); ++limit) {
    EXPECT_EQ(utf8_floor(text, limit), expected[limit]) << limit;
  }
  EXPECT_EQ(utf8_floor("", 5), 0U);
}

}  // namespace
}  // namespace repomap
