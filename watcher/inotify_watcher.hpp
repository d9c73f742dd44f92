// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/result.hpp"
#include "watcher/open_directory.hpp"
#include "watcher/path_cover.hpp"

namespace repomap {

/// One record of inotify(7). `name` is the entry of the watched directory, "" for the directory itself.
struct InotifyEvent {
  int watch = -1;
  std::uint32_t mask = 0;
  std::string_view name;  ///< lies in the bytes it was taken from
};

/// Takes the first event off `bytes`. Nothing when no whole one is left.
std::optional<InotifyEvent> take_event(std::string_view& bytes);

/// The system calls of one inotify(7) instance. Used by one thread at a time.
class InotifyInstance {
 public:
  virtual ~InotifyInstance() = default;

  /// The watch of a directory; the same one as before if the instance has it already. Errors: kNoSpace when the kernel
  /// gives no more watches; others.
  virtual Result<int> add(const OpenDirectory& directory) = 0;

  virtual void remove(int watch) = 0;

  /// Reads whole events into `buffer` and gives their bytes: 0 if none is waiting. Errors: kIo.
  virtual Result<std::size_t> read(std::span<char> buffer) = 0;

  /// Becomes readable when events wait. For poll(2), from any thread.
  virtual int descriptor() const = 0;
};

/// An instance of the kernel. Errors: kLimitExceeded when there are as many as the kernel gives; the message is a
/// clause that says what to do.
Result<std::unique_ptr<InotifyInstance>> open_inotify();

/// Why add() gives kNoSpace, and what to do: one clause.
std::string describe_watch_limit();

/// The watches of the directories of one tree, and what their events mean. Owns the instance. Thread-compatible.
///
/// A watch is of an inode, so it may stand for several paths: of bind mounts, and of a directory that was moved before
/// its events were read. When a directory is told to be moved or deleted, its watches and those below end, and the path
/// is told, so that whoever lists it places them anew.
///
/// To end a watch makes the kernel queue an event too. So they end a few at a time, in read(): call it until it gives
/// kNothing.
class InotifyWatches {
 public:
  enum class Outcome : std::uint8_t {
    kNothing,   ///< no event is left
    kSome,      ///< there may be more
    kOverflow,  ///< events were lost; there may be more
  };

  explicit InotifyWatches(std::unique_ptr<InotifyInstance> instance);

  /// Errors: as InotifyInstance::add(); then `path` is not watched.
  Status watch(const std::string& path, const OpenDirectory& directory);

  bool is_watched(std::string_view path) const { return by_path_.contains(path); }

  /// Ends the watch of `path`, and of those below.
  void forget(std::string_view path);

  /// Reads what one call to the kernel gives. Adds the paths that may have changed, and the directories whose watches,
  /// and whatever is below, are of something else now.
  Outcome read(PathCover& changed, std::vector<std::string>& gone);

  std::size_t size() const { return watches_.size(); }
  std::uint64_t events() const { return events_; }
  int descriptor() const { return instance_->descriptor(); }

 private:
  void handle(const InotifyEvent& event, PathCover& changed, std::vector<std::string>& gone);
  void detach(const std::string& path, int watch);
  bool end_some();

  std::unique_ptr<InotifyInstance> instance_;
  std::vector<char> buffer_;
  std::unordered_map<int, std::vector<std::string>> watches_;  // never without a path
  std::map<std::string, int, std::less<>> by_path_;
  std::unordered_set<int> ending_;  // none of watches_
  std::uint64_t events_ = 0;
};

}  // namespace repomap
