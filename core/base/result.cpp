// SPDX-License-Identifier: Apache-2.0
#include "core/base/result.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace repomap {

std::string_view error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNotFound: return "not_found";
    case ErrorCode::kPermissionDenied: return "permission_denied";
    case ErrorCode::kInvalidArgument: return "invalid_argument";
    case ErrorCode::kCorrupt: return "corrupt";
    case ErrorCode::kUnsupported: return "unsupported";
    case ErrorCode::kLimitExceeded: return "limit_exceeded";
    case ErrorCode::kCancelled: return "cancelled";
    case ErrorCode::kBusy: return "busy";
    case ErrorCode::kNoSpace: return "no_space";
    case ErrorCode::kUnavailable: return "unavailable";
    case ErrorCode::kIo: return "io";
  }
  return "unknown";
}

Error errno_error(int error_number, std::string_view what) {
  ErrorCode code = ErrorCode::kIo;
  if (error_number == ENOENT || error_number == ENOTDIR) {
    code = ErrorCode::kNotFound;
  } else if (error_number == EACCES || error_number == EPERM || error_number == EROFS) {
    code = ErrorCode::kPermissionDenied;
  } else if (error_number == ENOSPC || error_number == EDQUOT) {
    code = ErrorCode::kNoSpace;
  }
  return {code, fmt::format("{}: {}", what, std::generic_category().message(error_number))};
}

}  // namespace repomap
