// SPDX-License-Identifier: Apache-2.0
#include "tests/ranking/random_symbols.hpp"

#include <fmt/core.h>

#include <array>
#include <random>
#include <set>
#include <string_view>

namespace repomap {
namespace {

class RandomCase {
 public:
  explicit RandomCase(unsigned seed) : random_(seed) {}

  std::string text() {
    const int files = below(20) + 1;
    for (int file = 0; file < files; ++file) {
      text_ += fmt::format("file\td{}/f{:02}.c\n", file / 7, file);
      append_symbols("def", below(4) == 0 ? 0 : below(6));
      append_symbols("ref", below(5) == 0 ? 0 : below(10));
    }
    for (int i = below(3); i > 0; --i) {
      const int file = below(files);
      text_ += fmt::format("{}\td{}/f{:02}.c\n", below(2) == 0 ? "chat" : "mention-file", file / 7, file);
    }
    for (int i = below(3); i > 0; --i) {
      text_ += fmt::format("mention\t{}\n", name());
    }
    return text_;
  }

 private:
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

  std::string name() {
    static constexpr std::array<std::string_view, 5> kStems = {"x", "_hidden", "long_snake_name", "LongCamel", "plain"};
    return fmt::format("{}{}", kStems[static_cast<std::size_t>(below(5))], below(6));
  }

  void append_symbols(std::string_view verb, int count) {
    std::set<std::string> seen;
    for (int i = 0; i < count; ++i) {
      const std::string drawn = name();
      if (seen.insert(drawn).second) {
        text_ += verb == "def" ? fmt::format("def\t{}\n", drawn) : fmt::format("ref\t{}\t{}\n", drawn, below(9) + 1);
      }
    }
  }

  std::mt19937 random_;
  std::string text_;
};

}  // namespace

std::string random_ranking_case(unsigned seed) { return RandomCase(seed).text(); }

}  // namespace repomap
