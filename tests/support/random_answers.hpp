// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "service/query_backend.hpp"

namespace repomap {

/// Answers as no repository would give them: any bytes in texts, any finite numbers. The same seed gives the same ones.
class RandomAnswers {
 public:
  explicit RandomAnswers(std::uint32_t seed) : random_(seed) {}

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }

  std::uint64_t number() {
    const std::uint64_t any = (std::uint64_t{random_()} << 32U) | random_();
    return below(4) == 0 ? any : any % 1000;
  }

  std::uint32_t line() { return static_cast<std::uint32_t>(number() % 0xffff'fffeU); }

  double real() {
    double value = std::numeric_limits<double>::quiet_NaN();
    while (!std::isfinite(value)) {
      value = below(4) == 0 ? 1.0 / (1 + below(1000))
                            : std::bit_cast<double>((std::uint64_t{random_()} << 32U) | random_());
    }
    return value;
  }

  std::string text() {
    constexpr std::string_view kPieces = "ab/. \n\"\\\x01\xc3\xa4\xff\xed\xa0";
    std::string text(below(12), '\0');
    for (char& c : text) {
      c = kPieces[below(static_cast<std::uint32_t>(kPieces.size()))];
    }
    return text;
  }

  SkippedFile skipped() {
    return {text(), static_cast<SkipReason>(below(static_cast<std::uint32_t>(SkipReason::kVanished) + 1)), text()};
  }

  FileReport report() {
    FileReport report;
    report.listed = number();
    report.index.parsed = number();
    report.index.reused = number();
    report.index.unknown = number();
    report.index.tags = number();
    report.index.bytes = number();
    for (std::uint32_t i = below(4); i > 0; --i) {
      report.skipped.push_back(skipped());
      report.skipped.back().path = fmt::format("{}{}", i, text());
      if (below(2) == 0) {
        report.index.skipped.push_back(report.skipped.back());
      }
      report.notices.push_back(text());
    }
    report.freshness.generation = number();
    report.freshness.as_of =
        std::chrono::system_clock::time_point(std::chrono::milliseconds(number() % 7'000'000'000'000));
    report.freshness.indexed = number();
    report.freshness.pending = number();
    report.freshness.skipped = number();
    report.freshness.watcher = text();
    return report;
  }

  SymbolKind kind() { return static_cast<SymbolKind>(below(static_cast<std::uint32_t>(SymbolKind::kSymbol) + 1)); }

  MapAnswer map() {
    MapAnswer answer;
    answer.generation = number();
    answer.origin = below(2) == 0 ? MapOrigin::kMade : MapOrigin::kKept;
    answer.map.text = text();
    answer.map.tokens = number();
    for (std::uint32_t i = below(4); i > 0; --i) {
      MapFile& file = answer.map.files.emplace_back();
      file.path = text();
      file.rank = real();
      file.lines = {line(), line()};
      file.symbols.push_back({text(), kind(), line(), real()});
      SymbolExplanation explanation{text(), text(), real(), real(), real(), number(), {}, {}};
      explanation.strongest_references.push_back({text(), real()});
      explanation.pulls.push_back({text(), text()});
      answer.explanations.push_back(std::move(explanation));
    }
    answer.report = report();
    return answer;
  }

  SymbolHit hit() {
    return {text(), text(), text(), text(), text(), below(2) == 0 ? Role::kDefinition : Role::kReference,
            kind(), line(), line(), line()};
  }

  SymbolsAnswer symbols() {
    SymbolsAnswer answer;
    for (std::uint32_t i = below(5); i > 0; --i) {
      answer.hits.push_back(hit());
    }
    answer.report = report();
    return answer;
  }

  IndexAnswer index() {
    IndexAnswer answer;
    answer.report = report();
    answer.symbols = {number(), number(), below(2) == 0};
    answer.elapsed = std::chrono::nanoseconds(number() % 1'000'000'000'000'000);
    return answer;
  }

 private:
  std::mt19937 random_;
};

}  // namespace repomap
