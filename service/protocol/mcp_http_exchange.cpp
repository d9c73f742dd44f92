// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_http_exchange.hpp"

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <optional>
#include <sstream>
#include <utility>

#include "service/protocol/mcp_http_checks.hpp"

namespace repomap {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using ErrorCodeOfAsio = boost::system::error_code;

constexpr std::chrono::seconds kLinger{2};

/// What a request that cannot be read is answered with; nothing if the connection is of no more use.
std::optional<http::status> refusal_of(const ErrorCodeOfAsio& error) {
  const bool is_of_syntax = error.category() == make_error_code(http::error::bad_method).category();
  if (!is_of_syntax || error == http::error::end_of_stream || error == http::error::partial_message) {
    return std::nullopt;
  }
  if (error == http::error::body_limit) {
    return http::status::payload_too_large;
  }
  return error == http::error::header_limit ? http::status::request_header_fields_too_large : http::status::bad_request;
}

}  // namespace

McpHttpExchange::McpHttpExchange(tcp::socket socket, const McpHttpSettings& settings)
    : settings_(settings), stream_(std::move(socket)), quiet_(stream_.get_executor()) {
  parser_.header_limit(settings.header_bytes);
  parser_.body_limit(settings.body_bytes);
  response_.version(11);
  response_.keep_alive(false);
  response_.set(http::field::cache_control, "no-store");
}

void McpHttpExchange::start(HeaderCheck check, RequestSink on_request) {
  on_request_ = std::move(on_request);
  stream_.expires_after(settings_.patience);
  http::async_read_header(
      stream_, buffer_, parser_,
      [self = shared_from_this(), check = std::move(check)](const ErrorCodeOfAsio& error, std::size_t /*bytes*/) {
        if (!self->take_part(error)) {
          return;
        }
        self->phase_ = Phase::kWaiting;  // so that the check may answer
        if (check(self)) {
          self->read_body();
        } else {
          self->wait_for_answer();
        }
      });
}

void McpHttpExchange::read_body() {
  phase_ = Phase::kReading;
  http::async_read(stream_, buffer_, parser_,
                   [self = shared_from_this()](const ErrorCodeOfAsio& error, std::size_t /*bytes*/) {
                     if (self->take_part(error)) {
                       self->phase_ = Phase::kWaiting;
                       self->wait_for_answer();
                       std::exchange(self->on_request_, nullptr)(self);
                     }
                   });
}

/// Whether a part of the request is there; if not, the request is answered, or the connection ends.
bool McpHttpExchange::take_part(const ErrorCodeOfAsio& error) {
  if (!error) {
    return true;
  }
  if (const auto status = refusal_of(error)) {
    phase_ = Phase::kWaiting;
    wait_for_answer();
    respond(*status, "");
  } else {
    close();
  }
  return false;
}

void McpHttpExchange::wait_for_answer() {
  if (phase_ == Phase::kWaiting) {
    stream_.expires_never();
  }
  watch_client();
}

/// Nothing comes behind the request; that the client closes its side shows that it no longer wants the answer.
void McpHttpExchange::watch_client() {
  stream_.async_read_some(boost::asio::buffer(ignored_),
                          boost::beast::bind_front_handler(&McpHttpExchange::on_excess, shared_from_this()));
}

void McpHttpExchange::on_excess(const ErrorCodeOfAsio& error, std::size_t /*bytes*/) {
  if (phase_ == Phase::kEnded) {
    return;
  }
  if (error) {
    close();
  } else {
    watch_client();
  }
}

void McpHttpExchange::set_header(const std::string& name, const std::string& value) { response_.set(name, value); }

void McpHttpExchange::respond(http::status status, std::string body) {
  if (phase_ == Phase::kStreaming) {
    send_event(body);
    if (phase_ == Phase::kStreaming) {
      end_stream();
    }
    return;
  }
  if (phase_ != Phase::kWaiting) {
    return;
  }
  phase_ = Phase::kEnding;
  response_.result(status);
  if (!body.empty()) {
    response_.set(http::field::content_type, "application/json");
  }
  response_.content_length(body.size());
  response_.body() = std::move(body);
  stream_.expires_after(settings_.patience);
  http::async_write(stream_, response_,
                    [self = shared_from_this()](const ErrorCodeOfAsio&, std::size_t) { self->finish(); });
}

void McpHttpExchange::begin_stream() {
  if (phase_ != Phase::kWaiting || !accepts(request(), "text/event-stream")) {
    return;
  }
  phase_ = Phase::kStreaming;
  response_.result(http::status::ok);
  response_.set(http::field::content_type, "text/event-stream");
  response_.set("X-Accel-Buffering", "no");
  response_.chunked(true);
  std::ostringstream head;
  head << response_.base();
  output_.push_back(std::move(head).str());
  output_bytes_ += output_.back().size();
  if (output_.size() == 1) {
    write_next();
  }
  keep_alive();
}

void McpHttpExchange::send_event(const std::string& json) {
  begin_stream();
  if (phase_ == Phase::kStreaming) {
    write_chunk("event: message\ndata: " + json + "\n\n");
  }
}

void McpHttpExchange::write_chunk(const std::string& text) {
  output_.push_back(fmt::format("{:x}\r\n{}\r\n", text.size(), text));
  output_bytes_ += output_.back().size();
  if (output_bytes_ > settings_.unread_bytes && output_.size() > 1) {
    close();  // the client takes nothing
  } else if (output_.size() == 1) {
    write_next();
  }
}

void McpHttpExchange::write_next() {
  if (output_.empty()) {
    if (phase_ == Phase::kEnding) {
      finish();
    }
    return;
  }
  stream_.expires_after(settings_.patience);
  boost::asio::async_write(stream_, boost::asio::buffer(output_.front()),
                           boost::beast::bind_front_handler(&McpHttpExchange::on_written, shared_from_this()));
}

void McpHttpExchange::on_written(const ErrorCodeOfAsio& error, std::size_t /*bytes*/) {
  if (error) {
    close();
  }
  if (phase_ == Phase::kEnded) {
    return;
  }
  output_bytes_ -= output_.front().size();
  output_.pop_front();
  write_next();
}

/// So that nobody on the way takes a quiet stream for a dead one, and a dead client is noticed.
void McpHttpExchange::keep_alive() {
  quiet_.expires_after(settings_.keep_alive);
  quiet_.async_wait([weak = weak_from_this()](const ErrorCodeOfAsio& error) {
    const auto self = weak.lock();
    if (!error && self && self->phase_ == Phase::kStreaming) {
      if (self->output_.empty()) {
        self->write_chunk(":\n\n");
      }
      self->keep_alive();
    }
  });
}

void McpHttpExchange::end() {
  if (phase_ == Phase::kWaiting) {
    respond(http::status::accepted, "");
  } else if (phase_ == Phase::kStreaming) {
    end_stream();
  }
}

void McpHttpExchange::end_stream() {
  phase_ = Phase::kEnding;
  output_.emplace_back("0\r\n\r\n");
  output_bytes_ += output_.back().size();
  if (output_.size() == 1) {
    write_next();
  }
}

void McpHttpExchange::on_end(std::function<void()> call) {
  if (phase_ == Phase::kEnded || phase_ == Phase::kLingering) {
    call();
  } else {
    on_end_ = std::move(call);
  }
}

/// The answer is complete. A client that still sends would lose it if the connection were closed under it, so what
/// comes is read for a moment, until the client closes.
void McpHttpExchange::finish() {
  phase_ = Phase::kLingering;
  ErrorCodeOfAsio ignored;
  static_cast<void>(stream_.socket().shutdown(tcp::socket::shutdown_send, ignored));
  quiet_.expires_after(kLinger);
  quiet_.async_wait([weak = weak_from_this()](const ErrorCodeOfAsio& error) {
    if (const auto self = weak.lock(); self && !error) {
      self->close();
    }
  });
  tell_end();
}

void McpHttpExchange::close() {
  if (phase_ == Phase::kEnded) {
    return;
  }
  phase_ = Phase::kEnded;
  quiet_.cancel();
  stream_.close();
  tell_end();
}

void McpHttpExchange::tell_end() {
  if (const auto call = std::exchange(on_end_, nullptr)) {
    call();
  }
}

}  // namespace repomap
