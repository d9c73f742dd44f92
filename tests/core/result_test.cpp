// SPDX-License-Identifier: Apache-2.0
#include "core/base/result.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <set>
#include <string>

namespace repomap {
namespace {

Result<int> number_or_error(bool is_ok) {
  if (!is_ok) {
    return fail(ErrorCode::kCorrupt, "no number");
  }
  return 7;
}

Status pass_on(bool is_ok, int& reached) {
  REPOMAP_TRY(number_or_error(is_ok));
  ++reached;
  return {};
}

Result<int> add_both(bool first, bool second) {
  REPOMAP_ASSIGN(const int a, number_or_error(first));
  REPOMAP_ASSIGN(const int b, number_or_error(second));
  return a + b;
}

Result<std::unique_ptr<int>> move_on() {
  REPOMAP_ASSIGN(auto owner, Result<std::unique_ptr<int>>(std::make_unique<int>(3)));
  return owner;
}

TEST(Result, TryReturnsTheErrorAndStopsThere) {
  int reached = 0;
  EXPECT_TRUE(pass_on(true, reached));
  EXPECT_EQ(reached, 1);
  const Status failed = pass_on(false, reached);
  ASSERT_FALSE(failed);
  EXPECT_EQ(reached, 1);
  EXPECT_EQ(failed.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(failed.error().message, "no number");
}

TEST(Result, AssignTakesTheValueOrReturnsTheError) {
  EXPECT_EQ(add_both(true, true).value_or(0), 14);
  EXPECT_EQ(add_both(false, true).error().message, "no number");
  EXPECT_EQ(add_both(true, false).error().message, "no number");
}

TEST(Result, AssignMovesWhatCannotBeCopied) {
  const auto moved = move_on();
  ASSERT_TRUE(moved);
  EXPECT_EQ(**moved, 3);
}

TEST(ErrorCode, HasANameOfItsOwnForEachCode) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::kIo); ++code) {
    names.insert(error_code_name(static_cast<ErrorCode>(code)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(ErrorCode::kIo) + 1);
  EXPECT_FALSE(names.contains("unknown"));
  EXPECT_EQ(error_code_name(static_cast<ErrorCode>(200)), "unknown");
}

TEST(ErrnoError, ClassifiesAndNamesTheSystemsReason) {
  EXPECT_EQ(errno_error(ENOENT, "open x").code, ErrorCode::kNotFound);
  EXPECT_EQ(errno_error(ENOTDIR, "open x/y").code, ErrorCode::kNotFound);
  EXPECT_EQ(errno_error(EACCES, "open x").code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(errno_error(EPERM, "open x").code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(errno_error(EIO, "open x").code, ErrorCode::kIo);
  EXPECT_EQ(errno_error(ENOENT, "open x").message, "open x: No such file or directory");
}

}  // namespace
}  // namespace repomap
