// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "core/base/result.hpp"
#include "service/protocol/json_value.hpp"

namespace repomap {

/// The numbers of errors on the wire (docs/PROTOCOL.md).
namespace rpc_code {
inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kUnknownMethod = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternal = -32603;
inline constexpr int kCancelled = -32800;
inline constexpr int kLimitExceeded = 1005;
inline constexpr int kSettingsDiffer = 1006;
inline constexpr int kBusy = 1007;
inline constexpr int kUnavailable = 1010;
}  // namespace rpc_code

/// What a request is answered with in place of a result.
struct RpcError {
  int code = rpc_code::kInternal;
  std::string message;
  std::string name;  ///< the class of the failure, as error_code_name(); "" for what only the protocol knows
  std::shared_ptr<const Json> data;  ///< what else a protocol has to say; null: nothing but the name

  RpcError(int rpc_code, std::string text, std::string class_name = {})
      : code(rpc_code), message(std::move(text)), name(std::move(class_name)) {}

  /// Any failure of ours is one on the wire.
  RpcError(Error error);  // NOLINT(google-explicit-constructor): so that REPOMAP_TRY passes failures on
};

using RpcResult = std::expected<Json, RpcError>;

/// The number for a class of failures, and the class for a number: kIo for one that is none of ours.
int rpc_code_of(ErrorCode code);
ErrorCode error_code_of_rpc(int code);

/// {code, message, data}: the error's data, or {code: name}, or none for a name that is empty.
Json to_json(const RpcError& error);

}  // namespace repomap
