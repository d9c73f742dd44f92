// SPDX-License-Identifier: Apache-2.0
#include "core/model/stored_map.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

namespace repomap {
namespace {

std::string text_of(const StoredMap& stored) {
  std::string text = fmt::format("{}\n{}\n", stored.map.text, stored.map.tokens);
  for (const MapFile& file : stored.map.files) {
    text += fmt::format("{} {:a}\n", file.path, file.rank);
    for (const std::uint32_t line : file.lines) {
      text += fmt::format(" {}", line);
    }
    for (const MapSymbol& symbol : file.symbols) {
      text += fmt::format(" {} {} {} {:a}\n", symbol.name, kind_name(symbol.kind), symbol.line, symbol.rank);
    }
  }
  for (const SymbolExplanation& why : stored.explanations) {
    text += fmt::format("{} {} {:a} {:a} {:a} {}\n", why.path, why.name, why.rank, why.graph_rank, why.file_rank,
                        why.referencing_files);
    for (const auto& reference : why.strongest_references) {
      text += fmt::format(" {} {:a}\n", reference.path, reference.share);
    }
    for (const auto& pull : why.pulls) {
      text += fmt::format(" {} {}\n", pull.kind, pull.detail);
    }
  }
  for (const std::string& notice : stored.notices) {
    text += fmt::format("notice {}\n", notice);
  }
  for (const ReadFile& file : stored.read) {
    text += fmt::format("{} {}\n", file.path, to_hex(file.content));
  }
  return text;
}

class RandomMap {
 public:
  explicit RandomMap(unsigned seed) : random_(seed) {}

  StoredMap make() {
    StoredMap stored;
    stored.map.text = text();
    stored.map.tokens = random_();
    fill(stored.map.files, [this] { return file(); });
    fill(stored.explanations, [this] { return explanation(); });
    fill(stored.notices, [this] { return text(); });
    fill(stored.read, [this] { return ReadFile{text(), {random_(), random_()}}; });
    return stored;
  }

 private:
  template <typename T, typename Make>
  void fill(std::vector<T>& list, const Make& make) {
    for (std::size_t count = random_() % 4; count > 0; --count) {
      list.push_back(make());
    }
  }

  std::string text() { return std::string(random_() % 5, static_cast<char>(random_())); }

  double number() {
    switch (random_() % 5) {
      case 0: return 0;
      case 1: return -0.0;
      case 2: return std::numeric_limits<double>::denorm_min();
      default: return std::uniform_real_distribution<double>(-1, 1e9)(random_);
    }
  }

  MapFile file() {
    MapFile file;
    file.path = text();
    file.rank = number();
    fill(file.lines, [this] { return static_cast<std::uint32_t>(random_()); });
    fill(file.symbols, [this] {
      return MapSymbol{text(), static_cast<SymbolKind>(random_() % 49), static_cast<std::uint32_t>(random_()),
                       number()};
    });
    return file;
  }

  SymbolExplanation explanation() {
    SymbolExplanation why;
    why.path = text();
    why.name = text();
    why.rank = number();
    why.graph_rank = number();
    why.file_rank = number();
    why.referencing_files = random_();
    fill(why.strongest_references, [this] { return SymbolExplanation::Reference{text(), number()}; });
    fill(why.pulls, [this] { return SymbolExplanation::Pull{text(), text()}; });
    return why;
  }

  std::mt19937 random_;
};

TEST(StoredMap, ComesBackToTheLastBit) {
  const unsigned seed = std::random_device{}();
  for (unsigned round = 0; round < 500; ++round) {
    const StoredMap stored = RandomMap(seed + round).make();
    const auto decoded = decode_stored_map(encode(stored));
    ASSERT_TRUE(decoded) << decoded.error().message << ", seed " << seed + round;
    ASSERT_EQ(text_of(*decoded), text_of(stored)) << "seed " << seed + round;
  }
}

TEST(StoredMap, OfAnotherVersionIsRefused) {
  std::string bytes = encode(StoredMap());
  bytes[0] = static_cast<char>(bytes[0] + 1);
  EXPECT_EQ(decode_stored_map(bytes).error().code, ErrorCode::kUnsupported);
}

TEST(StoredMap, IsRefusedWhereBytesAreMissingOrToSpare) {
  const std::string bytes = encode(RandomMap(7).make());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto decoded = decode_stored_map(bytes.substr(0, size));
    ASSERT_FALSE(decoded) << size;
    EXPECT_EQ(decoded.error().code, ErrorCode::kCorrupt) << size;
  }
  EXPECT_FALSE(decode_stored_map(bytes + '\0'));
}

TEST(StoredMap, SurvivesEveryChangeOfAByte) {
  for (unsigned seed = 0; seed < 3; ++seed) {
    const std::string bytes = encode(RandomMap(seed).make());
    for (std::size_t position = 0; position < bytes.size(); ++position) {
      for (unsigned value = 0; value < 256; value += 17) {
        std::string changed = bytes;
        changed[position] = static_cast<char>(value);
        if (const auto decoded = decode_stored_map(changed)) {
          EXPECT_EQ(text_of(*decode_stored_map(encode(*decoded))), text_of(*decoded));
        }
      }
    }
  }
}

}  // namespace
}  // namespace repomap
