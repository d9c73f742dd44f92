// SPDX-License-Identifier: Apache-2.0
#include "parsers/folding_ranges.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace repomap {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\f\v";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  return begin == std::string_view::npos ? "" : text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

/// Whether what stands in a block behind its last node does nothing but close it.
bool closes(std::string_view rest) {
  static constexpr std::array<std::string_view, 6> kWords = {"end", "fi", "done", "esac", "#endif", "od"};
  const std::string_view content = trimmed(rest);
  return std::ranges::find(kWords, content) != kWords.end() || content.starts_with("</") ||
         (!content.empty() && content.find_first_not_of(")]}>;,") == std::string_view::npos);
}

class FoldCollector {
 public:
  FoldCollector(const DocumentSyntax& syntax, std::string_view text, const LineTable& lines)
      : syntax_(syntax), text_(text), lines_(lines) {}

  std::vector<Fold> collect() {
    for (std::uint32_t node = 1; node < syntax_.nodes().size(); ++node) {
      const TraitSet traits = syntax_.traits_of(node);
      if (traits.has(NodeTrait::kComment)) {
        add_comment(node);
      } else if (traits.has(NodeTrait::kImport) && node >= imports_end_) {
        add_import(node);
      } else if (traits.has(NodeTrait::kBlock)) {
        add_block(node);
      }
    }
    end_run(comments_, FoldKind::kComment);
    end_run(imports_, FoldKind::kImports);
    std::vector<Fold> folds;
    folds.reserve(by_line_.size());
    for (const auto& [line, fold] : by_line_) {
      folds.push_back(fold);
    }
    return folds;
  }

 private:
  struct Run {
    std::uint32_t first_line = 0;
    std::uint32_t last_line = 0;
    std::uint32_t end = 0;  // byte
  };

  void add(std::uint32_t first, std::uint32_t last, FoldKind kind) {
    if (last > first) {
      Fold& fold = by_line_[first];
      if (last > fold.last_line) {
        fold = {first, last, kind};
      }
    }
  }

  /// The last line that a node has something on: some end with the newline behind them.
  std::uint32_t last_line_of(ByteRange bytes) const {
    std::uint32_t end = bytes.end;
    while (end > bytes.begin + 1 && kBlanks.contains(text_[end - 1])) {
      --end;
    }
    return lines_.line_of(end - 1);
  }

  void add_block(std::uint32_t node) {
    const ByteRange bytes = syntax_.nodes()[node].bytes;
    const std::uint32_t own_first = lines_.line_of(bytes.begin);
    const std::uint32_t last = last_line_of(bytes);
    const std::uint32_t parent = syntax_.nodes()[node].parent;
    const std::uint32_t rest = std::max(end_of_children(node), *lines_.byte_at(text_, {last, 0}));
    if (last > own_first && rest < bytes.end && closes(text_.substr(rest, bytes.end - rest))) {
      add(own_first, last - 1, FoldKind::kRegion);
      return;
    }
    // Only a parent that begins before it on this line or above is the statement that it is the body of.
    const bool has_head = parent != 0 && syntax_.nodes()[parent].bytes.begin < bytes.begin;
    add(has_head ? lines_.line_of(syntax_.nodes()[parent].bytes.begin) : own_first, last, FoldKind::kRegion);
  }

  std::uint32_t end_of_children(std::uint32_t node) const {
    std::uint32_t end = syntax_.nodes()[node].bytes.begin;
    for (auto child = syntax_.first_child(node); child != SyntaxNode::kNone; child = syntax_.next_sibling(child)) {
      end = syntax_.nodes()[child].bytes.end;
    }
    return end;
  }

  void add_comment(std::uint32_t node) {
    const ByteRange bytes = syntax_.nodes()[node].bytes;
    const std::uint32_t first = lines_.line_of(bytes.begin);
    const std::uint32_t last = last_line_of(bytes);
    const std::uint32_t line_start = *lines_.byte_at(text_, {first, 0});
    if (!trimmed(text_.substr(line_start, bytes.begin - line_start)).empty()) {
      add(first, last, FoldKind::kComment);  // behind code: no part of a run
      return;
    }
    const bool goes_on = comments_ && first == comments_->last_line + 1 && first == last;
    if (!goes_on) {
      end_run(comments_, FoldKind::kComment);
      comments_ = Run{first, last, bytes.end};
    }
    comments_->last_line = std::max(comments_->last_line, last);
  }

  void add_import(std::uint32_t node) {
    const ByteRange bytes = syntax_.nodes()[node].bytes;
    imports_end_ = syntax_.nodes()[node].end_node;
    const std::uint32_t first = lines_.line_of(bytes.begin);
    if (imports_ && !trimmed(text_.substr(imports_->end, bytes.begin - imports_->end)).empty()) {
      end_run(imports_, FoldKind::kImports);
    }
    if (!imports_) {
      imports_ = Run{first, first, bytes.end};
    }
    imports_->last_line = last_line_of(bytes);
    imports_->end = bytes.end;
    // The sign behind a statement that is not part of it.
    if (imports_->end < text_.size() && text_[imports_->end] == ';') {
      ++imports_->end;
    }
  }

  void end_run(std::optional<Run>& run, FoldKind kind) {
    if (run) {
      add(run->first_line, run->last_line, kind);
      run.reset();
    }
  }

  const DocumentSyntax& syntax_;
  const std::string_view text_;
  const LineTable& lines_;
  std::map<std::uint32_t, Fold> by_line_;
  std::optional<Run> comments_;
  std::optional<Run> imports_;
  std::uint32_t imports_end_ = 0;  // behind the last node of the latest import
};

}  // namespace

std::vector<Fold> folding_ranges(const DocumentSyntax& syntax, std::string_view text, const LineTable& lines) {
  return FoldCollector(syntax, text, lines).collect();
}

}  // namespace repomap
