// SPDX-License-Identifier: Apache-2.0
// Checks the filling of the budget against obvious code, on random repositories and with each counter.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "ranking/map_renderer.hpp"
#include "ranking/map_text.hpp"
#include "tests/ranking/fake_tree_source.hpp"

namespace repomap {
namespace {

/// Counts words, and each run of newlines as its square: far from additive over the pieces of a map.
class UnevenCounter final : public TokenCounter {
 public:
  std::size_t count(std::string_view text) const override {
    std::size_t tokens = text.size() / 7;
    std::size_t newlines = 0;
    for (const char byte : text) {
      newlines = byte == '\n' ? newlines + 1 : 0;
      tokens += newlines;
    }
    return tokens + (text.size() > 500 ? 9 : 0);
  }
};

class RandomRepository {
 public:
  explicit RandomRepository(std::mt19937& random) : random_(random) {
    const std::uint32_t file_count = pick(1, 60);
    std::set<std::string> paths;
    while (paths.size() < file_count) {
      const std::string path = random_line(pick(1, 3)) + std::to_string(paths.size());
      if (!path.starts_with('/')) {  // they are relative
        paths.insert(path);
      }
    }
    for (const std::string& path : paths) {
      add_file(path);
    }
    std::shuffle(ranked_.entries.begin(), ranked_.entries.end(), random_);
  }

  FakeTreeSource& source() { return source_; }
  const RankedTags& ranked() const { return ranked_; }

 private:
  std::uint32_t pick(std::uint32_t low, std::uint32_t high) {
    return std::uniform_int_distribution<std::uint32_t>(low, high)(random_);
  }

  std::string random_line(std::uint32_t words) {
    static const std::vector<std::string> kWords = {
        "func", " ",  "(a, b)", "größe",      "\t", "x",  "::",    "return 17;", "))", "量量", "/",   "class",
        "\xff", "{}", "//",     "  indented", "🙂", "\r", "_name", "\u2028",     "*/", "'s",   ".py", "\u0085"};
    std::string line;
    for (std::uint32_t i = 0; i < words; ++i) {
      line += kWords[pick(0, static_cast<std::uint32_t>(kWords.size() - 1))];
    }
    return line;
  }

  void add_file(const std::string& path) {
    std::vector<std::string> lines;
    for (std::uint32_t i = pick(1, 40); i > 0; --i) {
      lines.push_back(random_line(pick(0, 14)));
    }
    const std::uint32_t file = source_.add_file(path, lines);
    const std::uint32_t definitions = pick(0, static_cast<std::uint32_t>(lines.size()));
    if (definitions == 0) {
      ranked_.entries.push_back({file, 0, 0});
    }
    std::set<StringPool::Id> names;
    for (std::uint32_t i = 0; i < definitions; ++i) {
      const std::uint32_t line = pick(0, static_cast<std::uint32_t>(lines.size() - 1));
      names.insert(source_.add_definition(file, "name" + std::to_string(pick(0, 30)), line));
    }
    for (const StringPool::Id name : names) {
      ranked_.entries.push_back({file, name, 1});
    }
  }

  std::mt19937& random_;
  FakeTreeSource source_;
  RankedTags ranked_;
};

/// The map of these entries, put together without pieces, search or budget.
std::string plain_map(std::span<const RankedEntry> entries, FakeTreeSource& source) {
  std::map<std::uint32_t, std::set<std::uint32_t>> lines_of_files;
  for (const RankedEntry& entry : entries) {
    std::set<std::uint32_t>& lines = lines_of_files[entry.file];
    for (const MapSymbol& symbol : source.definitions(entry.file, entry.identifier)) {
      lines.insert(symbol.line);
    }
  }
  std::string text;
  for (const auto& [file, lines] : lines_of_files) {
    text += '\n';
    text += visible_path(source.symbols().paths[file]);
    text += lines.empty() ? "\n" : ":\n";
    text += lines.empty() ? "" : *source.tree(file, std::vector<std::uint32_t>(lines.begin(), lines.end()));
  }
  std::string result;
  append_cut_lines(result, text);
  return result;
}

bool shows(const RepoMap& map, FakeTreeSource& source, const RankedEntry& entry) {
  const auto file = std::find_if(map.files.begin(), map.files.end(), [&](const MapFile& candidate) {
    return candidate.path == source.symbols().paths[entry.file];
  });
  if (file == map.files.end()) {
    return false;
  }
  const std::vector<MapSymbol> symbols = source.definitions(entry.file, entry.identifier);
  return std::all_of(symbols.begin(), symbols.end(), [&](const MapSymbol& symbol) {
    return std::binary_search(file->lines.begin(), file->lines.end(), symbol.line);
  });
}

std::vector<RankedEntry> shown_entries(const RepoMap& map, FakeTreeSource& source, const RankedTags& ranked) {
  std::vector<RankedEntry> shown;
  std::copy_if(ranked.entries.begin(), ranked.entries.end(), std::back_inserter(shown),
               [&](const RankedEntry& entry) { return shows(map, source, entry); });
  return shown;
}

std::unique_ptr<TokenCounter> make_counter(const std::string& name) {
  if (name == "uneven") {
    return std::make_unique<UnevenCounter>();
  }
  return *open_token_counter(*tokenizer_from_name(name), REPOMAP_DATA_DIR);
}

class MapBudget : public testing::TestWithParam<const char*> {
 protected:
  MapBudget() { RecordProperty("seed", std::to_string(seed_)); }

  void expect_nothing_more_fits(const RepoMap& map, RandomRepository& repo, std::size_t budget) const {
    const std::vector<RankedEntry> shown = shown_entries(map, repo.source(), repo.ranked());
    for (const RankedEntry& entry : repo.ranked().entries) {
      std::vector<RankedEntry> more = shown;
      if (!shows(map, repo.source(), entry)) {
        more.push_back(entry);
        // An entry that was tried early is cheaper once another one has brought its file.
        constexpr std::size_t kTokensOfAFile = 20;
        EXPECT_GT(counter_->count(plain_map(more, repo.source())) + kTokensOfAFile, budget);
      }
    }
  }

  const std::unique_ptr<TokenCounter> counter_ = make_counter(GetParam());
  const std::uint32_t seed_ = std::random_device()();
  std::mt19937 random_{seed_};
};

TEST_P(MapBudget, IsNeverExceededAndFilledByTheBestEntries) {
  const std::string name = GetParam();
  for (int repository = 0; repository < 100; ++repository) {
    SCOPED_TRACE("seed " + std::to_string(seed_) + " repository " + std::to_string(repository));
    RandomRepository repo(random_);
    FakeTreeSource& source = repo.source();
    const std::vector<RankedEntry>& entries = repo.ranked().entries;
    const std::string whole = plain_map(entries, source);
    const std::size_t budget = std::uniform_int_distribution<std::size_t>(0, counter_->count(whole) + 50)(random_);
    const RepoMap map = render_map(repo.ranked(), source.symbols(), source, *counter_, budget);

    ASSERT_EQ(map.tokens, counter_->count(map.text));
    ASSERT_LE(map.tokens, budget);
    std::vector<RankedEntry> shown = shown_entries(map, source, repo.ranked());
    ASSERT_EQ(map.text, plain_map(shown, source));
    const auto [left_out, last] = std::mismatch(entries.begin(), entries.end(), shown.begin(), shown.end());
    if (left_out == entries.end()) {
      continue;
    }
    const auto run = static_cast<std::size_t>(left_out - entries.begin());
    if (name.ends_with("_base")) {
      // The best entry that is not shown would have broken the budget.
      ASSERT_GT(counter_->count(plain_map(std::span(entries).first(run + 1), source)), budget);
    }
    if (name != "uneven" && budget >= 600 && map.tokens * 100 < budget * 95) {
      expect_nothing_more_fits(map, repo, budget);
    }
  }
}

TEST_P(MapBudget, MakesTheSameMapOfTheFirstEntriesOrNone) {
  std::size_t made = 0;
  for (int repository = 0; repository < 100; ++repository) {
    SCOPED_TRACE("seed " + std::to_string(seed_) + " repository " + std::to_string(repository));
    RandomRepository repo(random_);
    FakeTreeSource& source = repo.source();
    const std::size_t budget = std::uniform_int_distribution<std::size_t>(0, 600)(random_);
    const RepoMap whole = render_map(repo.ranked(), source.symbols(), source, *counter_, budget);
    RankedTags first = repo.ranked();
    first.entries.resize(std::uniform_int_distribution<std::size_t>(0, first.entries.size())(random_));
    first.is_whole = first.entries.size() == repo.ranked().entries.size();
    const auto map = render_map_from_first(first, source.symbols(), source, *counter_, budget);
    ASSERT_TRUE(map || !first.is_whole);
    if (map) {
      ASSERT_EQ(map->text, whole.text);
      made += first.is_whole ? 0 : 1;
    }
  }
  EXPECT_GT(made, 0U);
}

TEST_P(MapBudget, MakesTheSameMapEachTime) {
  RandomRepository repo(random_);
  const auto render = [&] {
    return render_map(repo.ranked(), repo.source().symbols(), repo.source(), *counter_, 500).text;
  };
  EXPECT_EQ(render(), render());
}

INSTANTIATE_TEST_SUITE_P(Counters, MapBudget, testing::Values("o200k_base", "cl100k_base", "chars4", "uneven"),
                         [](const testing::TestParamInfo<const char*>& test) { return std::string(test.param); });

}  // namespace
}  // namespace repomap
