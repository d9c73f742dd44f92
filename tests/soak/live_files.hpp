// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace repomap {

/// Files below live/ of a repository that change all the while, each by a function whose name holds the version:
/// live/f3.c defines live_3_v17. So each answer shows the state that it was made from.
///
/// Thread-safe; each file is written by one thread.
class LiveFiles {
 public:
  static constexpr std::size_t kFiles = 8;

  explicit LiveFiles(std::string root) : root_(std::move(root)) {}

  /// Writes the next version of a file, in the place of the former at one moment.
  void write_next(std::size_t file);

  static std::string path(std::size_t file);

  /// What is saved at this moment at least; a request made later must show it, or a later one.
  std::uint64_t saved(std::size_t file) const { return saved_.at(file); }

  /// Why a text that was asked for when `least` was saved is not an answer of that time or later, or "". The text must
  /// show exactly one version of the file.
  std::string objection(std::string_view text, std::size_t file, std::uint64_t least) const;

 private:
  const std::string root_;
  std::array<std::atomic<std::uint64_t>, kFiles> begun_{};  // the version that may be there already
  std::array<std::atomic<std::uint64_t>, kFiles> saved_{};
};

}  // namespace repomap
