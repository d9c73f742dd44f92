// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

#include "tests/support/temporary_tree.hpp"

namespace repomap {

/// Random changes of a tree, as people, editors and git make them. What cannot be done, since something is in the way,
/// is left undone. Used by one thread.
class RandomChanges {
 public:
  RandomChanges(const TemporaryTree& tree, unsigned seed) : tree_(tree), random_(seed) {}

  /// Does one thing, or a few that belong together.
  void make();

  std::size_t below(std::size_t bound) { return random_() % bound; }

 private:
  std::string name();
  std::string path();
  std::string existing();
  std::string content();
  std::string outside();

  void write(const std::string& path, std::string_view text) const;
  void rename(const std::string& from, const std::string& to) const;
  void remove(const std::string& path) const;

  void overwrite_in_place();
  void save_by_rename();
  void write_rules();
  void toggle_repository();
  void track();
  void make_link();
  void change_mode();
  void storm();

  const TemporaryTree& tree_;
  std::mt19937 random_;
  std::string hot_file_;
};

}  // namespace repomap
