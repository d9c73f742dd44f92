// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "core/base/utf8.hpp"
#include "service/protocol/lsp_documents.hpp"
#include "tests/watcher/chosen_seed.hpp"

namespace repomap {
namespace {

constexpr std::array<PositionEncoding, 3> kEncodings{PositionEncoding::kUtf8, PositionEncoding::kUtf16,
                                                     PositionEncoding::kUtf32};

/// The obvious way: a walk from the beginning, character by character.
class ModelText {
 public:
  ModelText(std::string bytes, PositionEncoding encoding) : bytes_(std::move(bytes)), encoding_(encoding) {}

  const std::string& bytes() const { return bytes_; }

  /// The place of each byte at which a character begins, and of the end.
  std::vector<std::pair<std::size_t, LspPosition>> places() const {
    std::vector<std::pair<std::size_t, LspPosition>> all;
    LspPosition at;
    for (std::size_t byte = 0; byte < bytes_.size();) {
      all.emplace_back(byte, at);
      const bool is_pair = bytes_.compare(byte, 2, "\r\n") == 0;
      if (bytes_[byte] == '\n' || bytes_[byte] == '\r') {
        at = {at.line + 1, 0};
        byte += is_pair ? 2 : 1;
        continue;
      }
      const std::size_t length = std::max<std::size_t>(1, utf8_sequence_length(bytes_.substr(byte)));
      at.character += units(length);
      byte += length;
    }
    all.emplace_back(bytes_.size(), at);
    return all;
  }

  /// The last place of the line that is not behind the position.
  std::size_t byte_at(LspPosition position) const {
    std::size_t found = bytes_.size();
    for (const auto& [byte, place] : places()) {
      if (place.line == position.line && place.character <= position.character) {
        found = byte;
      }
    }
    return found;
  }

  void replace(LspPosition start, LspPosition end, const std::string& text) {
    const std::size_t begin = byte_at(start);
    bytes_.replace(begin, byte_at(end) - begin, text);
  }

 private:
  std::uint32_t units(std::size_t length) const {
    if (encoding_ == PositionEncoding::kUtf8) {
      return static_cast<std::uint32_t>(length);
    }
    return encoding_ == PositionEncoding::kUtf16 && length == 4 ? 2 : 1;
  }

  std::string bytes_;
  PositionEncoding encoding_;
};

std::string random_text(std::mt19937& random, std::size_t pieces, bool valid) {
  static const std::vector<std::string> kPieces{
      "a",      "bc",       "\n",  "\r\n", "\r", "\xC3\xA4", "\t", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
      "x = y;", "\xF0\x9F", "\xFF"};
  std::uniform_int_distribution<std::size_t> piece(0, kPieces.size() - (valid ? 3 : 1));
  std::string text;
  for (std::size_t i = 0; i < pieces; ++i) {
    text += kPieces[piece(random)];
  }
  return text;
}

TEST(LspText, PlacesEveryCharacterAsAWalkDoes) {
  std::mt19937 random(chosen_seed());
  for (const std::size_t pieces : {0U, 1U, 5U, 40U, 3000U}) {
    for (const PositionEncoding encoding : kEncodings) {
      const ModelText model(random_text(random, pieces, false), encoding);
      const LspText text(model.bytes(), encoding);
      for (const auto& [byte, place] : model.places()) {
        ASSERT_EQ(text.position_of(byte), place) << byte;
        ASSERT_EQ(text.byte_at(place), byte) << place.line << ":" << place.character;
      }
    }
  }
}

TEST(LspText, CountsALongLineInTimeThatDoesNotGrowWithIt) {
  std::string line;
  for (int i = 0; i < 50'000; ++i) {
    line += "\xF0\x9F\x98\x80x";
  }
  const LspText text(line, PositionEncoding::kUtf16);
  for (std::size_t i = 0; i < 50'000; ++i) {
    ASSERT_EQ(text.byte_at({0, static_cast<std::uint32_t>(3 * i)}), 5 * i);
    ASSERT_EQ(text.position_of(5 * i + 4).character, 3 * i + 2);
  }
}

TEST(LspText, ClampsPlacesBehindTheEnd) {
  const LspText text("ab\r\nc", PositionEncoding::kUtf16);
  EXPECT_EQ(text.byte_at({0, 99}), 2U);
  EXPECT_EQ(text.byte_at({1, 99}), 5U);
  EXPECT_EQ(text.byte_at({9, 0}), 5U);
  EXPECT_EQ(text.position_of(3), (LspPosition{0, 2}));
  EXPECT_EQ(text.position_of(99), (LspPosition{1, 1}));
  EXPECT_EQ(LspText("", PositionEncoding::kUtf8).byte_at({3, 3}), 0U);
}

TEST(LspText, FloorsPlacesInsideOfACharacter) {
  const std::string smile = "\xF0\x9F\x98\x80";
  for (const PositionEncoding encoding : kEncodings) {
    const LspText text("a" + smile + "b", encoding);
    EXPECT_EQ(text.position_of(3), (LspPosition{0, 1}));
  }
  EXPECT_EQ(LspText("a" + smile, PositionEncoding::kUtf16).byte_at({0, 2}), 1U);
  EXPECT_EQ(LspText("a" + smile, PositionEncoding::kUtf8).byte_at({0, 3}), 1U);
  EXPECT_EQ(LspText("a" + smile, PositionEncoding::kUtf32).byte_at({0, 2}), 5U);
}

TEST(LspText, TellsItsLinesFromThoseOfTags) {
  const LspText text("a\rb\nc\r\nd", PositionEncoding::kUtf16);
  EXPECT_EQ(text.line_count(), 4U);
  EXPECT_EQ(text.byte_of_tag(0, 2), 2U);
  EXPECT_EQ(text.position_of(*text.byte_of_tag(0, 2)), (LspPosition{1, 0}));
  EXPECT_EQ(text.position_of(*text.byte_of_tag(2, 0)), (LspPosition{3, 0}));
  EXPECT_EQ(text.tag_line_end(1), 5U);
  EXPECT_EQ(text.byte_of_tag(3, 0), std::nullopt);
  EXPECT_EQ(text.byte_of_tag(2, 2), std::nullopt);
}

Json edit(LspPosition start, LspPosition end, const std::string& text) {
  return Json{{"range", to_json(LspRange{start, end})}, {"text", text}};
}

TEST(LspDocuments, FollowRandomEditsAsAModelDoes) {
  std::mt19937 random(chosen_seed());
  for (int round = 0; round < 30; ++round) {
    const PositionEncoding encoding = kEncodings[static_cast<std::size_t>(round) % kEncodings.size()];
    ModelText model(random_text(random, 50, true), encoding);
    auto text = std::make_shared<const LspText>(model.bytes(), encoding);
    for (int message = 0; message < 20; ++message) {
      Json changes = Json::array();
      for (int i = 0; i < 3; ++i) {
        const auto places = model.places();
        std::uniform_int_distribution<std::size_t> any(0, places.size() - 1);
        const auto [first, last] = std::minmax({any(random), any(random)});
        const std::string inserted = random_text(random, any(random) % 4, true);
        model.replace(places[first].second, places[last].second, inserted);
        changes.push_back(edit(places[first].second, places[last].second, inserted));
      }
      const auto changed = apply_lsp_changes(text, changes);
      ASSERT_TRUE(changed) << changed.error().message;
      text = *changed;
      ASSERT_EQ(text->bytes(), model.bytes());
    }
  }
}

Json document(const std::string& uri, int version) {
  return Json{{"textDocument", Json{{"uri", uri}, {"version", version}}}};
}

TEST(LspDocuments, KeepAnOlderSnapshotAsItWas) {
  LspDocuments documents;
  Json opened = document("file:///a/b%20c.py", 1);
  opened["textDocument"]["text"] = "one\n";
  documents.open(opened, PositionEncoding::kUtf16);
  const auto before = documents.snapshot();
  Json changed = document("file:///a/b c.py", 2);
  changed["contentChanges"] = Json::array({edit({0, 0}, {0, 3}, "two"), edit({0, 3}, {0, 3}, "!")});
  ASSERT_TRUE(documents.change(changed, PositionEncoding::kUtf16));
  EXPECT_EQ(before->at("/a/b c.py").text->bytes(), "one\n");
  EXPECT_EQ(documents.snapshot()->at("/a/b c.py").text->bytes(), "two!\n");
  EXPECT_EQ(documents.snapshot()->at("/a/b c.py").version, 2);
  EXPECT_EQ(documents.snapshot()->at("/a/b c.py").uri, "file:///a/b%20c.py");
  documents.close(document("file:///a/b%20c.py", 2));
  EXPECT_TRUE(documents.snapshot()->empty());
  EXPECT_EQ(before->size(), 1U);
}

TEST(LspDocuments, ForgetATextAfterAChangeThatCannotBeUnderstood) {
  for (const Json& bad : {Json(7), Json::array({Json{{"range", 1}, {"text", "x"}}}), Json::array({Json::object()})}) {
    LspDocuments documents;
    Json opened = document("file:///a.py", 1);
    opened["textDocument"]["text"] = "one\n";
    documents.open(opened, PositionEncoding::kUtf16);
    Json changed = document("file:///a.py", 2);
    changed["contentChanges"] = bad;
    EXPECT_FALSE(documents.change(changed, PositionEncoding::kUtf16)) << bad;
    EXPECT_TRUE(documents.snapshot()->empty());
  }
}

TEST(LspDocuments, OpenAgainWithAChangeThatGivesTheWholeText) {
  LspDocuments documents;
  Json opened = document("file:///a.py", 1);
  opened["textDocument"]["text"] = "one\n";
  documents.open(opened, PositionEncoding::kUtf16);
  EXPECT_TRUE(documents.close_all());
  EXPECT_FALSE(documents.close_all());
  Json changed = document("file:///a.py", 3);
  changed["contentChanges"] = Json::array({edit({0, 0}, {0, 0}, "lost ")});
  ASSERT_TRUE(documents.change(changed, PositionEncoding::kUtf16));
  EXPECT_TRUE(documents.snapshot()->empty()) << "to what this applies nobody knows";
  changed["contentChanges"].push_back(Json{{"text", "two\n"}});
  changed["contentChanges"].push_back(edit({0, 3}, {0, 3}, "!"));
  ASSERT_TRUE(documents.change(changed, PositionEncoding::kUtf16));
  EXPECT_EQ(documents.snapshot()->at("/a.py").text->bytes(), "two!\n");
  EXPECT_EQ(documents.snapshot()->at("/a.py").version, 3);
}

TEST(LspDocuments, LeaveOutWhatIsNoFile) {
  LspDocuments documents;
  Json opened = document("untitled:Untitled-1", 1);
  opened["textDocument"]["text"] = "one\n";
  documents.open(opened, PositionEncoding::kUtf16);
  EXPECT_TRUE(documents.snapshot()->empty());
}

}  // namespace
}  // namespace repomap
