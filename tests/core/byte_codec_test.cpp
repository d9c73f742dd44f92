// SPDX-License-Identifier: Apache-2.0
#include "core/base/byte_codec.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace repomap {
namespace {

TEST(ByteCodec, ReadsWhatWasWritten) {
  ByteWriter writer;
  writer.add_u8(7);
  writer.add_u32(0xdeadbeef);
  writer.add_u64(std::numeric_limits<std::uint64_t>::max());
  writer.add_varint(0);
  writer.add_varint(127);
  writer.add_varint(128);
  writer.add_varint(std::numeric_limits<std::uint64_t>::max());
  writer.add_signed(-1);
  writer.add_signed(std::numeric_limits<std::int64_t>::min());
  writer.add_double(-0.5);
  writer.add_digest({3, 4});
  writer.add_string("text");
  ByteReader reader(writer.bytes());
  EXPECT_EQ(reader.read_u8(), 7);
  EXPECT_EQ(reader.read_u32(), 0xdeadbeef);
  EXPECT_EQ(reader.read_u64(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(reader.read_varint(), 0U);
  EXPECT_EQ(reader.read_varint(), 127U);
  EXPECT_EQ(reader.read_varint(), 128U);
  EXPECT_EQ(reader.read_varint(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(reader.read_signed(), -1);
  EXPECT_EQ(reader.read_signed(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(reader.read_double(), -0.5);
  EXPECT_EQ(reader.read_digest(), (Digest{3, 4}));
  EXPECT_EQ(reader.read_string(), "text");
  EXPECT_TRUE(reader.is_finished());
}

TEST(ByteCodec, FailsAtTheEndAndStaysFailed) {
  ByteReader reader("\x01");
  EXPECT_EQ(reader.read_u32(), 0U);
  EXPECT_TRUE(reader.has_failed());
  EXPECT_EQ(reader.read_u8(), 0U);
  EXPECT_FALSE(reader.is_finished());
}

TEST(ByteCodec, RefusesVarintsBeyond64Bits) {
  EXPECT_EQ(ByteReader("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01").read_varint(),
            std::numeric_limits<std::uint64_t>::max());
  ByteReader too_large("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02");
  EXPECT_EQ(too_large.read_varint(), 0U);
  EXPECT_TRUE(too_large.has_failed());
  ByteReader too_long("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01");
  EXPECT_EQ(too_long.read_varint(), 0U);
  EXPECT_TRUE(too_long.has_failed());
}

TEST(ByteCodec, RefusesCountsThatTheBytesCannotHold) {
  ByteReader enough("\x02wxyz");
  EXPECT_EQ(enough.read_count(2), 2U);
  ByteReader reader("\x03wxyz");
  EXPECT_EQ(reader.read_count(2), 0U);
  EXPECT_TRUE(reader.has_failed());
  ByteReader text("\x05wxyz");
  EXPECT_EQ(text.read_string(), "");
  EXPECT_TRUE(text.has_failed());
}

}  // namespace
}  // namespace repomap
