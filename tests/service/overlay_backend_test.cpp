// SPDX-License-Identifier: Apache-2.0
#include "service/overlay_backend.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/documents.hpp"
#include "service/service.hpp"
#include "tests/service/marked_document.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

/// A repository, a service that answers from its files, and texts above it.
class Overlay : public testing::Test {
 protected:
  Overlay() {
    tree_.write("app/main.py", "from lib import helper\n\ndef main():\n    return helper()\n");
    tree_.write("lib.py", "def helper():\n    return 1\n");
    tree_.write("other.py", "def helper():\n    return 2\n\ndef use():\n    return helper()\n");
    Service::Options options;
    options.cache.profile.root = tree_.outside() + "/cache";
    auto service = Service::open(options, built_in_resources());
    auto documents = Documents::open(built_in_resources(), {});
    if (!service || !documents) {
      std::abort();
    }
    service_ = std::move(*service);
    documents_ = std::move(*documents);
    overlay_ = std::make_unique<OverlayBackend>(*service_);
  }

  void edit(const std::string& path, const std::string& text) {
    auto document = documents_->make(path, text);
    ASSERT_TRUE(document) << document.error().message;
    overlay_->put(tree_.root(), path, *document);
  }

  /// "path:line nearness" of each hit.
  std::vector<std::string> find(const SymbolQuery& query) {
    const auto answer = overlay_->symbols({tree_.root(), {}}, query, {});
    EXPECT_TRUE(answer);
    std::vector<std::string> places;
    for (const SymbolHit& hit : answer->hits) {
      places.push_back(hit.path + ":" + std::to_string(hit.line + 1) + " " + std::string(nearness_name(hit.nearness)));
    }
    found_ = answer->found;
    return places;
  }

  static SymbolQuery exact(const std::string& name, Role role = Role::kDefinition) {
    SymbolQuery query;
    query.pattern = name;
    query.match = NameMatch::kExact;
    query.role = role;
    return query;
  }

  TemporaryTree tree_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<Documents> documents_;
  std::unique_ptr<OverlayBackend> overlay_;
  std::size_t found_ = 0;
};

using Places = std::vector<std::string>;

TEST_F(Overlay, HidesTheSavedFileAndGivesItBack) {
  EXPECT_EQ(find(exact("helper")), (Places{"lib.py:1 elsewhere", "other.py:1 elsewhere"}));
  edit("lib.py", "# moved\n\ndef helper():\n    return 1\n");
  EXPECT_EQ(find(exact("helper")), (Places{"lib.py:3 elsewhere", "other.py:1 elsewhere"}));
  edit("lib.py", "def renamed():\n    return 1\n");
  EXPECT_EQ(find(exact("helper")), (Places{"other.py:1 elsewhere"}));
  EXPECT_EQ(find(exact("renamed")), (Places{"lib.py:1 elsewhere"}));
  overlay_->put(tree_.root(), "lib.py", nullptr);
  EXPECT_EQ(find(exact("helper")), (Places{"lib.py:1 elsewhere", "other.py:1 elsewhere"}));
  EXPECT_EQ(find(exact("renamed")), Places());
}

TEST_F(Overlay, KnowsFilesThatWereNeverSaved) {
  edit("new.py", "def helper():\n    return 3\n");
  EXPECT_EQ(find(exact("helper")), (Places{"lib.py:1 elsewhere", "new.py:1 elsewhere", "other.py:1 elsewhere"}));
  EXPECT_TRUE(overlay_->file_tags(tree_.root(), "new.py"));
  EXPECT_FALSE(service_->file_tags(tree_.root(), "new.py"));
}

TEST_F(Overlay, FindsNothingInAFileWhoseTextIsNoDocument) {
  overlay_->hide(tree_.root(), "lib.py");
  SymbolQuery query = exact("helper");
  EXPECT_EQ(find(query), (Places{"other.py:1 elsewhere"}));
  query.from = "lib.py";
  EXPECT_EQ(find(query), (Places{"other.py:1 elsewhere"}));
  const auto tags = overlay_->file_tags(tree_.root(), "lib.py");
  ASSERT_FALSE(tags);
  EXPECT_EQ(tags.error().code, ErrorCode::kUnsupported);
  overlay_->put(tree_.root(), "lib.py", nullptr);
  EXPECT_TRUE(overlay_->file_tags(tree_.root(), "lib.py"));
}

TEST_F(Overlay, OrdersByNearnessToTheTextThatAsks) {
  SymbolQuery query = exact("helper");
  query.from = "app/main.py";
  EXPECT_EQ(find(query).front(), "lib.py:1 imported");
  edit("app/main.py", "from other import use\n\ndef main():\n    return helper()\n");
  EXPECT_EQ(find(query).front(), "other.py:1 imported") << "the import is not saved yet";
  query.from = "other.py";
  EXPECT_EQ(find(query).front(), "other.py:1 same_file");
}

TEST_F(Overlay, KeepsTheLimitAndCountsAll) {
  edit("lib.py", "def helper():\n    return 1\n\ndef helper():\n    return 2\n");
  SymbolQuery query = exact("helper");
  query.limit = 2;
  EXPECT_EQ(find(query), (Places{"lib.py:1 elsewhere", "lib.py:4 elsewhere"}));
  EXPECT_EQ(found_, 3U);
}

TEST_F(Overlay, ShowsTheUnsavedLinesOfReferences) {
  edit("app/main.py", "from lib import helper\n\n\nresult = helper()  # é\n");
  const auto answer = overlay_->symbols({tree_.root(), {}}, exact("helper", Role::kReference), {});
  ASSERT_TRUE(answer);
  bool is_shown = false;
  for (const SymbolHit& hit : answer->hits) {
    is_shown = is_shown || (hit.path == "app/main.py" && hit.signature == "result = helper()  # é");
  }
  EXPECT_TRUE(is_shown);
}

TEST_F(Overlay, KeepsToTheSelection) {
  edit("app/main.py", "def helper():\n    return 3\n");
  const auto answer = overlay_->symbols({tree_.root(), {"app"}}, exact("helper"), {});
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->hits.size(), 1U);
  EXPECT_EQ(answer->hits[0].path, "app/main.py");
  const auto others = overlay_->symbols({tree_.root(), {}, SubmodulePolicy::kSkip, {"lib.py"}}, exact("helper"), {});
  ASSERT_TRUE(others);
  ASSERT_EQ(others->hits.size(), 1U);
  EXPECT_EQ(others->hits[0].path, "lib.py");
}

TEST_F(Overlay, PassesOnWhatIsOfSavedFiles) {
  edit("lib.py", "def renamed():\n    return 1\n");
  MapQuery query;
  query.selection.root = tree_.root();
  query.request.tokenizer = Tokenizer::kChars4;
  const auto map = overlay_->map(query, {});
  ASSERT_TRUE(map);
  EXPECT_NE(map->map.text.find("helper"), std::string::npos);
  EXPECT_TRUE(overlay_->index(query.selection, {}));
  EXPECT_TRUE(overlay_->sync(query.selection, {}));
  EXPECT_TRUE(overlay_->tree({tree_.root(), "lib.py", {0}}));
}

TEST_F(Overlay, SaysWhatMayHaveBeenMeantByAPath) {
  const auto tags = overlay_->file_tags(tree_.root(), "main.py");
  ASSERT_FALSE(tags);
  EXPECT_EQ(tags.error().code, ErrorCode::kNotFound);
  EXPECT_NE(tags.error().message.find("did you mean app/main.py?"), std::string::npos) << tags.error().message;
}

}  // namespace
}  // namespace repomap
