// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/result.hpp"
#include "core/base/task_pool.hpp"
#include "core/base/work_check.hpp"
#include "watcher/file_lister.hpp"

namespace repomap {

/// Gives each file of a list of `root` its stat, in parallel, as StatPolicy::kRead does on one thread. What has
/// vanished since, or is no regular file any more, leaves the list; what cannot be examined goes to the skipped files.
/// Errors: kNotFound, kPermissionDenied, kIo for the root; those of the check.
Status read_stats(const std::string& root, TaskPool& pool, FileList& list, const WorkCheck& check = {});

}  // namespace repomap
