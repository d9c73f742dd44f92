// SPDX-License-Identifier: Apache-2.0
// The encoding of tags, on the tags of every case in fixtures/tags.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "core/model/file_tags_codec.hpp"
#include "parsers/language_registry.hpp"
#include "parsers/tag_extractor.hpp"
#include "tests/support/random_tags.hpp"

namespace repomap {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

TEST(FileTagsCodec, GivesBackTheTagsOfEveryLanguage) {
  const LanguageRegistry registry({REPOMAP_GRAMMARS_DIR, REPOMAP_SOURCE_DIR "/parsers/queries"}, {});
  TagExtractor extractor(registry, std::chrono::seconds(20));
  std::size_t files = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(REPOMAP_FIXTURES_DIR "/tags")) {
    if (entry.path().stem() != "input") {
      continue;
    }
    const std::string language_name = entry.path().parent_path().parent_path().filename().string();
    const auto language = registry.load(language_name);
    ASSERT_TRUE(language) << language_name;
    const auto tags = extractor.extract(**language, content_of(entry.path()));
    ASSERT_TRUE(tags) << entry.path();
    const std::string bytes = encode(*tags);
    const auto decoded = decode_file_tags(bytes);
    ASSERT_TRUE(decoded) << entry.path();
    EXPECT_EQ(visible_text(*decoded), visible_text(*tags)) << entry.path();
    const auto outline = decode_outline(bytes);
    ASSERT_TRUE(outline) << entry.path();
    EXPECT_EQ(visible_text(*outline), visible_text(tags->outline())) << entry.path();
    ++files;
  }
  EXPECT_GT(files, 50U);
}

}  // namespace
}  // namespace repomap
