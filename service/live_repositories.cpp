// SPDX-License-Identifier: Apache-2.0
#include "service/live_repositories.hpp"

#include <utility>

#include "core/cache/cache_kind.hpp"
#include "core/cache/memory_pressure.hpp"

namespace repomap {

LiveRepositories::LiveRepositories(const RepositoryParts& parts, const LiveSettings& settings, Generations& generations,
                                   ChangeSink changed)
    : parts_(parts),
      changed_(std::move(changed)),
      pending_(parts.caches.manager().store(CacheKind::kQueue)),
      memory_(make_linux_memory_source(parts.file_system)) {
  Repositories::Listener listener;
  listener.event = [this](const RepositoryEvent& event) { tell(event); };
  listener.changing = [this](const std::vector<std::string>& files) { forget(files); };
  listener.rested = [this](const FileSelection& selection, const RepositorySnapshot& latest) {
    changed_(selection, latest);
    tidier_->wake();
  };
  listener.gone = [this] { tidier_->wake(); };
  repositories_ = std::make_unique<Repositories>(parts_, settings, pending_, generations, std::move(listener));
  constexpr std::chrono::hours kForever{24};
  tidier_ = std::make_unique<PeriodicWorker>("tidy", kForever, [this] { tidy(); });
}

LiveRepositories::~LiveRepositories() {
  tidier_->stop();  // it may hold repositories, whose threads wake it for as long as they run
  repositories_->stop();
}

/// Keeps within the limit, and lets the system have back what a large update has freed.
void LiveRepositories::tidy() {
  repositories_->trim();
  if (has_indexed_.exchange(false)) {
    memory_->give_back();
  }
}

Result<Sight> LiveRepositories::look(const FileSelection& selection, const RequestContext& context) {
  const Clock::WallTime as_of = parts_.clock.now();
  auto snapshot = repositories_->get(selection)->snapshot(context);
  if (!snapshot) {
    if (snapshot.error().code == ErrorCode::kNotFound) {
      repositories_->unload(selection);
    }
    return std::unexpected(std::move(snapshot).error());
  }
  return Sight{std::move(*snapshot), as_of};
}

void LiveRepositories::load(const FileSelection& selection) { static_cast<void>(repositories_->get(selection)); }

void LiveRepositories::resume() {
  for (const FileSelection& selection : pending_.all()) {
    load(selection);
  }
}

void LiveRepositories::look_again(const FileSelection& selection, const ChangeBatch& batch) {
  repositories_->get(selection)->look_again(batch);
}

std::string LiveRepositories::watcher_of(const FileSelection& selection) {
  const auto repository = repositories_->find(selection);
  return repository ? repository->watcher().to_display() : "off";
}

std::size_t LiveRepositories::parsed(const FileSelection& selection) {
  const auto repository = repositories_->find(selection);
  return repository ? repository->parsed() : 0;
}

bool LiveRepositories::is_latest(const FileSelection& selection, const RepositorySnapshot& snapshot) {
  return repositories_->is_latest(selection, snapshot);
}

std::uint64_t LiveRepositories::subscribe(EventSink sink) {
  MutexLock lock(mutex_);
  sinks_.emplace(next_subscription_, std::move(sink));
  return next_subscription_++;
}

void LiveRepositories::unsubscribe(std::uint64_t subscription) {
  MutexLock lock(mutex_);
  sinks_.erase(subscription);
}

void LiveRepositories::tell(const RepositoryEvent& event) {
  if (event.kind != RepositoryEvent::Kind::kChanged) {
    has_indexed_ = true;
  }
  MutexLock lock(mutex_);
  for (const auto& [subscription, sink] : sinks_) {
    sink(event);
  }
}

/// What shows the text of a changed file is dropped. What a content has come to (its tags, its symbols) is kept: it is
/// found by the content alone, so it cannot be stale, and another branch has that content still.
void LiveRepositories::forget(const std::vector<std::string>& files) {
  CacheManager& manager = parts_.caches.manager();
  Invalidator({&manager.backend(CacheKind::kMaps), &manager.backend(CacheKind::kTrees)}).invalidate(files);
}

}  // namespace repomap
