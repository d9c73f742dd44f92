// SPDX-License-Identifier: Apache-2.0
//
// A stream of any bytes in any pieces, as a peer of the daemon may send it: every message within the limit is given
// once, every answer is one line of JSON, and parameters that are taken can be written again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "service/protocol/message_framing.hpp"
#include "service/protocol/request_json.hpp"
#include "service/protocol/rpc_message.hpp"

namespace repomap {
namespace {

constexpr std::size_t kLimit = 512;

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void check_line(const std::string& line) {
  require(line.find('\n') == line.size() - 1);
  require(parse_json(std::string_view(line).substr(0, line.size() - 1)).has_value());
}

/// Parameters that were read say the same when they are written and read again.
template <typename Read>
void check_round_trip(const Json& params, const Read& read) {
  const auto first = read(params);
  if (!first) {
    return;
  }
  const Json written = to_params(*first);
  const auto second = read(written);
  require(second.has_value() && to_params(*second) == written);
}

void check_params(const Json& params) {
  const Settings defaults;
  check_round_trip(params, [&](const Json& json) { return map_query_from_json(json, defaults); });
  check_round_trip(params, [&](const Json& json) { return symbols_request_from_json(json, defaults); });
  check_round_trip(params, [&](const Json& json) { return selection_from_json(json, defaults); });
  check_round_trip(params, [](const Json& json) { return outline_request_from_json(json); });
  check_round_trip(params, [](const Json& json) { return tree_request_from_json(json); });
  check_round_trip(params, [](const Json& json) { return hello_request_from_json(json); });
  static_cast<void>(request_terms_from_json(params));
  static_cast<void>(name_request_from_json(params, Role::kReference, defaults));
  static_cast<void>(tags_query_from_json(params, defaults));
  static_cast<void>(invalidate_request_from_json(params));
  static_cast<void>(optional_root_from_json(params));
  static_cast<void>(subscription_from_json(params));
  static_cast<void>(shutdown_mode_from_json(params));
}

void take(const MessageFraming::Frame& frame) {
  require(frame.text.size() <= kLimit && frame.text.find('\n') == std::string::npos);
  if (frame.kind == MessageFraming::Kind::kTooLong) {
    return;
  }
  const auto request = parse_request(frame.text);
  if (!request) {
    check_line(error_line(request.error().id, request.error().error));
    return;
  }
  check_line(result_line(request->id, request->params));
  check_params(request->params);
}

/// The pieces are as long as the bytes of the stream itself say.
void feed(std::string_view stream) {
  MessageFraming framing(kLimit);
  while (!stream.empty()) {
    const std::size_t size = std::min<std::size_t>(1 + static_cast<unsigned char>(stream[0]) * 3U, stream.size());
    framing.add(stream.substr(0, size));
    stream.remove_prefix(size);
    while (const auto frame = framing.next()) {
      take(*frame);
    }
  }
}

}  // namespace
}  // namespace repomap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  repomap::feed({reinterpret_cast<const char*>(data), size});
  return 0;
}
