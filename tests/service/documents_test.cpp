// SPDX-License-Identifier: Apache-2.0
#include "service/documents.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "core/base/task_pool.hpp"
#include "tests/service/marked_document.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

std::unique_ptr<Documents> open(FileLimits limits) {
  auto opened = Documents::open(built_in_resources(), limits);
  EXPECT_TRUE(opened);
  return opened ? std::move(*opened) : nullptr;
}

ErrorCode error_of(const Result<std::shared_ptr<const Document>>& document) {
  EXPECT_FALSE(document);
  return document ? ErrorCode::kIo : document.error().code;
}

TEST(Documents, ParsesATextOnce) {
  const auto documents = open({});
  const auto first = documents->make("a.c", "int a;\n");
  ASSERT_TRUE(first);
  const auto again = documents->make("a.c", "int a;\n");
  ASSERT_TRUE(again);
  EXPECT_EQ(*first, *again);
  EXPECT_NE(*documents->make("a.c", "int b;\n"), *first);
  EXPECT_NE(*documents->make("b.c", "int a;\n"), *first) << "of another file";
}

TEST(Documents, ForgetsTheOldest) {
  const auto documents = open({});
  const auto first = *documents->make("a.c", "int a;\n");
  const auto second = *documents->make("b.c", "int a;\n");
  for (int i = 0; i < 62; ++i) {
    ASSERT_TRUE(documents->make("c.c", "int c" + std::to_string(i) + ";\n"));
  }
  EXPECT_EQ(*documents->make("a.c", "int a;\n"), first) << "the last that fits, and now the latest";
  ASSERT_TRUE(documents->make("d.c", "int d;\n"));
  EXPECT_EQ(*documents->make("a.c", "int a;\n"), first);
  EXPECT_NE(*documents->make("b.c", "int a;\n"), second);
  EXPECT_EQ(second->text(), "int a;\n") << "who holds it keeps it";
}

TEST(Documents, ReadsAFile) {
  const TemporaryTree tree;
  tree.write("src/a.py", "def f(): pass\n");
  const auto document = documents().read(tree.root(), "src/a.py");
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ((*document)->text(), "def f(): pass\n");
  EXPECT_EQ((*document)->language(), "python");
  tree.write("src/a.py", "def g(): pass\n");
  EXPECT_EQ((*documents().read(tree.root(), "src/a.py"))->text(), "def g(): pass\n");
  EXPECT_EQ(error_of(documents().read(tree.root(), "src/b.py")), ErrorCode::kNotFound);
}

TEST(Documents, RefusesWhatIsNotToBeParsed) {
  EXPECT_EQ(error_of(documents().make("a.unknown", "x\n")), ErrorCode::kUnsupported);
  EXPECT_EQ(error_of(documents().make("a.c", std::string("int a;\0", 7))), ErrorCode::kUnsupported);
  EXPECT_EQ(error_of(documents().make("a.js", std::string(100'000, 'x'))), ErrorCode::kUnsupported);
}

TEST(Documents, KeepsTheLimits) {
  EXPECT_EQ(error_of(open({.size_bytes = 10, .time = std::chrono::minutes(1)})->make("a.c", "int abc;\n\n\n")),
            ErrorCode::kLimitExceeded);
  std::string text;
  while (text.size() < 4'000'000) {
    text += "int a = b + (c - d) * e;\n";
  }
  EXPECT_EQ(error_of(open({.size_bytes = 8U << 20U, .time = std::chrono::milliseconds(1)})->make("a.c", text)),
            ErrorCode::kLimitExceeded);
}

TEST(Documents, ManyThreadsMayAsk) {
  const auto documents = open({});
  TaskPool pool(4);
  std::vector<std::size_t> found(64);
  pool.run_all(found.size(), [&](std::size_t item, std::size_t /*worker*/) {
    const auto document = documents->make("a.py", "def f(a):\n    return a\nx = " + std::to_string(item % 4) + "\n");
    if (document) {
      const auto binding = (*document)->local_binding({6, 7});
      found[item] = binding ? binding->occurrences.size() + (*document)->folds().size() : 0;
    }
  });
  EXPECT_EQ(found, std::vector<std::size_t>(found.size(), 3));
}

}  // namespace
}  // namespace repomap
