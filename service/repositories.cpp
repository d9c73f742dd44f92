// SPDX-License-Identifier: Apache-2.0
#include "service/repositories.hpp"

#include <algorithm>
#include <utility>

#include "core/cache/memory_pressure.hpp"

namespace repomap {
namespace {

/// A quarter of what this process may use.
std::size_t default_limit_bytes(const FileSystem& file_system) {
  constexpr std::uint64_t kUnknownLimit = std::uint64_t{2} << 30U;
  return static_cast<std::size_t>(make_linux_memory_source(file_system)->read().limit_bytes.value_or(kUnknownLimit) /
                                  4);
}

}  // namespace

Repositories::Repositories(const RepositoryParts& parts, const LiveSettings& settings, PendingIndexes& pending,
                           Generations& generations, Listener listener)
    : parts_(parts),
      settings_(settings),
      pending_(pending),
      generations_(generations),
      listener_(std::move(listener)),
      limit_bytes_(settings.memory_limit_bytes != 0 ? settings.memory_limit_bytes
                                                    : default_limit_bytes(parts.file_system)) {}

Repositories::~Repositories() { stop(); }

void Repositories::stop() {
  std::map<Key, Slot> slots;  // ends outside of the lock: the threads of repositories call the listener
  MutexLock lock(mutex_);
  slots.swap(slots_);
}

std::shared_ptr<Repository> Repositories::find(const FileSelection& selection) const {
  MutexLock lock(mutex_);
  const auto found = slots_.find({selection.root, selection.submodules});
  return found == slots_.end() ? nullptr : found->second.repository;
}

bool Repositories::is_latest(const FileSelection& selection, const RepositorySnapshot& snapshot) const {
  const auto repository = find(selection);
  return repository && repository->latest().get() == &snapshot;
}

void Repositories::note_gone(const FileSelection& selection) {
  {
    MutexLock lock(mutex_);
    if (const auto found = slots_.find({selection.root, selection.submodules}); found != slots_.end()) {
      found->second.is_gone = true;
    }
  }
  listener_.gone();
}

RepositoryListener Repositories::listener_of(const FileSelection& selection) {
  RepositoryListener listener;
  listener.changing = listener_.changing;
  listener.changed = [this, root = selection.root](std::uint64_t generation, const ChangeBatch& batch) {
    RepositoryEvent event;
    event.root = root;
    event.generation = generation;
    event.paths = batch.is_desynced() || batch.paths.empty() ? std::vector<std::string>{""} : batch.paths;
    listener_.event(event);
  };
  listener.troubled = [this, selection](const Error& error) {
    if (error.code == ErrorCode::kNotFound) {
      note_gone(selection);
    }
  };
  listener.rested = [this, selection](const RepositorySnapshot& latest) { listener_.rested(selection, latest); };
  listener.progress = [this, root = selection.root](std::size_t done, std::size_t total) {
    RepositoryEvent event;
    event.kind = RepositoryEvent::Kind::kProgress;
    event.root = root;
    event.done = done;
    event.total = total;
    listener_.event(event);
  };
  return listener;
}

std::shared_ptr<Repository> Repositories::get(const FileSelection& selection) {
  MutexLock lock(mutex_);
  Slot& slot = slots_[{selection.root, selection.submodules}];
  slot.used = std::chrono::steady_clock::now();
  if (!slot.repository) {
    slot.is_gone = false;
    const Repository::Origin origin{{selection.root, {}, selection.submodules}, generations_.of(selection.root)};
    slot.repository = std::make_shared<Repository>(parts_, origin, settings_, pending_, listener_of(origin.selection));
  }
  return slot.repository;
}

void Repositories::unload(const FileSelection& selection) {
  const auto unloaded = find(selection);  // ends outside of the lock, or with the request that still uses it
  if (!unloaded) {
    return;
  }
  RepositoryStatus last = unloaded->status();
  last.is_loaded = false;
  last.memory_bytes = 0;
  last.watcher = {};
  {
    MutexLock lock(mutex_);
    Slot& slot = slots_[{selection.root, selection.submodules}];
    if (slot.repository != unloaded) {
      return;  // somebody else has unloaded it
    }
    slot.repository.reset();
    slot.last = std::move(last);
  }
  RepositoryEvent event;
  event.kind = RepositoryEvent::Kind::kUnloaded;
  event.root = selection.root;
  listener_.event(event);
}

void Repositories::unload(const std::string& root) {
  for (const FileSelection& selection : loaded()) {
    if (selection.root == root) {
      unload(selection);
    }
  }
  MutexLock lock(mutex_);  // another service tells how it is from now on
  std::erase_if(slots_, [&root](const auto& one) { return one.first.first == root && !one.second.repository; });
}

void Repositories::unload_all() {
  for (const FileSelection& selection : loaded()) {
    unload(selection);
  }
}

std::vector<FileSelection> Repositories::loaded() const {
  std::vector<FileSelection> selections;
  MutexLock lock(mutex_);
  for (const auto& [key, slot] : slots_) {
    if (slot.repository) {
      selections.push_back({key.first, {}, key.second});
    }
  }
  return selections;
}

void Repositories::trim() {
  struct Candidate {
    std::chrono::steady_clock::time_point used;
    FileSelection selection;
    std::shared_ptr<Repository> repository;
    bool is_gone = false;
  };
  std::vector<Candidate> loaded;
  {
    MutexLock lock(mutex_);
    for (const auto& [key, slot] : slots_) {
      if (slot.repository) {
        loaded.push_back({slot.used, {key.first, {}, key.second}, slot.repository, slot.is_gone});
      }
    }
  }
  std::ranges::sort(loaded, std::ranges::greater{}, &Candidate::used);
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < loaded.size(); ++i) {
    bytes += loaded[i].repository->status().memory_bytes;
    const FileSelection selection = loaded[i].selection;
    loaded[i].repository.reset();
    if (loaded[i].is_gone || (i > 0 && bytes > limit_bytes_)) {
      unload(selection);
    }
  }
}

std::vector<RepositoryStatus> Repositories::status() const {
  std::vector<std::shared_ptr<Repository>> loaded;
  std::vector<RepositoryStatus> statuses;
  {
    MutexLock lock(mutex_);
    for (const auto& [key, slot] : slots_) {
      if (slot.repository) {
        loaded.push_back(slot.repository);
      } else {
        statuses.push_back(slot.last);
      }
    }
  }
  std::ranges::transform(loaded, std::back_inserter(statuses), [](const auto& one) { return one->status(); });
  std::ranges::sort(statuses, {}, &RepositoryStatus::root);
  return statuses;
}

}  // namespace repomap
