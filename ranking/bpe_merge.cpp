// SPDX-License-Identifier: Apache-2.0
#include "ranking/bpe_merge.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace repomap {
namespace {

/// Words up to this many bytes are merged by scanning for the lowest rank. Measured with o200k_base on random letters:
/// 1.4 times as fast as the heap at 24 bytes, and still at 128; beyond, n² takes over.
constexpr std::size_t kMaxScannedBytes = 128;

/// The merge of a short word. Part i of the word begins at begins_[i]; ranks_[i] is that of the parts i and i + 1
/// joined.
class ScannedMerge {
 public:
  ScannedMerge(const BpeImage& image, std::string_view word) : image_(image), word_(word), parts_(word.size()) {
    for (std::size_t i = 0; i <= parts_; ++i) {
      begins_[i] = static_cast<std::uint8_t>(i);
    }
    for (std::size_t i = 0; i + 1 < parts_; ++i) {
      ranks_[i] = joint_rank(i);
    }
  }

  std::size_t run() {
    while (parts_ > 1) {
      const auto last = ranks_.begin() + static_cast<std::ptrdiff_t>(parts_ - 1);
      const auto lowest = std::min_element(ranks_.begin(), last);
      if (*lowest == BpeImage::kNoRank) {
        break;
      }
      join(static_cast<std::size_t>(lowest - ranks_.begin()));
    }
    return parts_;
  }

 private:
  std::uint32_t joint_rank(std::size_t part) const {
    return image_.rank(word_.substr(begins_[part], std::size_t{begins_[part + 2]} - begins_[part]));
  }

  void join(std::size_t part) {
    --parts_;
    std::copy(begins_.begin() + static_cast<std::ptrdiff_t>(part + 2),
              begins_.begin() + static_cast<std::ptrdiff_t>(parts_ + 2),
              begins_.begin() + static_cast<std::ptrdiff_t>(part + 1));
    if (part + 1 < parts_) {
      std::copy(ranks_.begin() + static_cast<std::ptrdiff_t>(part + 2),
                ranks_.begin() + static_cast<std::ptrdiff_t>(parts_),
                ranks_.begin() + static_cast<std::ptrdiff_t>(part + 1));
      ranks_[part] = joint_rank(part);
    }
    if (part > 0) {
      ranks_[part - 1] = joint_rank(part - 1);
    }
  }

  const BpeImage& image_;
  std::string_view word_;
  std::size_t parts_;
  std::array<std::uint8_t, kMaxScannedBytes + 1> begins_ = {};
  std::array<std::uint32_t, kMaxScannedBytes> ranks_ = {};
};

/// The merge of a long word. A part is named by the position of its first byte; the parts form a list, and a heap holds
/// the pairs that are tokens by (rank, position). An entry of the heap is stale once the pair at its position has
/// another rank: the end of a pair only ever grows, so a position never sees the same rank again.
class HeapMerge {
 public:
  HeapMerge(const BpeImage& image, std::string_view word)
      : image_(image), word_(word), nodes_(word.size() + 1), parts_(word.size()) {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      nodes_[i] = {.next = i + 1, .previous = i - 1};
    }
    for (std::uint32_t i = 0; i + 1 < parts_; ++i) {
      update(i);
    }
  }

  std::size_t run() {
    while (!heap_.empty()) {
      const auto position = static_cast<std::uint32_t>(heap_.top());
      const auto rank = static_cast<std::uint32_t>(heap_.top() >> 32);
      heap_.pop();
      if (nodes_[position].rank == rank) {
        join(position);
      }
    }
    return parts_;
  }

 private:
  struct Node {
    std::uint32_t next = 0;      ///< the position of the next part; the size of the word behind the last
    std::uint32_t previous = 0;  ///< the position of the part before; unspecified for the first
    std::uint32_t rank = BpeImage::kNoRank;
  };

  void update(std::uint32_t position) {
    Node& node = nodes_[position];
    const std::uint32_t end = node.next < word_.size() ? nodes_[node.next].next : node.next;
    node.rank = node.next < word_.size() ? image_.rank(word_.substr(position, end - position)) : BpeImage::kNoRank;
    if (node.rank != BpeImage::kNoRank) {
      heap_.push((std::uint64_t{node.rank} << 32) | position);
    }
  }

  void join(std::uint32_t position) {
    const std::uint32_t absorbed = nodes_[position].next;
    nodes_[absorbed].rank = BpeImage::kNoRank;
    nodes_[position].next = nodes_[absorbed].next;
    nodes_[nodes_[position].next].previous = position;
    --parts_;
    update(position);
    if (position > 0) {
      update(nodes_[position].previous);
    }
  }

  const BpeImage& image_;
  std::string_view word_;
  std::vector<Node> nodes_;  // the last is behind the word and no part
  std::size_t parts_;
  std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>> heap_;
};

}  // namespace

std::size_t count_merged_tokens(const BpeImage& image, std::string_view word) {
  if (word.size() <= kMaxScannedBytes) {
    return ScannedMerge(image, word).run();
  }
  return HeapMerge(image, word).run();
}

}  // namespace repomap
