// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/file_system.hpp"
#include "watcher/file_lister.hpp"
#include "watcher/ignore_rules.hpp"
#include "watcher/open_directory.hpp"
#include "watcher/tracked_files.hpp"

namespace repomap {

/// Whether a target below which nothing is listed is worth a notice.
enum class UnmetTargets : std::uint8_t { kReport, kIgnore };

/// Where a walk starts, what of it is asked for, and under which rules.
struct WalkStart {
  OpenDirectory directory;
  /// Files or directories, of which only what is at or below them is listed: sorted, distinct, relative to the root,
  /// without trailing slashes, none below another. {""} is the whole tree.
  std::vector<std::string> targets;
  UnmetTargets unmet_targets = UnmetTargets::kReport;
  std::string root;          ///< absolute and resolved
  std::string prefix;        ///< path of the root from the top of its work tree, with a trailing slash; or empty
  IgnoreRules::Scope scope;  ///< the rules from outside of the root
  std::unique_ptr<TrackedFiles> tracked;  ///< null where there is no git tree
  bool tracked_only = false;              ///< git's rules leave the root itself out: only tracked files count
};

/// One walk over a tree, without recursion, in the order of the paths as bytes. However deep the tree is, a bounded
/// number of directories is open. Used once, by one thread.
class TreeWalk {
 public:
  /// All three outlive the walk. The subtrees of the options are not looked at: the targets are asked for.
  TreeWalk(const FileSystem& file_system, IgnoreRules& rules, const ListOptions& options);

  /// Adds to `list`, of which notices and rule files may be there already.
  void run(WalkStart start, FileList& list);

 private:
  enum class Reach : std::uint8_t { kWholly, kTowardsTarget };

  /// A directory whose entries are being visited.
  struct Level {
    OpenDirectory directory;  // closed while the walk is far below
    OpenDirectory::Identity identity;
    DirectoryListing listing;
    std::size_t next_entry = 0;
    std::size_t path_bytes = 0;  // of path_ up to and with the slash behind this directory
    IgnoreRules::Scope scope;
    TrackedFiles* tracked = nullptr;
    bool tracked_only = false;
    Reach reach = Reach::kWholly;
  };

  void visit_root(WalkStart start);
  void visit(const DirectoryListing::Entry& entry);
  void visit_directory(const DirectoryListing::Entry& entry, Reach reach);
  void visit_leaf(const DirectoryListing::Entry& entry);
  void list_file(const DirectoryListing::Entry& entry);

  Level& top() { return levels_[depth_ - 1]; }
  Level& push(OpenDirectory directory);
  void leave();
  bool read(Level& level);
  void load_ignore_files(Level& level);
  bool may_enter(Level& level, bool is_submodule);
  bool may_enter_repository(Level& level, const GitTree& tree);
  void close_distant_level();
  bool reopen(Level& level, const OpenDirectory& below);

  bool is_target(std::string_view path) const;
  std::optional<Reach> reach_of_directory(std::string_view path) const;
  void skip(SkipReason reason, std::string detail);
  std::string_view shown() const { return std::string_view(path_).substr(prefix_bytes_); }
  void tell_directory(const Level& level) const;
  void add_rule_files(std::vector<std::string> paths);
  void notice_unmet_targets();
  void notice_boundaries();

  const FileSystem& file_system_;
  IgnoreRules& rules_;
  const ListOptions& options_;
  std::vector<std::string> targets_;
  UnmetTargets unmet_targets_ = UnmetTargets::kReport;

  std::string root_;
  std::size_t prefix_bytes_ = 0;
  std::string path_;          // of the entry at hand, from the top of the outermost work tree
  std::deque<Level> levels_;  // the first depth_ are in use, the others keep their memory
  std::size_t depth_ = 0;
  std::vector<std::unique_ptr<TrackedFiles>> repositories_;
  std::vector<std::string> boundaries_;  // repositories that were not entered
  std::size_t ignored_ = 0;              // entries that the rules left out
  std::vector<char> buffer_;
  FileList list_;
};

}  // namespace repomap
