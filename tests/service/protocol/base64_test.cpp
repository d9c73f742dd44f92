// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/base64.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace repomap {
namespace {

TEST(Base64, IsThatOfTheRfc) {
  EXPECT_EQ(base64_text(""), "");
  EXPECT_EQ(base64_text("f"), "Zg==");
  EXPECT_EQ(base64_text("fo"), "Zm8=");
  EXPECT_EQ(base64_text("foo"), "Zm9v");
  EXPECT_EQ(base64_text("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64_text(std::string("\xff\xfe\x00", 3)), "//4A");
}

TEST(Base64, GivesTheBytesBack) {
  std::mt19937 random(7);
  for (int round = 0; round < 1000; ++round) {
    std::string bytes(random() % 50, '\0');
    for (char& byte : bytes) {
      byte = static_cast<char>(random());
    }
    EXPECT_EQ(bytes_of_base64(base64_text(bytes)), bytes);
  }
}

TEST(Base64, RefusesWhatIsNone) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "Z===", "====", "Z g=", "Zh==", "Zm9=", "Zg==Zg==", "Zm-v"}) {
    EXPECT_EQ(bytes_of_base64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace repomap
