// SPDX-License-Identifier: Apache-2.0
//
// The thread of run() reads, and calls the handler for one message after the other. What the handler leaves as work is
// done by the threads of the queue; both send what they have to say through the channel, which keeps messages apart.
#include "service/protocol/rpc_endpoint.hpp"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/log.hpp"
#include "service/protocol/header_framing.hpp"
#include "service/protocol/message_framing.hpp"
#include "service/protocol/rpc_message.hpp"

namespace repomap {
namespace {

constexpr std::size_t kReadBytes = std::size_t{64} << 10U;

/// The answer of a function that gives one, also if it throws.
template <typename Ask>
auto guarded(const Ask& ask) -> decltype(ask()) {
  try {
    return ask();
  } catch (const std::exception& error) {
    log_error(fmt::format("a request has failed: {}", error.what()));
    return RpcResult(std::unexpected(RpcError(rpc_code::kInternal, error.what())));
  } catch (...) {
    return RpcResult(std::unexpected(RpcError(rpc_code::kInternal, "an unknown failure")));
  }
}

Json response_of(const Json& id, const RpcResult& result) {
  Json message = {{"jsonrpc", "2.0"}, {"id", id}};
  if (result) {
    message["result"] = *result;
  } else {
    message["error"] = to_json(result.error());
  }
  return message;
}

RpcResult result_of(const Json& message) {
  if (const auto result = message.find("result"); result != message.end()) {
    return *result;
  }
  RpcError error(rpc_code::kInternal, "an answer without a result");
  if (const auto told = message.find("error"); told != message.end() && told->is_object()) {
    error.code = told->value("code", Json()).is_number_integer() ? (*told)["code"].get<int>() : error.code;
    error.message = told->value("message", Json()).is_string() ? (*told)["message"].get<std::string>() : error.message;
  }
  return std::unexpected(std::move(error));
}

}  // namespace

/// Either way to tell messages apart.
class RpcEndpoint::Framing {
 public:
  Framing(Format format, std::size_t limit_bytes) : format_(format), lines_(limit_bytes), headers_(limit_bytes) {}

  void add(std::string_view bytes) { format_ == Format::kLines ? lines_.add(bytes) : headers_.add(bytes); }

  struct Frame {
    bool is_too_long = false;
    std::string text;
  };

  /// Errors: those of HeaderFraming::next().
  Result<std::optional<Frame>> next() {
    if (format_ == Format::kLines) {
      auto frame = lines_.next();
      return frame ? std::optional(Frame{frame->kind == MessageFraming::Kind::kTooLong, std::move(frame->text)})
                   : std::nullopt;
    }
    REPOMAP_ASSIGN(auto frame, headers_.next());
    return frame ? std::optional(Frame{frame->kind == HeaderFraming::Kind::kTooLong, std::move(frame->text)})
                 : std::nullopt;
  }

 private:
  const Format format_;
  MessageFraming lines_;
  HeaderFraming headers_;
};

RpcEndpoint::RpcEndpoint(StdioChannel& channel, RpcHandler& handler, Options options)
    : channel_(channel),
      handler_(handler),
      options_(std::move(options)),
      framing_(std::make_unique<Framing>(options_.format, options_.message_bytes)),
      jobs_(options_.name, options_.threads, options_.requests) {}

RpcEndpoint::~RpcEndpoint() { end_all(); }

Status RpcEndpoint::run() {
  std::vector<char> buffer(kReadBytes);
  Status status;
  while (status) {
    const auto count = channel_.read(buffer);
    if (!count || *count == 0) {
      status = count ? Status() : std::unexpected(count.error());
      break;
    }
    framing_->add({buffer.data(), *count});
    status = take_messages();
  }
  end_all();
  return status;
}

Status RpcEndpoint::take_messages() {
  while (true) {
    REPOMAP_ASSIGN(const auto frame, framing_->next());
    if (!frame) {
      return {};
    }
    if (frame->is_too_long) {
      refuse({}, RpcError(rpc_code::kInvalidRequest, fmt::format("a message above {} bytes", options_.message_bytes)));
    } else {
      take(frame->text);
    }
  }
}

void RpcEndpoint::refuse(const Json& id, RpcError error) {
  answer(id, std::unexpected(std::move(error)));
  if (id.is_null()) {
    static_cast<void>(guarded([&] {
      handler_.on_lost_message();
      return RpcResult();
    }));
  }
}

void RpcEndpoint::take(std::string_view text) {
  auto message = parse_message(text);
  if (!message) {
    refuse(message.error().id, message.error().error);
  } else if (!message->contains("method")) {
    take_answer(std::move(*message));
  } else {
    Json params = message->contains("params") ? std::move((*message)["params"]) : Json();
    const auto method = (*message)["method"].get<std::string>();
    if (message->contains("id")) {
      take_request((*message)["id"], method, std::move(params));
    } else {
      static_cast<void>(guarded([&] {
        handler_.on_notification(method, std::move(params));
        return RpcResult();
      }));
    }
  }
}

void RpcEndpoint::take_request(const Json& id, const std::string& method, Json params) {
  const auto request = begin(id);
  if (!request) {
    answer(id,
           std::unexpected(RpcError(rpc_code::kInvalidRequest, "a request of this id is under way, or too many are")));
    return;
  }
  auto reply = guarded([&]() -> RpcReply { return handler_.on_request(method, id, std::move(params)); });
  if (const auto* result = std::get_if<RpcResult>(&reply)) {
    end(id.dump());
    answer(id, *result);
    return;
  }
  const Status added =
      jobs_.add([this, request, work = std::get<RpcWork>(std::move(reply))] { perform(request, work); });
  if (!added) {
    end(id.dump());
    answer(id, std::unexpected(RpcError(added.error())));
  }
}

void RpcEndpoint::perform(const std::shared_ptr<Request>& request, const RpcWork& work) {
  const auto result = request->cancelled ? RpcResult() : guarded([&] { return work(request->cancelled); });
  end(request->id.dump());
  if (!request->cancelled) {
    answer(request->id, result);
  } else if (options_.cancelled == CancelledRequest::kAnswered) {
    answer(request->id, std::unexpected(RpcError(rpc_code::kCancelled, "cancelled")));
  }
}

void RpcEndpoint::take_answer(Json message) {
  AnswerSink sink;
  {
    MutexLock lock(mutex_);
    const auto& id = message["id"];
    const auto found = id.is_number_integer() ? asked_.find(id.get<std::int64_t>()) : asked_.end();
    if (found == asked_.end()) {
      return;  // to something that nobody asked, or to a message of ours without an id
    }
    sink = std::move(found->second);
    asked_.erase(found);
  }
  static_cast<void>(guarded([&] {
    sink(result_of(message));
    return RpcResult();
  }));
}

void RpcEndpoint::notify(const std::string& method, Json params) {
  Json message = {{"jsonrpc", "2.0"}, {"method", method}};
  if (!params.is_null()) {
    message["params"] = std::move(params);
  }
  send(message);
}

void RpcEndpoint::request(const std::string& method, Json params, AnswerSink on_answer) {
  Json message = {{"jsonrpc", "2.0"}};
  {
    MutexLock lock(mutex_);
    message["id"] = ++last_id_;
    asked_.emplace(last_id_, std::move(on_answer));
  }
  message["method"] = method;
  if (!params.is_null()) {
    message["params"] = std::move(params);
  }
  send(message);
}

void RpcEndpoint::cancel(const Json& id) {
  MutexLock lock(mutex_);
  if (const auto found = requests_.find(id.dump()); found != requests_.end()) {
    found->second->cancelled = true;
    found->second->cancelled.notify_all();
  }
}

void RpcEndpoint::answer(const Json& id, const RpcResult& result) { send(response_of(id, result)); }

/// Nobody is there to be told if it fails; the end of the input will show.
void RpcEndpoint::send(const Json& message) {
  std::string text = json_line(message);
  if (options_.format == Format::kContentLength) {
    text.pop_back();
    text = fmt::format("Content-Length: {}\r\n\r\n{}", text.size(), text);
  }
  if (const Status written = channel_.write(text); !written) {
    channel_.stop();
  }
}

std::shared_ptr<RpcEndpoint::Request> RpcEndpoint::begin(const Json& id) {
  auto request = std::make_shared<Request>();
  request->id = id;
  MutexLock lock(mutex_);
  const bool is_new = requests_.size() < options_.requests && requests_.emplace(id.dump(), request).second;
  return is_new ? request : nullptr;
}

void RpcEndpoint::end(const std::string& key) {
  MutexLock lock(mutex_);
  requests_.erase(key);
}

void RpcEndpoint::end_all() {
  std::map<std::int64_t, AnswerSink> asked;
  {
    MutexLock lock(mutex_);
    for (const auto& [key, request] : requests_) {
      request->cancelled = true;
      request->cancelled.notify_all();
    }
    asked.swap(asked_);
  }
  for (const auto& [id, sink] : asked) {
    sink(std::unexpected(RpcError(rpc_code::kUnavailable, "the conversation has ended")));
  }
  jobs_.stop(WaitingJobs::kDrop);
}

}  // namespace repomap
