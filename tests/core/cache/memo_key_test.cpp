// SPDX-License-Identifier: Apache-2.0
#include "core/cache/memo_key.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <variant>
#include <vector>

namespace repomap {
namespace {

using Argument = std::variant<std::int64_t, std::uint64_t, bool, double, std::string, std::optional<std::string>,
                              std::vector<std::int64_t>, std::optional<std::vector<std::string>>>;

CacheKey key_of(const std::string& name, const std::vector<Argument>& arguments) {
  CacheKey key = CacheKey::from_text(name);
  for (const Argument& argument : arguments) {
    std::visit([&](const auto& value) { add_memo_part(key, value); }, argument);
  }
  return key;
}

// W24, RC7: f(1, none) and f(1, none, "a") were one key.
TEST(MemoKey, DistinctCallsHaveDistinctKeys) {
  const std::optional<std::string> none;
  const std::vector<CacheKey> keys = {
      memo_key("f"),
      memo_key("g"),
      memo_key("f", 1),
      memo_key("f", "1"),
      memo_key("f", true),
      memo_key("f", 1.0),
      memo_key("f", std::string("t")),
      memo_key("f", 1, none),
      memo_key("f", 1, none, "a"),
      memo_key("f", 1, std::optional<std::string>("a")),
      memo_key("f", "a", "b"),
      memo_key("f", "ab", ""),
      memo_key("f", std::string("a\0b", 3)),
      memo_key("f", std::vector<int>{}),
      memo_key("f", std::vector<int>{1}),
      memo_key("f", std::vector<int>{1}, 2),
      memo_key("f", std::vector<int>{1, 2}),
      memo_key("f", std::vector<std::vector<int>>{{1}, {2}}),
      memo_key("f", std::vector<std::vector<int>>{{1, 2}}),
      memo_key("f", std::int64_t{-1}),
      memo_key("f", ~std::uint64_t{0}),
      memo_key("f", std::uint64_t{1} << 63U),
      memo_key("f", 0.0),
      memo_key("f", -0.0),
      memo_key("f", Digest{1, 2}),
  };
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(keys[i], keys[j]) << keys[i].to_display();
    }
    EXPECT_TRUE(CacheKey::from_encoded(keys[i].encoded()));
  }
}

TEST(MemoKey, EqualCallsHaveEqualKeysWhateverTheWidth) {
  EXPECT_EQ(memo_key("f", 7, "x"), memo_key("f", std::uint64_t{7}, std::string("x")));
  EXPECT_EQ(memo_key("f", std::int16_t{-3}), memo_key("f", std::int64_t{-3}));
}

class RandomCalls {
 public:
  explicit RandomCalls(std::uint64_t seed) : generator_(seed) {}

  std::vector<Argument> next() {
    std::vector<Argument> result(below(4), Argument(std::int64_t{0}));
    for (Argument& argument : result) {
      argument = random_argument();
    }
    return result;
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return generator_() % bound; }

  /// Few letters, the awkward ones: so that different calls come close to each other.
  std::string text() {
    static constexpr std::array<char, 6> kLetters = {'a', '\0', '\xff', 't', 'n', '\x10'};
    std::string result;
    for (std::uint64_t length = below(3); length > 0; --length) {
      result += kLetters.at(below(kLetters.size()));
    }
    return result;
  }

  Argument random_argument() {
    const auto small = static_cast<std::int64_t>(below(3)) - 1;
    switch (below(8)) {
      case 0: return small;
      case 1: return ~std::uint64_t{0} - below(2);
      case 2: return below(2) == 0;
      case 3: return static_cast<double>(small);
      case 4: return text();
      case 5: return below(2) == 0 ? std::optional<std::string>() : std::optional(text());
      case 6: return std::vector<std::int64_t>(below(3), small);
      default:
        return below(2) == 0 ? std::optional<std::vector<std::string>>()
                             : std::optional(std::vector<std::string>(below(3), text()));
    }
  }

  std::mt19937_64 generator_;
};

/// Kind and value of every argument, in one obvious text.
std::string describe(const std::vector<Argument>& arguments) {
  const auto text_of = [](const auto& value) {
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>) {
      return fmt::format("<{}:{}>", value.size(), value);
    } else {
      return fmt::format("{}", value);
    }
  };
  const auto list_of = [&](const auto& values) {
    std::string result = fmt::format("[{}", values.size());
    for (const auto& value : values) {
      result += fmt::format(" {}", text_of(value));
    }
    return result + "]";
  };
  std::string result;
  for (const Argument& argument : arguments) {
    // An empty optional looks the same whatever it could hold.
    if (const auto* text = std::get_if<std::optional<std::string>>(&argument)) {
      result += *text ? fmt::format("some {}", text_of(**text)) : "none";
    } else if (const auto* texts = std::get_if<std::optional<std::vector<std::string>>>(&argument)) {
      result += *texts ? fmt::format("some {}", list_of(**texts)) : "none";
    } else if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&argument)) {
      result += list_of(*numbers);
    } else if (const auto* string = std::get_if<std::string>(&argument)) {
      result += text_of(*string);
    } else if (const auto* truth = std::get_if<bool>(&argument)) {
      result += *truth ? "yes" : "no";
    } else if (const auto* real = std::get_if<double>(&argument)) {
      result += fmt::format("{:.1f}", *real);
    } else if (const auto* natural = std::get_if<std::uint64_t>(&argument)) {
      result += std::to_string(*natural);
    } else {
      result += std::to_string(std::get<std::int64_t>(argument));
    }
    result += ";";
  }
  return result;
}

// RC7: distinct calls, distinct keys, on random calls.
TEST(MemoKey, KeysOfRandomCallsAgreeExactlyWhenTheCallsDo) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  RandomCalls calls(seed);
  std::map<std::string, std::string> call_of_key;
  for (int round = 0; round < 50'000; ++round) {
    const std::vector<Argument> call = calls.next();
    const auto [position, is_new] = call_of_key.try_emplace(key_of("f", call).encoded(), describe(call));
    ASSERT_EQ(position->second, describe(call));
  }
  std::map<std::string, int> keys_of_call;
  for (const auto& [key, call] : call_of_key) {
    ASSERT_EQ(++keys_of_call[call], 1) << call;
  }
}

}  // namespace
}  // namespace repomap
