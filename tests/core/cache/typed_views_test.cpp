// SPDX-License-Identifier: Apache-2.0
// The typed views over a backend that may lose, change and refuse.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/cache/graph_cache.hpp"
#include "core/cache/map_cache.hpp"
#include "core/cache/memory_backend.hpp"
#include "core/cache/tag_cache.hpp"
#include "core/cache/tree_cache.hpp"
#include "tests/support/faulty_backend.hpp"
#include "tests/support/file_tags_builder.hpp"
#include "tests/support/random_tags.hpp"

namespace repomap {
namespace {

using namespace std::chrono_literals;

FileTags tags_of(std::string_view name) {
  return FileTagsBuilder("c").define(name, SymbolKind::kFunction, 1).refer("x", 2).build();
}

Signature signature_of(std::uint64_t content) { return {"tags", {1, 1}, {}, {content, content}, {}}; }

/// Puts other bytes in the place of the value of a key.
void replace_value(CacheBackend& backend, const CacheKey& key, std::string bytes) {
  CacheItem item{key, {std::make_shared<const std::string>(std::move(bytes)), {}, {}}};
  ASSERT_TRUE(backend.put_many({&item, 1}));
}

std::string value_of(CacheBackend& backend, const CacheKey& key) {
  const auto entries = backend.get_many({&key, 1});
  return entries && entries->front() ? *entries->front()->value : "";
}

TEST(TagCache, GivesBackTagsWithTheirCost) {
  MemoryBackend backend({}, system_clock());
  TagCache cache(backend);
  EXPECT_FALSE(cache.get(signature_of(1)));
  const FileTags tags = tags_of("f");
  cache.set({signature_of(1), "a.c", 1234us, &tags});
  const auto entry = cache.get(signature_of(1));
  ASSERT_TRUE(entry);
  EXPECT_EQ(visible_text(entry->tags), visible_text(tags));
  EXPECT_EQ(entry->cost, 1234us);
  const auto outline = cache.get(signature_of(1), TagsDetail::kOutline);
  ASSERT_TRUE(outline);
  EXPECT_EQ(visible_text(outline->tags), visible_text(tags.outline()));
  EXPECT_FALSE(cache.get(signature_of(2)));
}

TEST(TagCache, AnswersABatchInItsOrder) {
  MemoryBackend backend({}, system_clock());
  TagCache cache(backend);
  const FileTags f = tags_of("f");
  const FileTags g = tags_of("g");
  const std::vector<TagCache::Item> items{{signature_of(1), "a.c", 1us, &f}, {signature_of(3), "b.c", 2us, &g}};
  cache.batch_set(items);
  const std::vector<Signature> wanted{signature_of(3), signature_of(2), signature_of(1), signature_of(3)};
  const auto entries = cache.batch_get(wanted);
  ASSERT_EQ(entries.size(), 4U);
  EXPECT_EQ(entries[0]->cost, 2us);
  EXPECT_FALSE(entries[1]);
  EXPECT_EQ(entries[2]->cost, 1us);
  EXPECT_EQ(entries[3]->cost, 2us);
  EXPECT_TRUE(cache.batch_get({}).empty());
}

TEST(TagCache, EveryPartOfTheSignatureCounts) {
  MemoryBackend backend({}, system_clock());
  TagCache cache(backend);
  const FileTags tags = tags_of("f");
  const Signature base = signature_of(1);
  cache.set({base, "a.c", 1us, &tags});
  for (Digest Signature::* part :
       {&Signature::code_hash, &Signature::env_hash, &Signature::inputs_hash, &Signature::deps_hash}) {
    Signature other = base;
    (other.*part).low ^= 1;
    EXPECT_FALSE(cache.get(other));
  }
  EXPECT_TRUE(cache.get(base));
}

TEST(TagCache, IsInvalidatedByTheFileAndTheLanguage) {
  MemoryBackend backend({}, system_clock());
  TagCache cache(backend);
  const FileTags tags = tags_of("f");
  for (std::uint64_t i = 0; i < 4; ++i) {
    cache.set({signature_of(i), i % 2 == 0 ? "even.c" : "odd.c", 1us, &tags});
  }
  const std::vector<std::string> paths{"even.c", "unknown.c"};
  EXPECT_EQ(cache.invalidate(paths), 2U);
  EXPECT_FALSE(cache.get(signature_of(0)));
  EXPECT_TRUE(cache.get(signature_of(1)));
  const CacheTag language = CacheTag::language("c");
  EXPECT_EQ(backend.evict({&language, 1}).value_or(0), 2U);
  EXPECT_FALSE(cache.get(signature_of(1)));
}

TEST(TagCache, ErasesAndCountsWhatDoesNotDecode) {
  MemoryBackend backend({}, system_clock());
  TagCache cache(backend);
  const FileTags tags = tags_of("f");
  const CacheKey key = signature_of(1).key();
  cache.set({signature_of(1), "a.c", 1us, &tags});
  cache.set({signature_of(2), "b.c", 1us, &tags});
  const std::string whole = value_of(backend, key);
  std::uint64_t damaged = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    replace_value(backend, key, whole.substr(0, size));
    EXPECT_FALSE(cache.get(signature_of(1))) << size;
    EXPECT_EQ(value_of(backend, key), "") << size;
    EXPECT_EQ(cache.troubles().damaged, ++damaged);
  }
  // A good value, but of another signature.
  replace_value(backend, key, value_of(backend, signature_of(2).key()));
  EXPECT_FALSE(cache.get(signature_of(1)));
  EXPECT_EQ(cache.troubles().damaged, ++damaged);
  EXPECT_TRUE(cache.get(signature_of(2)));
  EXPECT_EQ(cache.troubles().failed, 0U);
}

TEST(TagCache, TakesAFailingBackendForAMiss) {
  FaultyBackend backend(std::make_unique<MemoryBackend>(MemoryBackendSettings{}, system_clock()));
  TagCache cache(backend);
  const FileTags tags = tags_of("f");
  cache.set({signature_of(1), "a.c", 1us, &tags});
  backend.fail_all();
  EXPECT_FALSE(cache.get(signature_of(1)));
  cache.set({signature_of(2), "b.c", 1us, &tags});
  const std::vector<std::string> paths{"a.c"};
  EXPECT_EQ(cache.invalidate(paths), 0U);
  EXPECT_EQ(cache.troubles().failed, 3U);
  backend.heal();
  EXPECT_TRUE(cache.get(signature_of(1)));
  EXPECT_FALSE(cache.get(signature_of(2)));
  EXPECT_EQ(cache.troubles().damaged, 0U);
}

TEST(TagCache, AsksTheBackendOnceForABatch) {
  FaultyBackend backend(std::make_unique<MemoryBackend>(MemoryBackendSettings{}, system_clock()));
  TagCache cache(backend);
  const FileTags tags = tags_of("f");
  std::vector<TagCache::Item> items;
  std::vector<Signature> signatures;
  for (std::uint64_t i = 0; i < 100; ++i) {
    signatures.push_back(signature_of(i));
    items.push_back({signatures.back(), "a.c", 1us, &tags});
  }
  cache.batch_set(items);
  EXPECT_TRUE(cache.batch_get(signatures).back());
  cache.batch_set({});
  EXPECT_TRUE(cache.batch_get({}).empty());
  EXPECT_EQ(backend.calls(BackendOperation::kPut), 1U);
  EXPECT_EQ(backend.calls(BackendOperation::kGet), 1U);
}

TEST(TagCache, FreesMemoryLeastRecentlyUsedFirst) {
  MemoryBackend memory({}, system_clock());
  TagCache cache(memory, &memory);
  const FileTags tags = tags_of("f");
  for (std::uint64_t i = 0; i < 10; ++i) {
    cache.set({signature_of(i), "a.c", 1us, &tags});
  }
  EXPECT_TRUE(cache.get(signature_of(0)));
  EXPECT_EQ(cache.evict_lru(3), 3U);
  EXPECT_TRUE(cache.get(signature_of(0))) << "used a moment ago";
  EXPECT_FALSE(cache.get(signature_of(1)));
  EXPECT_FALSE(cache.get(signature_of(3)));
  EXPECT_TRUE(cache.get(signature_of(4)));
  EXPECT_EQ(cache.reduce_l1_size(memory.size_bytes() / 2), 4U);
  EXPECT_EQ(cache.reduce_l1_size(0), 3U);
  EXPECT_EQ(TagCache(memory).evict_lru(1), 0U) << "a cache without a tier in memory";
}

TEST(TreeCache, KnowsTextsByContentCodeAndLines) {
  MemoryBackend backend({}, system_clock());
  TreeCache cache(backend);
  const TreeKey key{{1, 2}, {3, 4}, {0, 7}};
  cache.set({key, "a.c", "the text\n"});
  EXPECT_EQ(cache.get(key), "the text\n");
  TreeKey other = key;
  other.content.low = 0;
  EXPECT_FALSE(cache.get(other));
  other = key;
  other.code.low = 0;
  EXPECT_FALSE(cache.get(other));
  other = key;
  other.lines = {0, 8};
  EXPECT_FALSE(cache.get(other));
  other.lines = {0};
  EXPECT_FALSE(cache.get(other));
  const std::vector<TreeKey> both{other, key};
  EXPECT_EQ(cache.batch_get(both)[1], "the text\n");
  const std::vector<std::string> paths{"a.c"};
  EXPECT_EQ(cache.invalidate(paths), 1U);
  EXPECT_FALSE(cache.get(key));
}

TEST(TreeCache, ErasesAndCountsWhatDoesNotDecode) {
  MemoryBackend backend({}, system_clock());
  TreeCache cache(backend);
  const TreeKey key{{1, 2}, {3, 4}, {0, 7}};
  cache.set({key, "a.c", "text"});
  const std::string whole = value_of(backend, key.key());
  const std::vector<std::string> bad{"", whole.substr(0, whole.size() - 1), whole + 'x', '\2' + whole.substr(1)};
  for (const std::string& bytes : bad) {
    replace_value(backend, key.key(), bytes);
    EXPECT_FALSE(cache.get(key));
    EXPECT_EQ(value_of(backend, key.key()), "");
  }
  EXPECT_EQ(cache.troubles().damaged, bad.size());
}

TEST(GraphCache, GivesBackTheSymbolsOfAState) {
  MemoryBackend backend({}, system_clock());
  GraphCache cache(backend);
  RepoSymbols symbols;
  symbols.paths = {"a.c"};
  symbols.identifiers.add("f");
  symbols.files.push_back(FileSymbols{{1}, {{1, 3}}});
  cache.set({1, 2}, symbols);
  const auto known = cache.get({1, 2});
  ASSERT_TRUE(known);
  EXPECT_EQ(known->paths, symbols.paths);
  EXPECT_EQ(known->files[0].references[0].count, 3U);
  EXPECT_FALSE(cache.get({1, 3}));
  replace_value(backend, CacheKey::from_text("symbols").add_digest({1, 2}), "no symbols");
  EXPECT_FALSE(cache.get({1, 2}));
  EXPECT_EQ(cache.troubles().damaged, 1U);
}

MapKey map_key() {
  MapKey key;
  key.request.query = "query";
  key.request.chat_files = {"chat.c"};
  key.request.mentioned_files = {"mentioned.c"};
  key.request.mentioned_identifiers = {"ident"};
  key.state = {1, 2};
  return key;
}

StoredMap stored_map(std::string text) {
  StoredMap stored;
  stored.map.text = std::move(text);
  stored.read = {{"a.c", {1, 1}}, {"b.c", {2, 2}}};
  return stored;
}

const MapCache::IsCurrent kAlways = [](std::span<const ReadFile>) { return true; };

TEST(MapCache, EveryFieldOfTheRequestCounts) {
  MemoryBackend backend({}, system_clock());
  MapCache cache(backend);
  const StoredMap stored = stored_map("text");
  cache.set({map_key(), &stored, 5us});
  const auto entry = cache.get(map_key(), kAlways);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->stored.map.text, "text");
  EXPECT_EQ(entry->cost, 5us);
  std::vector<MapKey> others(12, map_key());
  others[0].request.token_budget += 1;
  others[1].request.tokenizer = Tokenizer::kChars4;
  others[2].request.rank_mode = RankMode::kAider;
  others[3].request.query += '.';
  others[4].request.chat_files = {};
  others[5].request.mentioned_files.emplace_back("");
  others[6].request.mentioned_identifiers = {"ident", "other"};
  others[7].other_files.low = 1;
  others[8].state.low = 1;
  others[9].code.high = 1;
  others[10].is_explained = true;
  // The same texts, but one list ends earlier.
  others[11].request.chat_files = {"chat.c", "mentioned.c"};
  others[11].request.mentioned_files = {};
  for (std::size_t i = 0; i < others.size(); ++i) {
    EXPECT_FALSE(cache.get(others[i], kAlways)) << i;
  }
  others.push_back(map_key());
  EXPECT_TRUE(cache.batch_get(others, kAlways).back());
}

TEST(MapCache, ServesNoMapWhoseTextHasChanged) {
  MemoryBackend backend({}, system_clock());
  MapCache cache(backend);
  const StoredMap stored = stored_map("text");
  cache.set({map_key(), &stored, 5us});
  Digest content_of_b{2, 2};
  const MapCache::IsCurrent is_current = [&](std::span<const ReadFile> read) {
    EXPECT_EQ(std::vector<ReadFile>(read.begin(), read.end()), stored.read);
    return read[1].content == content_of_b;
  };
  EXPECT_TRUE(cache.get(map_key(), is_current));
  content_of_b = {3, 3};
  EXPECT_FALSE(cache.get(map_key(), is_current));
  content_of_b = {2, 2};
  EXPECT_TRUE(cache.get(map_key(), is_current)) << "the old text is back, and so should be its map";
}

TEST(MapCache, IsInvalidatedByTheFilesShown) {
  MemoryBackend backend({}, system_clock());
  MapCache cache(backend);
  const StoredMap stored = stored_map("text");
  cache.set({map_key(), &stored, 5us});
  const std::vector<std::string> others{"chat.c", "mentioned.c"};
  EXPECT_EQ(cache.invalidate_by_file(others), 0U);
  const std::vector<std::string> shown{"b.c"};
  EXPECT_EQ(cache.invalidate_by_file(shown), 1U);
  EXPECT_FALSE(cache.get(map_key(), kAlways));
}

TEST(MapCache, ErasesAndCountsWhatDoesNotDecode) {
  MemoryBackend backend({}, system_clock());
  MapCache cache(backend);
  const StoredMap stored = stored_map("text");
  cache.set({map_key(), &stored, 5us});
  const CacheKey key = map_key().key();
  const std::string whole = value_of(backend, key);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    replace_value(backend, key, whole.substr(0, size));
    EXPECT_FALSE(cache.get(map_key(), kAlways)) << size;
  }
  EXPECT_EQ(cache.troubles().damaged, whole.size());
  EXPECT_EQ(value_of(backend, key), "");
}

}  // namespace
}  // namespace repomap
