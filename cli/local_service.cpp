// SPDX-License-Identifier: Apache-2.0
#include "cli/local_service.hpp"

#include <utility>

#include "service/resource_paths.hpp"

namespace repomap::cli {

Result<std::unique_ptr<Service>> open_service(const Settings& settings, const std::string& root, WatchPolicy watch) {
  Service::Options options;
  options.jobs = settings.jobs;
  options.limits = settings.limits;
  options.cache.profile = settings.cache;
  options.cache.repository = root;
  options.refresh = settings.refresh;
  options.watch = watch;
  options.live = settings.daemon.live;
  return Service::open(std::move(options), find_resources());
}

Result<Service*> LocalService::open() {
  MutexLock lock(mutex_);
  if (!service_) {
    REPOMAP_ASSIGN(service_, open_service(settings_, root_, WatchPolicy::kOff));
  }
  return service_.get();
}

bool LocalService::is_open() const {
  MutexLock lock(mutex_);
  return service_ != nullptr;
}

Service& LocalService::opened() const {
  MutexLock lock(mutex_);
  return *service_;
}

}  // namespace repomap::cli
