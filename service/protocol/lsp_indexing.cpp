// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_indexing.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "core/base/file_system.hpp"
#include "core/base/log.hpp"
#include "core/base/utf8.hpp"
#include "service/protocol/lsp_progress.hpp"

namespace repomap {
namespace {

constexpr std::size_t kMaxWaiting = 1000;
constexpr int kErrorMessage = 1;  // MessageType

}  // namespace

LspIndexing::LspIndexing(LspPeer& peer, QueryBackend& queries)
    : peer_(peer), queries_(queries), jobs_("lsp-index", 1, kMaxWaiting) {}

LspIndexing::~LspIndexing() {
  is_ending_ = true;
  jobs_.stop(WaitingJobs::kDrop);
}

void LspIndexing::index(const FileSelection& selection, Telling telling) {
  const std::string token = fmt::format("repomap-index-{}", ++last_token_);
  if (const auto added = jobs_.add([=, this] { perform(selection, telling, token); }); !added) {
    log_warning(fmt::format("{} is indexed when it is asked about: {}", selection.root, added.error().message));
  }
}

void LspIndexing::perform(const FileSelection& selection, Telling telling, const std::string& token) {
  const std::string name = to_valid_utf8(base_name(selection.root));
  RequestContext context;
  context.cancelled = &is_ending_;
  std::shared_ptr<LspProgress> progress;
  if (telling == Telling::kProgress) {
    progress = LspProgress::make(peer_, LspProgress::Token::kOfServer, token, fmt::format("Indexing {}", name));
    context.progress = [&progress](std::size_t done, std::size_t total) { progress->report(done, total); };
  }
  const auto answer = queries_.index(selection, context);
  if (is_ending_) {
    return;
  }
  if (!answer) {
    peer_.notify("window/logMessage",
                 Json{{"type", kErrorMessage},
                      {"message", to_valid_utf8(fmt::format("repomap: indexing of {} has failed: {}", selection.root,
                                                            answer.error().message))}});
  }
  if (progress != nullptr) {
    progress->end(answer ? Result<std::string>(fmt::format("{} files", answer->report.listed))
                         : fail(answer.error().code, to_valid_utf8(answer.error().message)));
  }
}

void LspIndexing::hint(const FileSelection& selection) {
  {
    MutexLock lock(mutex_);
    if (!hinted_.insert(selection.root).second) {
      return;
    }
  }
  const auto added = jobs_.add([=, this] {
    {
      MutexLock lock(mutex_);
      hinted_.erase(selection.root);
    }
    RequestContext context;
    context.cancelled = &is_ending_;
    if (const auto moment = queries_.sync(selection, context); !moment) {
      log_debug(fmt::format("{}: {}", selection.root, moment.error().message));
    }
  });
  if (!added) {
    MutexLock lock(mutex_);
    hinted_.erase(selection.root);
  }
}

}  // namespace repomap
