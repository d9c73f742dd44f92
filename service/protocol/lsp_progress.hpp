// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/base/mutex.hpp"
#include "core/base/result.hpp"
#include "service/protocol/json_value.hpp"
#include "service/protocol/lsp_peer.hpp"
#include "service/protocol/notification_throttle.hpp"

namespace repomap {

/// Tells the client how far a piece of work has come (LSP 3.18, "Work Done Progress"): a beginning, reports as often as
/// people can follow, and an end. Borrows the peer. report() may be called by any threads until end() is.
class LspProgress : public std::enable_shared_from_this<LspProgress> {
 public:
  /// Who has named the token.
  enum class Token : std::uint8_t {
    kOfClient,  ///< in a request: the work begins at once
    kOfServer,  ///< the client is asked for leave at the first report; work without any is not told of
  };

  static std::shared_ptr<LspProgress> make(LspPeer& peer, Token kind, Json token, const std::string& title);

  void report(std::size_t done, std::size_t total) EXCLUDES(mutex_);

  /// The end, with what has come out, or with "Failed: " and why.
  void end(const Result<std::string>& outcome) EXCLUDES(mutex_);

 private:
  enum class State : std::uint8_t { kSilent, kAsked, kBegun, kRefused };

  LspProgress(LspPeer& peer, Json token, std::string title)
      : peer_(peer), token_(std::move(token)), title_(std::move(title)) {}

  void ask();
  void begin() EXCLUDES(mutex_);
  void tell(Json value) const;
  void tell_end(const std::string& message) const;

  // Fixed after construction.
  LspPeer& peer_;
  const Json token_;
  const std::string title_;

  NotificationThrottle throttle_;

  Mutex mutex_;
  State state_ GUARDED_BY(mutex_) = State::kSilent;
  std::size_t percentage_ GUARDED_BY(mutex_) = 0;
  std::optional<std::string> end_message_ GUARDED_BY(mutex_);  // of work that has ended before its beginning was told
};

}  // namespace repomap
