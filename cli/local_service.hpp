// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "service/service.hpp"
#include "service/settings.hpp"

namespace repomap::cli {

/// The service of this process, which is opened only if it is asked for: it starts threads and opens caches.
/// Thread-safe.
class LocalService {
 public:
  LocalService(const Settings& settings, std::string root) : settings_(settings), root_(std::move(root)) {}

  /// The service, opened by the first call. Errors: those of Service::open(), of which every call tells.
  Result<Service*> open() EXCLUDES(mutex_);

  bool is_open() const EXCLUDES(mutex_);

  /// REQUIRES: is_open().
  Service& opened() const EXCLUDES(mutex_);

 private:
  const Settings settings_;
  const std::string root_;
  mutable Mutex mutex_;
  std::unique_ptr<Service> service_ GUARDED_BY(mutex_);  // set once
};

/// A service as this program opens it.
Result<std::unique_ptr<Service>> open_service(const Settings& settings, const std::string& root, WatchPolicy watch);

}  // namespace repomap::cli
