// SPDX-License-Identifier: Apache-2.0
#include "service/service_registry.hpp"

#include <algorithm>
#include <utility>

#include "core/base/byte_codec.hpp"
#include "core/base/digest.hpp"
#include "service/versions.hpp"

namespace repomap {

std::string settings_fingerprint(const Settings& settings, const ResourcePaths& resources) {
  ByteWriter parts;
  parts.add_string(program_version());
  parts.add_u64(settings.limits.size_bytes);
  parts.add_u64(static_cast<std::uint64_t>(settings.limits.time.count()));
  parts.add_u8(static_cast<std::uint8_t>(settings.refresh));
  parts.add_string(settings.cache.root);
  parts.add_string(resources.languages.grammars);
  parts.add_string(resources.languages.queries);
  parts.add_string(resources.data);
  parts.add_string(resources.user_languages);
  return to_hex(digest_of(parts.bytes()));
}

ServiceRegistry::ServiceRegistry(ResourcePaths resources, LiveSettings live)
    : resources_(std::move(resources)), live_(live), file_system_(make_posix_file_system()) {}

ServiceRegistry::~ServiceRegistry() = default;

Result<ServiceRegistry::Entry> ServiceRegistry::get(const std::string& root) {
  std::optional<FileStat> file;
  if (const auto stat = file_system_->stat(join_path(root, "repomap.toml")); stat && !root.empty()) {
    file = *stat;
  }
  {
    MutexLock lock(mutex_);
    if (const auto found = by_root_.find(root); found != by_root_.end() && found->second.file == file) {
      return found->second.entry;
    }
  }
  REPOMAP_ASSIGN(LoadedSettings loaded, load_settings(root, {}));
  return enter(root, std::move(loaded.settings), file);
}

Result<ServiceRegistry::Entry> ServiceRegistry::enter(const std::string& root, Settings settings,
                                                      std::optional<FileStat> file) {
  const std::string fingerprint = settings_fingerprint(settings, resources_);
  Entry entry{nullptr, fingerprint, std::move(settings)};
  Services unused;  // end outside of the lock, or with the last request that uses them
  Services others;
  {
    MutexLock lock(mutex_);
    std::shared_ptr<Service>& service = by_fingerprint_[fingerprint];
    if (!service) {
      auto opened = open(root, entry.settings);
      if (!opened) {
        by_fingerprint_.erase(fingerprint);
        return std::unexpected(std::move(opened).error());
      }
      service = std::move(*opened);
      for (auto& [subscription, subscriber] : subscribers_) {
        subscriber.numbers.emplace_back(service, service->subscribe(subscriber.sink));
      }
    }
    entry.service = service;
    by_root_.insert_or_assign(root, Known{entry, file});
    unused = take_unused();
    for (const auto& [other_fingerprint, other] : by_fingerprint_) {
      if (other != entry.service) {
        others.push_back(other);
      }
    }
  }
  for (const auto& other : others) {
    other->unload(root);
  }
  retire(unused);
  return entry;
}

/// The services that no root has any more, which are not given out from now on.
ServiceRegistry::Services ServiceRegistry::take_unused() {
  Services unused;
  for (auto one = by_fingerprint_.begin(); one != by_fingerprint_.end();) {
    const std::shared_ptr<Service>& service = one->second;
    if (std::ranges::any_of(by_root_, [&](const auto& known) { return known.second.entry.service == service; })) {
      ++one;
    } else {
      unused.push_back(service);
      one = by_fingerprint_.erase(one);
    }
  }
  return unused;
}

/// Tells subscribers that what these services have loaded is unloaded, and nothing of them after that.
void ServiceRegistry::retire(const Services& services) {
  for (const auto& service : services) {
    service->unload_all();
  }
  MutexLock lock(mutex_);
  for (auto& [subscription, subscriber] : subscribers_) {
    std::erase_if(subscriber.numbers, [&services](const auto& number) {
      const bool is_retired = std::ranges::find(services, number.first) != services.end();
      if (is_retired) {
        number.first->unsubscribe(number.second);
      }
      return is_retired;
    });
  }
}

Result<std::shared_ptr<Service>> ServiceRegistry::open(const std::string& root, const Settings& settings) const {
  Service::Options options;
  options.jobs = settings.jobs;
  options.limits = settings.limits;
  options.cache.profile = settings.cache;
  options.cache.repository = root;
  options.refresh = settings.refresh;
  options.watch = WatchPolicy::kOn;
  options.live = live_;
  options.generations = generations_;
  REPOMAP_ASSIGN(std::unique_ptr<Service> service, Service::open(std::move(options), resources_));
  return std::shared_ptr<Service>(std::move(service));
}

Status ServiceRegistry::resume() {
  REPOMAP_ASSIGN(const Entry entry, get(""));
  entry.service->resume();
  return {};
}

std::vector<std::shared_ptr<Service>> ServiceRegistry::services() const {
  std::vector<std::shared_ptr<Service>> services;
  MutexLock lock(mutex_);
  services.reserve(by_fingerprint_.size());
  for (const auto& [fingerprint, service] : by_fingerprint_) {
    services.push_back(service);
  }
  return services;
}

void ServiceRegistry::reload() {
  Services services;  // end outside of the lock, or with the last request that uses them
  std::map<std::string, Known> entries;
  {
    MutexLock lock(mutex_);
    entries.swap(by_root_);
    services = take_unused();
  }
  retire(services);
}

std::uint64_t ServiceRegistry::subscribe(Service::EventSink sink) {
  MutexLock lock(mutex_);
  Subscriber& subscriber = subscribers_[next_subscription_];
  subscriber.sink = std::move(sink);
  for (const auto& [fingerprint, service] : by_fingerprint_) {
    subscriber.numbers.emplace_back(service, service->subscribe(subscriber.sink));
  }
  return next_subscription_++;
}

void ServiceRegistry::unsubscribe(std::uint64_t subscription) {
  Subscriber subscriber;
  {
    MutexLock lock(mutex_);
    const auto found = subscribers_.find(subscription);
    if (found == subscribers_.end()) {
      return;
    }
    subscriber = std::move(found->second);
    subscribers_.erase(found);
  }
  for (const auto& [service, number] : subscriber.numbers) {
    service->unsubscribe(number);
  }
}

}  // namespace repomap
