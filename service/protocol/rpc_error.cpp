// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/rpc_error.hpp"

#include <array>

namespace repomap {
namespace {

struct CodePair {
  ErrorCode code;
  int rpc_code;
};

constexpr std::array<CodePair, 11> kCodes{{{ErrorCode::kNotFound, 1001},
                                           {ErrorCode::kPermissionDenied, 1002},
                                           {ErrorCode::kInvalidArgument, rpc_code::kInvalidParams},
                                           {ErrorCode::kCorrupt, 1003},
                                           {ErrorCode::kUnsupported, 1004},
                                           {ErrorCode::kLimitExceeded, rpc_code::kLimitExceeded},
                                           {ErrorCode::kCancelled, rpc_code::kCancelled},
                                           {ErrorCode::kBusy, rpc_code::kBusy},
                                           {ErrorCode::kNoSpace, 1008},
                                           {ErrorCode::kIo, 1009},
                                           {ErrorCode::kUnavailable, rpc_code::kUnavailable}}};

}  // namespace

RpcError::RpcError(Error error)
    : code(rpc_code_of(error.code)), message(std::move(error.message)), name(error_code_name(error.code)) {}

int rpc_code_of(ErrorCode code) {
  for (const CodePair& pair : kCodes) {
    if (pair.code == code) {
      return pair.rpc_code;
    }
  }
  return rpc_code::kInternal;
}

ErrorCode error_code_of_rpc(int code) {
  for (const CodePair& pair : kCodes) {
    if (pair.rpc_code == code) {
      return pair.code;
    }
  }
  return ErrorCode::kIo;
}

Json to_json(const RpcError& error) {
  Json json = {{"code", error.code}, {"message", error.message}};
  if (error.data) {
    json["data"] = *error.data;
  } else if (!error.name.empty()) {
    json["data"] = Json::object({{"code", error.name}});
  }
  return json;
}

}  // namespace repomap
