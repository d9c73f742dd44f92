// SPDX-License-Identifier: Apache-2.0
#include "cli/jsonc_edit.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace repomap::cli {
namespace {

const JsoncPath kServer{"servers", "own"};

Json server() { return Json::object({{"command", "/bin/own"}, {"args", {"run", "fast"}}}); }

std::string put(std::string_view text) {
  const auto edit = set_jsonc_member(text, kServer, server());
  return edit ? edit->text : "error: " + edit.error().message;
}

std::string message(std::string_view text) {
  const auto document = parse_jsonc(text);
  return document ? "none" : document.error().message;
}

TEST(JsoncDocument, SaysWhereATextIsWrong) {
  EXPECT_EQ(message("{\"a\": }"), "1:7: a value is missing");
  EXPECT_EQ(message("{\n  \"a\": 1\n  \"b\": 2\n}"), "3:3: a comma or } is missing");
  EXPECT_EQ(message("{\"a\" 1}"), "1:6: a colon is missing");
  EXPECT_EQ(message("{a: 1}"), "1:2: a key in double quotes is missing");
  EXPECT_EQ(message("[1, 2"), "1:6: a comma or ] is missing");
  EXPECT_EQ(message("{} {}"), "1:4: something follows the value");
  EXPECT_EQ(message("\"open"), "1:1: a string that is not closed");
  EXPECT_EQ(message("[tru]"), "1:2: this is no JSON value");
  EXPECT_EQ(message("{ /* open"), "1:3: a comment that is not closed");
  EXPECT_EQ(message("{ /*/ }"), "1:3: a comment that is not closed");
  EXPECT_EQ(message("[\"a\nb\"]"), "1:4: a control character in a string");
  EXPECT_EQ(message("[1,,2]"), "1:4: a value is missing");
  EXPECT_EQ(message("]"), "1:1: a value is missing");
  EXPECT_EQ(message("[01]"), "1:2: this is no JSON value");
}

TEST(JsoncDocument, TakesCommentsTrailingCommasAndAMark) {
  for (const char* text : {"", " \n", "// only this", "\xEF\xBB\xBF{}", "{\"a\": [1, 2,], /* b */}", "[] // end", "3",
                           "{\"a\": \"\\u00e9 \\\" // no comment\"}"}) {
    EXPECT_EQ(message(text), "none") << text;
  }
}

TEST(JsoncDocument, LimitsDepth) {
  EXPECT_EQ(message(std::string(60, '[') + std::string(60, ']')), "none");
  const auto deep = parse_jsonc(std::string(100'000, '['));
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code, ErrorCode::kLimitExceeded);
}

TEST(JsoncDocument, LimitsTheNumberOfValues) {
  std::string text = "[0";
  for (std::size_t i = 0; i <= kMaxJsoncValues; ++i) {
    text += ",0";
  }
  EXPECT_FALSE(parse_jsonc(text + "]"));
}

TEST(JsoncEdit, MakesTheObjectsOnTheWay) {
  const std::string expected =
      "{\n  \"servers\": {\n    \"own\": {\n      \"command\": \"/bin/own\",\n      \"args\": [\"run\", \"fast\"]\n"
      "    }\n  }\n}\n";
  EXPECT_EQ(put(""), expected);
  EXPECT_EQ(put(" \n"), expected);
  EXPECT_EQ(put("{}\n"), expected);
  EXPECT_EQ(put("{\n}\n"), expected);
  EXPECT_EQ(put("// mine\n"), "// mine\n" + expected);
  EXPECT_EQ(put("\xEF\xBB\xBF{}\n"), "\xEF\xBB\xBF" + expected);
  const auto edit = set_jsonc_member("{}", kServer, server());
  ASSERT_TRUE(edit);
  EXPECT_EQ(edit->made, std::vector<JsoncPath>{{"servers"}});
}

TEST(JsoncEdit, FollowsTheIndentationAndTheLineEndsThatAreThere) {
  EXPECT_EQ(put("{\r\n\t\"a\": 1\r\n}\r\n"),
            "{\r\n\t\"a\": 1,\r\n\t\"servers\": {\r\n\t\t\"own\": {\r\n\t\t\t\"command\": \"/bin/own\",\r\n"
            "\t\t\t\"args\": [\"run\", \"fast\"]\r\n\t\t}\r\n\t}\r\n}\r\n");
  EXPECT_EQ(put("{\n    \"servers\": {}\n}"),
            "{\n    \"servers\": {\n        \"own\": {\n            \"command\": \"/bin/own\",\n"
            "            \"args\": [\"run\", \"fast\"]\n        }\n    }\n}");
  EXPECT_EQ(put("{\"a\": 1}"),
            "{\"a\": 1, \"servers\": {\"own\": {\"command\": \"/bin/own\", \"args\": [\"run\", \"fast\"]}}}");
}

TEST(JsoncEdit, LeavesCommentsWhereTheyStand) {
  EXPECT_EQ(put("{\n  \"servers\": {\n    \"a\": {} // first\n    // last\n  }\n}"),
            "{\n  \"servers\": {\n    \"a\": {}, // first\n    // last\n    \"own\": {\n"
            "      \"command\": \"/bin/own\",\n      \"args\": [\"run\", \"fast\"]\n    }\n  }\n}");
  EXPECT_EQ(put("{\n  \"servers\": { // none yet\n  }\n}"),
            "{\n  \"servers\": { // none yet\n    \"own\": {\n      \"command\": \"/bin/own\",\n"
            "      \"args\": [\"run\", \"fast\"]\n    }\n  }\n}");
}

TEST(JsoncEdit, KeepsATrailingCommaTrailing) {
  EXPECT_EQ(put("{\n  \"servers\": {\n    \"a\": 1, // x\n  },\n}"),
            "{\n  \"servers\": {\n    \"a\": 1, // x\n    \"own\": {\n      \"command\": \"/bin/own\",\n"
            "      \"args\": [\"run\", \"fast\"]\n    },\n  },\n}");
}

TEST(JsoncEdit, ReplacesAValueInItsPlace) {
  EXPECT_EQ(put("{\"servers\": {\"own\": 1, \"b\": 2}}"),
            "{\"servers\": {\"own\": {\n  \"command\": \"/bin/own\",\n  \"args\": [\"run\", \"fast\"]\n}, \"b\": 2}}");
}

TEST(JsoncEdit, RefusesWhatStandsInTheWay) {
  EXPECT_EQ(put("[]"), "error: 1:1: the file is not an object");
  EXPECT_EQ(put("{\n  \"servers\": []\n}"), "error: 2:14: \"servers\" is not an object");
  EXPECT_EQ(put("{\"servers\": {},\n \"servers\": {}}"), "error: 2:2: \"servers\" is there twice; remove one of them");
  EXPECT_EQ(put("{\"\\u0073ervers\": 1, \"servers\": {}}"),
            "error: 1:21: \"servers\" is there twice; remove one of them");
}

TEST(JsoncEdit, RefusesLinesThatEndWithACarriageReturnAlone) {
  EXPECT_EQ(put("{\r  \"a\": 1 // one\r}\r"),
            "error: 1:2: a line ends with a carriage return alone; save the file with other line ends");
  EXPECT_EQ(put("{\n\"a\": 1 // one\r}\r\n").find("error: 2:14: "), 0U);
  EXPECT_FALSE(append_jsonc_element("{\r\"a\": []}", {"a"}, 1));
}

TEST(JsoncEdit, AppendsToAnArrayAndMakesIt) {
  const auto made = append_jsonc_element("{}", {"a", "b"}, 1);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->text, "{\n  \"a\": {\n    \"b\": [1]\n  }\n}");
  EXPECT_EQ(made->made, (std::vector<JsoncPath>{{"a"}, {"a", "b"}}));
  const auto added = append_jsonc_element("{\"a\": [1]}", {"a"}, 2);
  ASSERT_TRUE(added);
  EXPECT_EQ(added->text, "{\"a\": [1, 2]}");
  EXPECT_FALSE(append_jsonc_element("{\"a\": {}}", {"a"}, 2));
}

std::string erased(std::string_view text, const JsoncPath& path) {
  const auto rest = erase_jsonc_member(text, path);
  return rest ? *rest : "error: " + rest.error().message;
}

TEST(JsoncEdit, TakesAMemberOutWithItsComma) {
  EXPECT_EQ(erased("{\"a\": 1, \"b\": 2, \"c\": 3}", {"a"}), "{\"b\": 2, \"c\": 3}");
  EXPECT_EQ(erased("{\"a\": 1, \"b\": 2, \"c\": 3}", {"b"}), "{\"a\": 1, \"c\": 3}");
  EXPECT_EQ(erased("{\"a\": 1, \"b\": 2, \"c\": 3}", {"c"}), "{\"a\": 1, \"b\": 2}");
  EXPECT_EQ(erased("{\"a\": 1}", {"a"}), "{}");
  EXPECT_EQ(erased("{\"a\": 1}", {"x"}), "{\"a\": 1}");
  EXPECT_EQ(erased("{\n  \"a\": 1,\n  \"b\": 2\n}", {"a"}), "{\n  \"b\": 2\n}");
  EXPECT_EQ(erased("{\n  \"a\": 1,\n  \"b\": 2\n}", {"b"}), "{\n  \"a\": 1\n}");
  EXPECT_EQ(erased("{\n  \"a\": 1,\n  \"b\": 2,\n}", {"b"}), "{\n  \"a\": 1,\n}");
  EXPECT_EQ(erased("{\n  \"a\": 1\n}", {"a"}), "{}");
}

TEST(JsoncEdit, LeavesTheCommentsAroundWhatItTakesOut) {
  EXPECT_EQ(erased("{\n  \"a\": 1, // one\n  // two\n  \"b\": 2 // three\n}", {"b"}),
            "{\n  \"a\": 1 // one\n  // two\n  // three\n}");
  EXPECT_EQ(erased("{\"a\": 1 /* x */, \"b\": 2}", {"a"}), "{/* x */ \"b\": 2}");
}

/// A random document with comments and trailing commas, and its layout.
class RandomDocument {
 public:
  explicit RandomDocument(unsigned seed) : random_(seed) {}

  std::string text() { return blank() + value(0, true) + blank(); }

 private:
  bool chance(unsigned percent) { return random_() % 100 < percent; }

  std::string blank() {
    static const std::vector<std::string> kBlanks{"", " ", "\n  ", "// c\n", "/* , } */", "\t", "\r\n", ""};
    return kBlanks[random_() % kBlanks.size()];
  }

  std::string value(unsigned depth, bool is_object) {
    if (depth > 3 || (!is_object && chance(40))) {
      return chance(50) ? "\"x\\\"}\"" : "-1.5e3";
    }
    const bool has_keys = is_object || chance(50);
    std::string body = blank();
    const unsigned count = random_() % 4;
    for (unsigned i = 0; i < count; ++i) {
      body += has_keys ? "\"k" + std::to_string(i) + "\"" + blank() + ":" + blank() : "";
      body += value(depth + 1, false) + blank();
      body += i + 1 < count || chance(30) ? "," : "";
      body += blank();
    }
    return has_keys ? "{" + body + "}" : "[" + body + "]";
  }

  std::mt19937 random_;
};

/// What a document says, without its layout; repeated keys and all.
std::string meaning(std::string_view text, const JsoncValue& value) {
  if (value.kind != JsoncKind::kObject && value.kind != JsoncKind::kArray) {
    return std::string(text.substr(value.begin, value.end - value.begin));
  }
  std::string result = value.kind == JsoncKind::kObject ? "{" : "[";
  for (const JsoncItem& item : value.items) {
    result += item.key + ":" + meaning(text, item.value) + ",";
  }
  return result + "]";
}

std::string meaning(std::string_view text) {
  const auto document = parse_jsonc(text);
  return !document ? "error: " + document.error().message : *document ? meaning(text, **document) : "";
}

TEST(JsoncEdit, PutsInAndTakesOutWithoutChangingAnythingElse) {
  for (unsigned seed = 0; seed < 2'000; ++seed) {
    const std::string before = RandomDocument(seed).text();
    const JsoncPath path = seed % 2 == 0 ? JsoncPath{"own"} : JsoncPath{"k0", "own"};
    const auto edit = set_jsonc_member(before, path, server());
    if (!edit) {
      continue;
    }
    const auto document = parse_jsonc(edit->text);
    ASSERT_TRUE(document) << "seed " << seed << "\n" << before << "\n--\n" << edit->text;
    const auto found = find_jsonc(edit->text, *document, path);
    ASSERT_TRUE(found && *found != nullptr) << "seed " << seed << "\n" << before << "\n--\n" << edit->text;
    auto rest = erase_jsonc_member(edit->text, path);
    ASSERT_TRUE(rest) << "seed " << seed;
    for (auto made = edit->made.rbegin(); made != edit->made.rend(); ++made) {
      rest = erase_jsonc_member(*rest, *made);
      ASSERT_TRUE(rest) << "seed " << seed;
    }
    ASSERT_EQ(meaning(*rest), meaning(before)) << "seed " << seed << "\n" << before << "\n--\n" << edit->text;
  }
}

}  // namespace
}  // namespace repomap::cli
