// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace repomap {

/// Memory for all that the tree-sitter library allocates while one file is parsed and queried.
///
/// Parsing makes and drops millions of small blocks. Here a freed block goes to the list of its size, a new one is
/// taken from there or from the end of a chunk, and what is left when the file is done is dropped at once, so a tree
/// need not be taken apart node by node.
///
/// Owns its chunks. Used by one thread. The library's allocator is one set of functions for the whole process
/// (ts_set_allocator), so the first Scope installs ours; outside of a Scope they are malloc and free.
class ParseArena {
 public:
  ParseArena();
  ~ParseArena();
  ParseArena(const ParseArena&) = delete;
  ParseArena& operator=(const ParseArena&) = delete;

  /// While it lives, this thread's allocations of the library come from the arena; at its end they are all dropped.
  /// REQUIRES: what the library allocated within is not used afterwards; scopes of a thread do not overlap.
  class Scope {
   public:
    explicit Scope(ParseArena& arena);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    ParseArena& arena_;
  };

  /// While it lives, this thread's allocations of the library outlive the scope that it stands in: a query, say, that
  /// is compiled for an embedded language.
  class Pause {
   public:
    Pause();
    ~Pause();
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    ParseArena* paused_;
  };

 private:
  friend struct ParseArenaAllocator;
  struct FreeBlock;
  struct Chunk {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };

  static constexpr std::size_t kSizeClasses = 64;

  /// `size` is a multiple of 16, header included. Null if the system has no memory left.
  void* take(std::size_t size);
  void give_back(void* block, std::size_t size);
  void reset();

  std::array<FreeBlock*, kSizeClasses> free_{};  // by size / 16
  std::vector<Chunk> chunks_;
  std::size_t current_ = 0;    // index of the chunk that blocks are taken from
  std::byte* next_ = nullptr;  // in chunks_[current_]
  std::byte* end_ = nullptr;
};

}  // namespace repomap
