// SPDX-License-Identifier: Apache-2.0
#include "parsers/parse_arena.hpp"

#include <tree_sitter/api.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace repomap {
namespace {

constexpr std::size_t kAlignment = 16;
constexpr std::size_t kFirstChunkBytes = std::size_t{256} << 10U;
constexpr std::size_t kLargestChunkBytes = std::size_t{4} << 20U;
// What one file leaves behind for the next, so that a huge file does not hold its memory for the rest of the run.
constexpr std::size_t kKeptBytes = std::size_t{4} << 20U;

thread_local ParseArena* active_arena = nullptr;

/// Stands before every block, so that a block finds its way back whether or not its arena is active.
struct alignas(kAlignment) Header {
  ParseArena* owner;  // null: malloc
  std::size_t size;   // with the header
};
static_assert(sizeof(Header) == kAlignment);

std::size_t rounded(std::size_t size) { return (size + sizeof(Header) + kAlignment - 1) / kAlignment * kAlignment; }

Header* header_of(void* block) { return static_cast<Header*>(block) - 1; }

}  // namespace

struct ParseArena::FreeBlock {
  FreeBlock* next;
};

struct ParseArenaAllocator {
  static void* allocate(std::size_t size) {
    const std::size_t total = rounded(size);
    void* memory = active_arena == nullptr ? std::malloc(total) : active_arena->take(total);
    if (memory == nullptr) {
      std::abort();  // the library cannot go on without memory, nor can it be told
    }
    return new (memory) Header{active_arena, total} + 1;
  }

  static void* allocate_zeroed(std::size_t count, std::size_t size) {
    if (size != 0 && count > SIZE_MAX / 2 / size) {
      std::abort();
    }
    void* block = allocate(count * size);
    std::memset(block, 0, count * size);
    return block;
  }

  static void* reallocate(void* block, std::size_t size) {
    if (block == nullptr) {
      return allocate(size);
    }
    const std::size_t old_room = header_of(block)->size - sizeof(Header);
    if (size <= old_room) {
      return block;
    }
    void* larger = allocate(size);
    std::memcpy(larger, block, old_room);
    release(block);
    return larger;
  }

  static void release(void* block) {
    if (block == nullptr) {
      return;
    }
    Header* header = header_of(block);
    if (header->owner == nullptr) {
      std::free(header);
    } else {
      header->owner->give_back(header, header->size);
    }
  }

  static void install() noexcept { ts_set_allocator(allocate, allocate_zeroed, reallocate, release); }
};

namespace {

// Before main, so that no block of the library's own allocator can meet ours.
[[maybe_unused]] const bool kIsInstalled = []() noexcept {
  ParseArenaAllocator::install();
  return true;
}();

}  // namespace

ParseArena::ParseArena() = default;
ParseArena::~ParseArena() = default;

ParseArena::Scope::Scope(ParseArena& arena) : arena_(arena) { active_arena = &arena; }

ParseArena::Scope::~Scope() {
  active_arena = nullptr;
  arena_.reset();
}

ParseArena::Pause::Pause() : paused_(std::exchange(active_arena, nullptr)) {}

ParseArena::Pause::~Pause() { active_arena = paused_; }

void* ParseArena::take(std::size_t size) {
  const std::size_t size_class = size / kAlignment;
  if (size_class < kSizeClasses && free_[size_class] != nullptr) {
    FreeBlock* block = free_[size_class];
    free_[size_class] = block->next;
    return block;
  }
  while (static_cast<std::size_t>(end_ - next_) < size) {
    if (next_ != nullptr) {
      ++current_;
    }
    if (current_ >= chunks_.size()) {
      const std::size_t usual = std::min(kLargestChunkBytes, kFirstChunkBytes << std::min<std::size_t>(current_, 8));
      const std::size_t bytes = std::max(size, usual);
      auto* memory = new (std::nothrow) std::byte[bytes];
      if (memory == nullptr) {
        return nullptr;
      }
      chunks_.push_back({std::unique_ptr<std::byte[]>(memory), bytes});
    }
    next_ = chunks_[current_].bytes.get();
    end_ = next_ + chunks_[current_].size;
  }
  void* block = next_;
  next_ += size;
  return block;
}

void ParseArena::give_back(void* block, std::size_t size) {
  const std::size_t size_class = size / kAlignment;
  if (size_class < kSizeClasses) {
    free_[size_class] = new (block) FreeBlock{free_[size_class]};
  } else if (static_cast<std::byte*>(block) + size == next_) {
    next_ -= size;  // a growing array that was the last block
  }
}

void ParseArena::reset() {
  free_.fill(nullptr);
  std::size_t kept = 0;
  std::size_t bytes = 0;
  while (kept < chunks_.size() && bytes + chunks_[kept].size <= kKeptBytes) {
    bytes += chunks_[kept++].size;
  }
  chunks_.resize(kept);
  current_ = 0;
  next_ = chunks_.empty() ? nullptr : chunks_.front().bytes.get();
  end_ = chunks_.empty() ? nullptr : next_ + chunks_.front().size;
}

}  // namespace repomap
