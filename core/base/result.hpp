// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace repomap {

/// The class of a run-time failure. Callers branch on it; people read Error::message.
enum class ErrorCode : std::uint8_t {
  kNotFound,          ///< a file, directory, symbol or language that does not exist
  kPermissionDenied,  ///< the operating system refused access
  kInvalidArgument,   ///< the caller's input cannot be used
  kCorrupt,           ///< stored or foreign bytes do not decode
  kUnsupported,       ///< a format, version or ABI that this build does not speak
  kLimitExceeded,     ///< a size, time or count limit was reached
  kCancelled,         ///< the caller asked to stop
  kBusy,              ///< another holder kept a lock for longer than the caller would wait
  kNoSpace,           ///< the disk or a quota is full
  kUnavailable,       ///< who should do it cannot be reached
  kIo,                ///< any other failure of the operating system
};

/// The field's name of a code, as shown in JSON: "not_found", "permission_denied", …
std::string_view error_code_name(ErrorCode code);

/// A run-time failure: a class and one sentence that names the path or key and what to do.
struct Error {
  ErrorCode code = ErrorCode::kIo;
  std::string message;
};

/// The value of an operation that can fail, or why it failed. A miss is not a failure: Result<std::optional<T>>.
template <typename T>
using Result = std::expected<T, Error>;

using Status = Result<void>;

inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

/// The failure of the system call that has just set `error_number`, with `what` naming call and path.
Error errno_error(int error_number, std::string_view what);

}  // namespace repomap

#define REPOMAP_CONCAT_INNER(a, b) a##b
#define REPOMAP_CONCAT(a, b) REPOMAP_CONCAT_INNER(a, b)

/// Evaluates a Result or Status expression and returns its Error from the enclosing function if it failed.
#define REPOMAP_TRY(expression)                                        \
  if (auto&& repomap_try_result = (expression); !repomap_try_result) { \
    return std::unexpected(std::move(repomap_try_result).error());     \
  }

/// Declares `declaration` from the value of a Result expression, or returns its Error.
#define REPOMAP_ASSIGN(declaration, expression) \
  REPOMAP_ASSIGN_IMPL(REPOMAP_CONCAT(repomap_result_, __LINE__), declaration, expression)
#define REPOMAP_ASSIGN_IMPL(result, declaration, expression) \
  auto result = (expression);                                \
  if (!result) {                                             \
    return std::unexpected(std::move(result).error());       \
  }                                                          \
  declaration = std::move(result).value()
