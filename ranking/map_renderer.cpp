// SPDX-License-Identifier: Apache-2.0
// How a map is filled. The shown files are pieces of text that are counted one by one and added up; the whole text is
// counted once at the end. A piece begins behind the empty line before a path and ends with the next empty line,
// because there the sum is exact for byte pair encodings: their patterns never let a word go on behind a run of
// newlines, as no path begins with a newline or '/'. For other counters the sum may be off by a little for each piece;
// then the filling is repeated towards a limit that is moved by as much.
#include "ranking/map_renderer.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ranking/map_text.hpp"

namespace repomap {
namespace {

constexpr std::size_t kTokensPerEntry = 32;     // the first guess
constexpr std::size_t kMaxRounds = 4;           // of filling towards a higher limit
constexpr std::size_t kFullPercent = 97;        // enough, once the best run of entries is shown
constexpr std::size_t kNearlyFullPercent = 95;  // enough after kMissesWhenNearlyFull
constexpr std::size_t kMissesWhenNearlyFull = 32;
constexpr std::size_t kMaxMisses = 1000;

using FileIndex = std::uint32_t;

/// What is shown of a file; without lines, its name.
struct FileContent {
  std::vector<std::uint32_t> lines;  // rising, distinct
  std::vector<MapSymbol> symbols;
};

/// The text of a file with the empty line behind it.
struct Piece {
  std::vector<std::uint32_t> lines;
  std::string text;
  std::size_t tokens = 0;
};

void add_symbols(FileContent& content, const std::vector<MapSymbol>& symbols) {
  for (const MapSymbol& symbol : symbols) {
    content.lines.push_back(symbol.line);
  }
  content.symbols.insert(content.symbols.end(), symbols.begin(), symbols.end());
}

void sort_distinct(std::vector<std::uint32_t>& lines) {
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
}

void sort_symbols(std::vector<MapSymbol>& symbols) {
  std::sort(symbols.begin(), symbols.end(), [](const MapSymbol& a, const MapSymbol& b) {
    return std::tie(a.line, a.name, a.kind, a.rank) < std::tie(b.line, b.name, b.kind, b.rank);
  });
}

/// Renders files and remembers of each the last piece, so that only files whose lines have changed are rendered.
class PieceStore {
 public:
  PieceStore(const RepoSymbols& symbols, TreeSource& source, const TokenCounter& counter)
      : symbols_(symbols), source_(source), counter_(counter) {}

  /// The piece with these lines, or nothing if the file cannot be read.
  std::optional<Piece> get(FileIndex file, const std::vector<std::uint32_t>& lines) {
    const auto known = last_.find(file);
    if (known != last_.end() && known->second.lines == lines) {
      return known->second;
    }
    std::string plain = visible_path(symbols_.paths[file]);
    if (!lines.empty()) {
      const std::optional<std::string> tree = source_.tree(file, lines);
      if (!tree) {
        return std::nullopt;
      }
      plain += ":\n";
      plain += *tree;
    }
    if (!plain.ends_with('\n')) {
      plain += '\n';
    }
    Piece piece{.lines = lines, .text = {}, .tokens = 0};
    append_cut_lines(piece.text, plain);
    piece.text += '\n';
    piece.tokens = counter_.count(piece.text);
    last_.insert_or_assign(file, piece);
    return piece;
  }

 private:
  const RepoSymbols& symbols_;
  TreeSource& source_;
  const TokenCounter& counter_;
  std::unordered_map<FileIndex, Piece> last_;
};

/// A map in the making: adds entries in their order as long as the sum of the pieces' tokens is within a limit.
class MapFill {
 public:
  MapFill(const RankedTags& ranked, PieceStore& pieces, TreeSource& source, const TokenCounter& counter)
      : ranked_(ranked), pieces_(pieces), source_(source), counter_(counter), opening_tokens_(counter.count("\n")) {}

  /// Starts from nothing and adds what fits in `limit`.
  void run(std::size_t limit) {
    shown_.clear();
    piece_tokens_ = 0;
    misses_ = 0;
    limit_ = limit;
    std::size_t next = 0;
    std::size_t step = std::max<std::size_t>(1, limit / kTokensPerEntry);
    bool growing = true;  // no try has failed since the last miss
    while (next < ranked_.entries.size() && !is_full()) {
      const std::size_t count = std::min(step, ranked_.entries.size() - next);
      wants_more_ = wants_more_ || count < step;
      if (try_to_add(next, count)) {
        next += count;
        step = growing ? 2 * step : std::max<std::size_t>(1, step / 2);
      } else if (count > 1) {
        growing = false;
        step = count / 2;
      } else {
        ++misses_;
        ++next;
        growing = true;
        step = 1;
      }
    }
    wants_more_ = wants_more_ || next == ranked_.entries.size();
  }

  bool has_left_out() const { return misses_ > 0; }

  /// Whether any run has come to the end of the entries.
  bool wants_more() const { return wants_more_; }

  /// By the sum of the pieces.
  std::size_t tokens() const { return total(piece_tokens_, shown_.empty() ? nullptr : &shown_.rbegin()->second.piece); }

  std::string text() const {
    std::string result;
    for (const auto& [file, shown] : shown_) {
      result += result.empty() ? "\n" : "";
      result += shown.piece.text;
    }
    if (!result.empty()) {
      result.pop_back();
    }
    return result;
  }

  std::vector<MapFile> files(const RepoSymbols& symbols) const {
    std::vector<MapFile> result;
    for (const auto& [file, shown] : shown_) {
      MapFile entry{.path = symbols.paths[file],
                    .rank = file < ranked_.file_ranks.size() ? ranked_.file_ranks[file] : 0,
                    .lines = shown.content.lines,
                    .symbols = shown.content.symbols};
      sort_symbols(entry.symbols);
      result.push_back(std::move(entry));
    }
    return result;
  }

 private:
  struct ShownFile {
    FileContent content;
    Piece piece;
  };
  using Files = std::map<FileIndex, ShownFile>;  // by index, which is by path

  bool is_full() const {
    const std::size_t sum = tokens();
    return misses_ >= kMaxMisses || (misses_ > 0 && sum * 100 >= limit_ * kFullPercent) ||
           (misses_ >= kMissesWhenNearlyFull && sum * 100 >= limit_ * kNearlyFullPercent);
  }

  /// Adds the entries from `first` on, all of them or none.
  bool try_to_add(std::size_t first, std::size_t count) {
    Files changed = changed_files(first, count);
    std::size_t sum = piece_tokens_;
    for (auto it = changed.begin(); it != changed.end();) {
      std::optional<Piece> piece = pieces_.get(it->first, it->second.content.lines);
      if (!piece) {
        it = changed.erase(it);
        continue;
      }
      it->second.piece = *std::move(piece);
      const auto old = shown_.find(it->first);
      sum += it->second.piece.tokens;
      sum -= old == shown_.end() ? 0 : old->second.piece.tokens;
      ++it;
    }
    if (changed.empty()) {
      return true;
    }
    const bool is_last_new = shown_.empty() || shown_.rbegin()->first <= changed.rbegin()->first;
    const Piece& last = is_last_new ? changed.rbegin()->second.piece : shown_.rbegin()->second.piece;
    if (total(sum, &last) > limit_) {
      return false;
    }
    for (auto& [file, shown] : changed) {
      shown_.insert_or_assign(file, std::move(shown));
    }
    piece_tokens_ = sum;
    return true;
  }

  /// The files that the entries change, with their content afterwards.
  Files changed_files(std::size_t first, std::size_t count) {
    Files changed;
    for (std::size_t i = first; i < first + count; ++i) {
      const RankedEntry& entry = ranked_.entries[i];
      const bool is_name_only = entry.identifier == 0;
      const auto shown = shown_.find(entry.file);
      const std::vector<MapSymbol>& symbols = symbols_of(i);
      if (is_name_only ? shown != shown_.end() : symbols.empty()) {
        continue;
      }
      auto [file, is_new] = changed.try_emplace(entry.file);
      if (is_new && shown != shown_.end()) {
        file->second.content = shown->second.content;
      }
      add_symbols(file->second.content, symbols);
    }
    for (auto& [file, shown] : changed) {
      sort_distinct(shown.content.lines);
    }
    return changed;
  }

  const std::vector<MapSymbol>& symbols_of(std::size_t index) {
    for (std::size_t i = symbols_.size(); i <= index; ++i) {
      const RankedEntry& entry = ranked_.entries[i];
      symbols_.emplace_back();
      if (entry.identifier != 0) {
        symbols_.back() = source_.definitions(entry.file, entry.identifier);
      }
      for (MapSymbol& symbol : symbols_.back()) {
        symbol.rank = entry.rank;
      }
    }
    return symbols_[index];
  }

  /// The tokens of a text of pieces with that sum: with the empty line before the first, without the one behind the
  /// last.
  std::size_t total(std::size_t sum, const Piece* last) const {
    if (last == nullptr) {
      return 0;
    }
    // Only the last line can be counted otherwise: what is before it ends with a newline.
    const std::string_view text = last->text;
    const std::size_t newline = text.substr(0, text.size() - 2).rfind('\n');
    const std::string_view line = newline == std::string_view::npos ? text : text.substr(newline + 1);
    return opening_tokens_ + sum + counter_.count(line.substr(0, line.size() - 1)) - counter_.count(line);
  }

  const RankedTags& ranked_;
  PieceStore& pieces_;
  TreeSource& source_;
  const TokenCounter& counter_;
  const std::size_t opening_tokens_;

  std::vector<std::vector<MapSymbol>> symbols_;  // of the first entries, as far as they were needed
  Files shown_;
  std::size_t piece_tokens_ = 0;  // sum over shown_
  std::size_t misses_ = 0;
  std::size_t limit_ = 0;
  bool wants_more_ = false;
};

}  // namespace

std::optional<RepoMap> render_map_from_first(const RankedTags& ranked, const RepoSymbols& symbols, TreeSource& source,
                                             const TokenCounter& counter, std::size_t token_budget) {
  RepoMap best;
  PieceStore pieces(symbols, source, counter);
  MapFill fill(ranked, pieces, source, counter);
  std::size_t limit = token_budget;
  std::size_t excess = 0;  // of the last limit that turned out too high
  for (std::size_t round = 1; limit > 0; ++round) {
    fill.run(limit);
    if (fill.wants_more() && !ranked.is_whole) {
      return std::nullopt;
    }
    std::string text = fill.text();
    const std::size_t tokens = counter.count(text);
    if (tokens > token_budget) {
      excess = std::max(tokens - token_budget, 2 * excess);
      limit -= std::min(limit, excess);
      continue;
    }
    if (tokens > best.tokens || best.text.empty()) {
      best = {.text = std::move(text), .tokens = tokens, .files = fill.files(symbols)};
    }
    const std::size_t next_limit = token_budget + fill.tokens() - std::min(fill.tokens(), tokens);
    if (excess > 0 || !fill.has_left_out() || next_limit <= limit || round >= kMaxRounds) {
      break;
    }
    limit = next_limit;
  }
  return best;
}

RepoMap render_map(const RankedTags& ranked, const RepoSymbols& symbols, TreeSource& source,
                   const TokenCounter& counter, std::size_t token_budget) {
  return render_map_from_first(ranked, symbols, source, counter, token_budget).value_or(RepoMap());
}

}  // namespace repomap
