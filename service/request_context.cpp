// SPDX-License-Identifier: Apache-2.0
#include "service/request_context.hpp"

namespace repomap {

Status RequestContext::check() const {
  if (cancelled != nullptr && *cancelled) {
    return fail(ErrorCode::kCancelled, "the request was cancelled");
  }
  if (deadline && std::chrono::steady_clock::now() >= *deadline) {
    return fail(ErrorCode::kLimitExceeded, "the request's deadline is over");
  }
  return {};
}

}  // namespace repomap
