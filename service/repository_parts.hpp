// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/clock.hpp"
#include "core/base/file_system.hpp"
#include "core/base/task_pool.hpp"
#include "parsers/language_registry.hpp"
#include "service/indexer.hpp"
#include "service/service_caches.hpp"

namespace repomap {

/// What is needed to find out the state of a repository. Borrows all of it. Any thread may use a copy.
struct RepositoryParts {
  const FileSystem& file_system;
  const LanguageRegistry& registry;
  TaskPool& pool;
  FileLimits limits;
  ServiceCaches& caches;
  const Clock& clock;
};

}  // namespace repomap
