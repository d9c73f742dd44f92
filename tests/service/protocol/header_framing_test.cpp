// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/header_framing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace repomap {
namespace {

TEST(HeaderFraming, FindsMessagesOneAfterTheOther) {
  HeaderFraming framing(100);
  framing.add("Content-Length: 2\r\n\r\nabContent-Type: x\r\ncontent-length:0\r\n\r\nContent-Len");
  EXPECT_EQ(framing.next().value()->text, "ab");
  EXPECT_EQ(framing.next().value()->text, "");
  EXPECT_FALSE(framing.next().value());
  framing.add("gth: 1\r\n\r\n");
  EXPECT_FALSE(framing.next().value());
  framing.add("c");
  EXPECT_EQ(framing.next().value()->text, "c");
}

TEST(HeaderFraming, PassesOverAMessageAboveTheLimit) {
  HeaderFraming framing(4);
  framing.add("Content-Length: 6\r\n\r\n12");
  EXPECT_EQ(framing.next().value()->kind, HeaderFraming::Kind::kTooLong);
  framing.add("345");
  EXPECT_FALSE(framing.next().value());
  framing.add("6Content-Length: 2\r\n\r\nab");
  EXPECT_EQ(framing.next().value()->text, "ab");
}

TEST(HeaderFraming, RefusesWhatIsNoHeader) {
  const std::string endless(5000, 'x');
  for (const std::string_view bytes :
       {"no header\r\n\r\n{}", "Content-Type: x\r\n\r\n", "Content-Length: -1\r\n\r\n", "Content-Length: 1x\r\n\r\n",
        "Content-Length: 99999999999999999999\r\n\r\n", std::string_view(endless).data()}) {
    HeaderFraming framing(100);
    framing.add(bytes);
    EXPECT_FALSE(framing.next()) << bytes.substr(0, 100);
  }
}

}  // namespace
}  // namespace repomap
