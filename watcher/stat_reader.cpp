// SPDX-License-Identifier: Apache-2.0
#include "watcher/stat_reader.hpp"

#include <algorithm>
#include <climits>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "watcher/open_directory.hpp"

namespace repomap {
namespace {

constexpr std::size_t kChunkFiles = 256;

Result<FileStat> stat_below(const OpenDirectory& root, const std::string& path) {
  if (path.size() < PATH_MAX) {
    return root.stat(path.c_str());
  }
  const std::size_t slash = path.rfind('/');
  REPOMAP_ASSIGN(const OpenDirectory directory, root.open_below(path.substr(0, slash)));
  return directory.stat(path.c_str() + slash + 1);
}

}  // namespace

Status read_stats(const std::string& root, TaskPool& pool, FileList& list, const WorkCheck& check) {
  REPOMAP_ASSIGN(const OpenDirectory directory, OpenDirectory::open(root));
  std::vector<Error> errors(list.files.size());
  pool.run_all_now((list.files.size() + kChunkFiles - 1) / kChunkFiles, [&](std::size_t chunk, std::size_t /*worker*/) {
    const std::size_t end = ask(check) ? std::min(list.files.size(), (chunk + 1) * kChunkFiles) : 0;
    for (std::size_t i = chunk * kChunkFiles; i < end; ++i) {
      if (auto stat = stat_below(directory, list.files[i].path)) {
        list.files[i].stat = *stat;
      } else {
        errors[i] = std::move(stat.error());
      }
    }
  });
  REPOMAP_TRY(ask(check));
  std::size_t kept = 0;
  for (std::size_t i = 0; i < list.files.size(); ++i) {
    ListedFile& file = list.files[i];
    if (!file.stat && errors[i].code != ErrorCode::kNotFound) {
      list.skipped.push_back({std::move(file.path), SkipReason::kUnreadable, std::move(errors[i].message)});
    } else if (file.stat && file.stat->type == FileType::kRegular) {
      if (kept != i) {
        list.files[kept] = std::move(file);
      }
      ++kept;
    }
  }
  list.files.resize(kept);
  std::ranges::sort(list.skipped, {}, &SkippedFile::path);
  return {};
}

}  // namespace repomap
