// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "service/service.hpp"
#include "service/service_status.hpp"

namespace repomap {

/// What all services of a process know and keep together: repositories by root, caches by kind.
ServiceStatus status_of_all(const std::vector<std::shared_ptr<Service>>& services);

/// Adds what another service has done with the same kind of cache. What lies in the same directory is one store, and
/// its size counts once.
void add_stats(KindStats& sum, KindStats more);

/// The memory of this process that is in use at present; 0 where the system does not tell.
std::size_t resident_bytes();

}  // namespace repomap
