// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "service/resource_paths.hpp"
#include "service/service.hpp"
#include "service/settings.hpp"

namespace repomap {

/// The digest of all settings and resources that can change an answer or where it is kept, so that a client can tell
/// whether a daemon would answer as it would itself. Hexadecimal.
std::string settings_fingerprint(const Settings& settings, const ResourcePaths& resources);

/// The services of a process that answers for many repositories: repositories with the same settings share one.
/// Owns them; they live until no repository has their settings any more, reload() or the end. Thread-safe.
class ServiceRegistry {
 public:
  /// Services keep repositories up to date by `live`.
  ServiceRegistry(ResourcePaths resources, LiveSettings live);
  ~ServiceRegistry();
  ServiceRegistry(const ServiceRegistry&) = delete;
  ServiceRegistry& operator=(const ServiceRegistry&) = delete;

  /// A service, and what it answers with.
  struct Entry {
    std::shared_ptr<Service> service;
    std::string fingerprint;  ///< settings_fingerprint() of the settings of that root
    Settings settings;
  };

  /// The service for the repository at `root`, absolute and resolved, by the settings in force for it
  /// (load_settings()): those of when it was first asked for, of when its repomap.toml last changed, or of the last
  /// reload(). Other services unload the root. Errors: those of load_settings() and Service::open().
  Result<Entry> get(const std::string& root);

  /// The services of all repositories asked for so far.
  std::vector<std::shared_ptr<Service>> services() const;

  /// Goes on with what a killed daemon has not finished to index. Errors: as get().
  Status resume();

  /// Unloads everything, and reads the settings of every root anew at the next get().
  void reload();

  /// As Service::subscribe(), for all services, also those that come later.
  std::uint64_t subscribe(Service::EventSink sink);
  void unsubscribe(std::uint64_t subscription);

 private:
  struct Known {
    Entry entry;
    std::optional<FileStat> file;  // the repository's own settings when they were read
  };
  struct Subscriber {
    Service::EventSink sink;
    std::vector<std::pair<std::shared_ptr<Service>, std::uint64_t>> numbers;  // its subscription at each service
  };

  using Services = std::vector<std::shared_ptr<Service>>;

  Result<Entry> enter(const std::string& root, Settings settings, std::optional<FileStat> file) EXCLUDES(mutex_);
  Result<std::shared_ptr<Service>> open(const std::string& root, const Settings& settings) const;
  Services take_unused() REQUIRES(mutex_);
  void retire(const Services& services) EXCLUDES(mutex_);

  const ResourcePaths resources_;
  const LiveSettings live_;
  const std::unique_ptr<FileSystem> file_system_;
  const std::shared_ptr<Generations> generations_ = std::make_shared<Generations>();

  mutable Mutex mutex_;
  std::map<std::string, Known> by_root_ GUARDED_BY(mutex_);
  std::map<std::string, std::shared_ptr<Service>> by_fingerprint_ GUARDED_BY(mutex_);
  std::map<std::uint64_t, Subscriber> subscribers_ GUARDED_BY(mutex_);
  std::uint64_t next_subscription_ GUARDED_BY(mutex_) = 1;
};

}  // namespace repomap
