// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <set>
#include <string>

#include "core/base/job_queue.hpp"
#include "core/base/mutex.hpp"
#include "service/protocol/lsp_peer.hpp"
#include "service/query_backend.hpp"

namespace repomap {

/// Has repositories brought up to date before anybody asks about them, one after the other, and tells the client how
/// far that has come. Borrows the peer and the backend. Thread-safe. A failure is told to the client, and costs nothing
/// else: a question indexes what it needs.
class LspIndexing {
 public:
  enum class Telling : std::uint8_t { kSilent, kProgress };

  LspIndexing(LspPeer& peer, QueryBackend& queries);
  ~LspIndexing();
  LspIndexing(const LspIndexing&) = delete;
  LspIndexing& operator=(const LspIndexing&) = delete;

  /// Indexes the files. Returns at once.
  void index(const FileSelection& selection, Telling telling);

  /// Has changes taken in that somebody has seen in a repository. Returns at once; hints while one waits are one.
  void hint(const FileSelection& selection) EXCLUDES(mutex_);

 private:
  void perform(const FileSelection& selection, Telling telling, const std::string& token);

  LspPeer& peer_;
  QueryBackend& queries_;
  std::atomic<bool> is_ending_ = false;
  std::atomic<std::uint64_t> last_token_ = 0;
  Mutex mutex_;
  std::set<std::string> hinted_ GUARDED_BY(mutex_);  // roots that wait to be looked at
  JobQueue jobs_;                                    // the last member: its thread uses the others
};

}  // namespace repomap
