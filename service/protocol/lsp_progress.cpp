// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace repomap {

std::shared_ptr<LspProgress> LspProgress::make(LspPeer& peer, Token kind, Json token, const std::string& title) {
  std::shared_ptr<LspProgress> progress(new LspProgress(peer, std::move(token), title));
  if (kind == Token::kOfClient) {
    progress->begin();
  }
  return progress;
}

void LspProgress::tell(Json value) const {
  peer_.notify("$/progress", Json{{"token", token_}, {"value", std::move(value)}});
}

void LspProgress::tell_end(const std::string& message) const { tell(Json{{"kind", "end"}, {"message", message}}); }

void LspProgress::ask() {
  peer_.request("window/workDoneProgress/create", Json{{"token", token_}},
                [self = shared_from_this()](const RpcResult& answer) {
                  if (answer) {
                    self->begin();
                  } else {
                    MutexLock lock(self->mutex_);
                    self->state_ = State::kRefused;
                  }
                });
}

/// The work may end while this tells of its beginning; then this tells of the end too.
void LspProgress::begin() {
  tell(Json{{"kind", "begin"}, {"title", title_}, {"cancellable", false}, {"percentage", 0}});
  std::optional<std::string> ended;
  {
    MutexLock lock(mutex_);
    state_ = State::kBegun;
    ended = end_message_;
  }
  if (ended) {
    tell_end(*ended);
  }
}

void LspProgress::report(std::size_t done, std::size_t total) {
  State before;
  const std::size_t percentage = total == 0 ? 0 : std::min<std::size_t>(100, done * 100 / total);
  {
    MutexLock lock(mutex_);
    before = state_;
    state_ = before == State::kSilent ? State::kAsked : before;
    if (before == State::kBegun && (percentage <= percentage_ || !throttle_.admits(std::chrono::steady_clock::now()))) {
      return;
    }
    percentage_ = before == State::kBegun ? percentage : percentage_;
  }
  if (before == State::kSilent) {
    ask();
  } else if (before == State::kBegun) {
    tell(Json{{"kind", "report"}, {"message", fmt::format("{} of {} files", done, total)}, {"percentage", percentage}});
  }
}

void LspProgress::end(const Result<std::string>& outcome) {
  const std::string message = outcome ? *outcome : "Failed: " + outcome.error().message;
  {
    MutexLock lock(mutex_);
    if (state_ != State::kBegun) {
      end_message_ = message;
      return;
    }
  }
  tell_end(message);
}

}  // namespace repomap
