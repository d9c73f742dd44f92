// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/cache/disk_store.hpp"

namespace repomap {

enum class ProblemKind : std::uint8_t {
  kDatabase,        ///< SQLite's own check found something
  kEntry,           ///< a row that does not have its checksum, or whose value file is missing or different
  kTags,            ///< the index of tags is not that of the rows
  kFileList,        ///< the list of value files, or their sum, is not that of the rows
  kUnknownFile,     ///< a file that no row names, older than any writer takes
  kEmptyDirectory,  ///< left behind by the removal of files
};

struct StoreProblem {
  ProblemKind kind = ProblemKind::kDatabase;
  std::string detail;
  bool is_repaired = false;
};

enum class Repair : std::uint8_t { kNo, kYes };

/// Care for one DiskStore, for idle times and for the command line; other threads and processes go on meanwhile.
/// Borrows the store. Used by one thread.
class StoreMaintenance {
 public:
  explicit StoreMaintenance(DiskStore& store) : store_(store) {}

  /// Everything that is wrong with the store: structure, each entry and value file, indexes, stray files. Reads all of
  /// it. With kYes each is mended: a damaged entry is removed, as is a stray file; a database beyond repair is put into
  /// quarantine. Nothing of a writer that has not committed yet is touched.
  Result<std::vector<StoreProblem>> check(Repair repair);

  /// Removes value files that no row names and that are older than kOrphanGrace; gives how many.
  Result<std::size_t> sweep();

  /// Gives free pages back to the file system, at most `pages`, and empties the write-ahead log if nobody reads it.
  Status compact(std::size_t pages);

 private:
  Status check_database(Repair repair, std::vector<StoreProblem>& problems);
  Status check_entries(Repair repair, std::vector<StoreProblem>& problems);
  Result<bool> look_again(std::int64_t row, Repair repair);
  Status check_tags(Repair repair, std::vector<StoreProblem>& problems);
  Status check_file_list(Repair repair, std::vector<StoreProblem>& problems);
  Status check_files(Repair repair, std::vector<StoreProblem>& problems);

  DiskStore& store_;
};

}  // namespace repomap
