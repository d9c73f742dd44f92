// SPDX-License-Identifier: Apache-2.0
#include "core/cache/signature.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace repomap {
namespace {

const Signature kBase{"tags", {1, 2}, {3, 4}, {5, 6}, {7, 8}};

/// The base with one part changed, for each part.
std::vector<std::pair<SignaturePart, Signature>> changed() {
  std::vector<std::pair<SignaturePart, Signature>> result(5, {SignaturePart::kStage, kBase});
  result[0].second.stage = "trees";
  result[1] = {SignaturePart::kCode, kBase};
  result[1].second.code_hash.low = 0;
  result[2] = {SignaturePart::kEnvironment, kBase};
  result[2].second.env_hash.high = 0;
  result[3] = {SignaturePart::kInputs, kBase};
  result[3].second.inputs_hash.low = 0;
  result[4] = {SignaturePart::kDependencies, kBase};
  result[4].second.deps_hash.low = 0;
  return result;
}

TEST(Signature, HasAnotherKeyForEveryPart) {
  std::set<CacheKey> keys{kBase.key()};
  for (const auto& [part, signature] : changed()) {
    keys.insert(signature.key());
  }
  Signature swapped = kBase;
  std::swap(swapped.code_hash, swapped.env_hash);
  keys.insert(swapped.key());
  EXPECT_EQ(keys.size(), 7U);
  EXPECT_EQ(kBase.key(), Signature(kBase).key());
  EXPECT_TRUE(kBase.key().to_display().starts_with("\"tags\", #")) << kBase.key().to_display();
}

TEST(Signature, NamesThePartsThatDiffer) {
  EXPECT_TRUE(difference(kBase, kBase).empty());
  for (const auto& [part, signature] : changed()) {
    EXPECT_EQ(difference(kBase, signature), std::vector{part}) << signature_part_name(part);
  }
  const Signature other{"tags", {1, 2}, {0, 0}, {5, 6}, {0, 0}};
  EXPECT_EQ(difference(kBase, other), (std::vector{SignaturePart::kEnvironment, SignaturePart::kDependencies}));
}

TEST(Signature, HasANameForEachPart) {
  const std::vector<std::string> expected{"stage", "code", "env", "inputs", "deps"};
  for (std::size_t part = 0; part < expected.size(); ++part) {
    EXPECT_EQ(signature_part_name(static_cast<SignaturePart>(part)), expected[part]);
  }
}

TEST(Signature, IsReadAsItWasWritten) {
  ByteWriter writer;
  add_signature(kBase, writer);
  ByteReader reader(writer.bytes());
  EXPECT_EQ(read_signature(reader), kBase);
  EXPECT_TRUE(reader.is_finished());
  for (std::size_t size = 0; size < writer.bytes().size(); ++size) {
    ByteReader cut(std::string_view(writer.bytes()).substr(0, size));
    read_signature(cut);
    EXPECT_TRUE(cut.has_failed()) << size;
  }
}

}  // namespace
}  // namespace repomap
