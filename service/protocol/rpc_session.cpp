// SPDX-License-Identifier: Apache-2.0
//
// The thread of the io_context reads, takes messages apart and writes; a request is answered by a thread of the host,
// which posts the answer back. What another thread posts holds the session, so it lives until the last answer is in;
// whether anybody still wants it is looked at when it has arrived.
#include "service/protocol/rpc_session.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <utility>

#include "core/base/log.hpp"

namespace repomap {
namespace {

constexpr std::size_t kParsedAtOnce = std::size_t{64} * 1024;  // larger messages would hold up the other connections

bool has_peer_gone(int socket) {
  pollfd question{.fd = socket, .events = 0, .revents = 0};
  return poll(&question, 1, 0) > 0 && (question.revents & (POLLHUP | POLLERR)) != 0;
}

/// As a label of a metric: of these there are few.
std::string outcome_of(const RpcResult& result) {
  if (result) {
    return "ok";
  }
  return result.error().name.empty() ? "internal" : result.error().name;
}

RpcError cancelled_error() { return {Error{ErrorCode::kCancelled, "cancelled"}}; }
RpcError late_error() { return {Error{ErrorCode::kLimitExceeded, "the request's deadline is over"}}; }

RpcResult call_method(const RpcMethod& method, const RpcCall& call) {
  try {
    return method.handler(call);
  } catch (const std::exception& error) {
    log_error(fmt::format("a request has thrown: {}", error.what()));
  } catch (...) {
    log_error("a request has thrown");
  }
  return std::unexpected(RpcError(rpc_code::kInternal, "internal error; the log of the daemon says more"));
}

/// An answer that could never be written is an error instead.
std::string answer_line(const Json& id, RpcResult&& result, std::size_t limit_bytes) {
  std::string line = result ? result_line(id, std::move(*result)) : error_line(id, result.error());
  if (line.size() <= limit_bytes) {
    return line;
  }
  return error_line(
      id, Error{ErrorCode::kLimitExceeded,
                fmt::format("the answer has {} bytes, more than {}: ask for less", line.size(), limit_bytes)});
}

}  // namespace

struct RpcSession::Request {
  const RpcMethod* method = nullptr;
  std::string name;  // of the method
  std::string key;   // in requests_
  RpcLane lane = RpcLane::kQuery;
  RpcCall call;
  std::atomic<bool> is_late = false;  // set before is_cancelled: it was answered at its deadline
  std::atomic<bool> is_cancelled = false;

  /// What the method comes to; of a cancelled request nobody wants that.
  RpcResult result() const {
    if (!is_cancelled) {
      RpcResult result = call_method(*method, call);
      if (!is_cancelled) {
        return result;
      }
    }
    return std::unexpected(is_late ? late_error() : cancelled_error());
  }
};

struct RpcSession::UnderWay {
  std::shared_ptr<Request> request;
  std::unique_ptr<boost::asio::steady_timer> deadline;  // null if it has none
};

RpcSession::RpcSession(LocalSocket socket, RpcHost& host)
    : host_(host),
      socket_(std::move(socket)),
      framing_(host.session_limits().message_bytes),
      writer_(
          host.io(), socket_, host.session_limits().output,
          [this](std::string_view reason) {
            host_.metrics().refused(reason);
            close();
          },
          [this] { rest(); }) {}

RpcSession::~RpcSession() = default;

void RpcSession::start() {
  boost::system::error_code error;
  static_cast<void>(socket_.non_blocking(true, error));
  if (error) {
    close();
    return;
  }
  wait_for_input();
}

void RpcSession::refuse(const Error& error) {
  boost::system::error_code ignored;
  static_cast<void>(socket_.non_blocking(true, ignored));
  answer({}, error);
  close();
}

void RpcSession::wait_for_input() {
  socket_.async_wait(LocalSocket::wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
    if (!error && self->is_open()) {
      self->read();
    }
  });
}

void RpcSession::read() {
  const std::span<char> room = host_.read_buffer();
  boost::system::error_code error;
  const std::size_t bytes = socket_.read_some(boost::asio::buffer(room.data(), room.size()), error);
  if (error == boost::asio::error::would_block || error == boost::asio::error::try_again) {
    wait_for_input();
  } else if (error == boost::asio::error::eof) {
    end_input();
  } else if (error) {
    close();
  } else {
    framing_.add({room.data(), bytes});
    take_frames();
  }
}

/// Who has only closed the direction to us still gets the answers.
void RpcSession::end_input() {
  is_input_over_ = true;
  if (has_peer_gone(socket_.native_handle())) {
    close();
    return;
  }
  socket_.async_wait(LocalSocket::wait_error, [self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) {
      self->close();
    }
  });
  rest();
}

void RpcSession::take_frames() {
  while (is_open() && !is_parsing_) {
    std::optional<MessageFraming::Frame> frame = framing_.next();
    if (!frame) {
      wait_for_input();
      return;
    }
    take(std::move(*frame));
  }
}

void RpcSession::take(MessageFraming::Frame frame) {
  if (frame.kind == MessageFraming::Kind::kTooLong) {
    host_.metrics().refused("message_too_long");
    answer({}, Error{ErrorCode::kLimitExceeded,
                     fmt::format("the message has more than {} bytes", host_.session_limits().message_bytes)});
  } else if (frame.text.size() <= kParsedAtOnce) {
    take(parse_request(frame.text));
  } else {
    parse_elsewhere(std::move(frame.text));
  }
}

/// The messages behind it wait, so that all are taken in their order.
void RpcSession::parse_elsewhere(std::string text) {
  is_parsing_ = true;
  const auto message = std::make_shared<const std::string>(std::move(text));
  const Status added = host_.run(RpcLane::kControl, [self = shared_from_this(), message] {
    auto parsed = std::make_shared<Parsed>(parse_request(*message));
    boost::asio::post(self->host_.io(), [self, parsed] {
      self->is_parsing_ = false;
      self->take(std::move(*parsed));
      self->take_frames();
    });
  });
  if (!added) {
    is_parsing_ = false;
    answer({}, added.error());
  }
}

void RpcSession::take(Parsed parsed) {
  if (!is_open()) {
    return;
  }
  if (!parsed) {
    host_.metrics().refused("bad_message");
    answer(parsed.error().id, parsed.error().error);
  } else if (parsed->method == "$/cancelRequest") {
    cancel(parsed->params);
  } else {
    begin(std::move(*parsed));
  }
}

void RpcSession::cancel(const Json& params) {
  const auto id = params.find("id");
  if (id == params.end()) {
    return;
  }
  if (const auto found = requests_.find(id->dump()); found != requests_.end()) {
    found->second.request->is_cancelled = true;
  }
}

/// Takes the request among those under way. Errors: what it is to be answered with instead.
RpcSession::Admitted RpcSession::admit(RpcRequest request) {
  const RpcMethod* const method = host_.find_method(request.method);
  if (method == nullptr) {
    return std::unexpected(
        RpcError(rpc_code::kUnknownMethod, fmt::format("there is no method \"{}\"", request.method)));
  }
  if (is_refusing_) {
    return std::unexpected(RpcError(Error{ErrorCode::kUnavailable, "the daemon is ending"}));
  }
  const std::size_t limit = host_.session_limits().requests;
  if (requests_.size() >= limit) {
    host_.metrics().refused("too_many_requests");
    return std::unexpected(RpcError(Error{
        ErrorCode::kBusy, fmt::format("{} requests of this connection are under way, as many as may be", limit)}));
  }
  std::string key = request.is_notification() ? fmt::format("notification {}", ++notifications_) : request.id.dump();
  if (requests_.contains(key)) {
    return std::unexpected(RpcError(rpc_code::kInvalidRequest, fmt::format("a request with id {} is under way", key)));
  }
  auto admitted = std::make_shared<Request>();
  admitted->method = method;
  admitted->name = std::move(request.method);
  admitted->key = std::move(key);
  admitted->call = {.id = std::move(request.id),
                    .params = std::move(request.params),
                    .peer = shared_from_this(),
                    .cancelled = &admitted->is_cancelled,
                    .received = std::chrono::steady_clock::now()};
  requests_.emplace(admitted->key, UnderWay{admitted, nullptr});
  return admitted;
}

void RpcSession::begin(RpcRequest request) {
  const Json id = request.id;
  const auto admitted = admit(std::move(request));
  if (!admitted) {
    answer(id, admitted.error());
    return;
  }
  const std::shared_ptr<Request>& begun = *admitted;
  begun->lane = begun->method->lane(begun->call.params);
  host_.metrics().request_begun();
  const Status added = host_.run(begun->lane, [self = shared_from_this(), begun] { self->execute(begun); });
  if (!added) {
    host_.metrics().request_ended(begun->name, error_code_name(added.error().code), {});
    requests_.erase(begun->key);
    answer(id, added.error());
    return;
  }
  limit_time(begun);
}

void RpcSession::limit_time(const std::shared_ptr<Request>& request) {
  const RpcMethod& method = *request->method;
  const auto deadline = method.deadline ? method.deadline(request->call.params) : std::nullopt;
  if (!deadline) {
    return;
  }
  auto& timer = requests_.at(request->key).deadline;
  timer = std::make_unique<boost::asio::steady_timer>(host_.io(), request->call.received + *deadline);
  timer->async_wait([session = weak_from_this(), request](const boost::system::error_code& error) {
    if (const auto self = session.lock(); self && !error) {
      self->give_up(*request);
    }
  });
}

/// At its deadline a request is answered and told to end, whatever has become of it.
void RpcSession::give_up(const Request& request) {
  const auto found = requests_.find(request.key);
  if (found == requests_.end() || found->second.request.get() != &request) {
    return;
  }
  found->second.request->is_late = true;
  found->second.request->is_cancelled = true;
  finish(request, request.call.id.is_null() ? std::string() : error_line(request.call.id, late_error()));
}

/// Runs on a thread of the host.
void RpcSession::execute(const std::shared_ptr<const Request>& request) {
  RpcResult result = request->result();
  host_.metrics().request_ended(request->name, outcome_of(result),
                                std::chrono::steady_clock::now() - request->call.received);
  std::string line;
  if (!request->call.id.is_null()) {
    line = answer_line(request->call.id, std::move(result), host_.session_limits().output.bytes);
  }
  boost::asio::post(host_.io(), [self = shared_from_this(), request, line = std::move(line)]() mutable {
    self->finish(*request, std::move(line));
  });
}

/// What was answered before, or is of a connection that has ended, is dropped.
void RpcSession::finish(const Request& request, std::string line) {
  const auto found = requests_.find(request.key);
  if (found == requests_.end() || found->second.request.get() != &request) {
    return;
  }
  requests_.erase(found);
  if (!is_open()) {
    return;
  }
  if (!line.empty()) {
    send(std::move(line));
  }
  rest();
}

void RpcSession::answer(const Json& id, const RpcError& error) { send(error_line(id, error)); }

void RpcSession::send(std::string line) {
  if (!is_open()) {
    return;
  }
  if (!writer_.reserve(line.size())) {
    host_.metrics().refused("slow");
    close();
    return;
  }
  writer_.write(std::move(line), shared_from_this());
}

void RpcSession::notify(const std::string& method, Json params) {
  if (!is_open()) {
    return;
  }
  std::string line = notification_line(method, std::move(params));
  const bool has_room = writer_.reserve(line.size());
  boost::asio::post(host_.io(), [self = shared_from_this(), has_room, line = std::move(line)]() mutable {
    if (!self->is_open()) {
      return;
    }
    if (has_room) {
      self->writer_.write(std::move(line), self);
    } else {
      self->host_.metrics().refused("slow");
      self->close();
    }
  });
}

void RpcSession::cancel_requests() {
  for (const auto& [key, under_way] : requests_) {
    if (under_way.request->lane != RpcLane::kControl) {
      under_way.request->is_cancelled = true;
    }
  }
}

/// Looks whether anything is left to do.
void RpcSession::rest() {
  if (!is_open() || !is_at_rest()) {
    return;
  }
  if (is_input_over_) {
    close();
  } else {
    host_.session_rests(*this);
  }
}

void RpcSession::close() {
  if (is_closed_.exchange(true)) {
    return;
  }
  cancel_requests();
  requests_.clear();  // each holds the session
  writer_.close();
  boost::system::error_code ignored;
  static_cast<void>(socket_.close(ignored));
  host_.session_closed(*this);
}

}  // namespace repomap
