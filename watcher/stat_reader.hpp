// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/task_pool.hpp"
#include "watcher/file_lister.hpp"
#include "watcher/open_directory.hpp"

namespace repomap {

/// Gives each listed file its stat, in parallel. What has vanished meanwhile, or is no regular file any more, leaves
/// the list; what cannot be examined goes to the skipped files, which are no longer sorted then.
void read_stats(const OpenDirectory& root, TaskPool& pool, FileList& list);

}  // namespace repomap
