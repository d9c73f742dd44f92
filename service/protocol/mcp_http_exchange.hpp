// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "service/protocol/mcp_http.hpp"

namespace repomap {

/// One connection, which brings one request and takes one answer: a body, or a stream of server-sent events
/// (https://html.spec.whatwg.org/multipage/server-sent-events.html) that becomes one with its first event.
///
/// Used by the thread that runs the io_context. What is under way keeps it alive. Borrows the settings.
class McpHttpExchange : public std::enable_shared_from_this<McpHttpExchange> {
 public:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;
  using HeaderCheck = std::function<bool(const std::shared_ptr<McpHttpExchange>& exchange)>;
  using RequestSink = std::function<void(const std::shared_ptr<McpHttpExchange>& exchange)>;

  McpHttpExchange(boost::asio::ip::tcp::socket socket, const McpHttpSettings& settings);

  /// Reads the request, and calls the sink once it is there. One that cannot be read is answered, or ends. `check` sees
  /// the headers before the body is read, and answers those of a request that is not to be taken, by giving false.
  void start(HeaderCheck check, RequestSink on_request);

  const Request& request() const { return parser_.get(); }

  /// Sent with the answer, of either form. Before the answer begins.
  void set_header(const std::string& name, const std::string& value);

  /// Answers with a body, "" for none; if a stream has begun, with that as its last event.
  void respond(boost::beast::http::status status, std::string body);

  /// Makes the answer a stream, if the client takes one and it has not begun.
  void begin_stream();

  /// An event of the stream, which it begins if need be; nothing if there cannot be one.
  void send_event(const std::string& json);

  /// Whether events still reach the client.
  bool is_open() const { return phase_ == Phase::kWaiting || phase_ == Phase::kStreaming; }

  /// Ends the stream; a request that has no answer yet gets an empty one.
  void end();

  /// `call` is called once: when the client has gone before its answer was complete, or when the answer is.
  void on_end(std::function<void()> call);

  /// Closes the connection at once.
  void close();

 private:
  enum class Phase : std::uint8_t { kReading, kWaiting, kStreaming, kEnding, kLingering, kEnded };

  void read_body();
  bool take_part(const boost::system::error_code& error);
  void wait_for_answer();
  void watch_client();
  void on_excess(const boost::system::error_code& error, std::size_t bytes);
  void write_chunk(const std::string& text);
  void write_next();
  void on_written(const boost::system::error_code& error, std::size_t bytes);
  void end_stream();
  void keep_alive();
  void finish();
  void tell_end();

  const McpHttpSettings& settings_;
  boost::beast::tcp_stream stream_;
  boost::asio::steady_timer quiet_;  // until the next comment
  boost::beast::flat_buffer buffer_;
  boost::beast::http::request_parser<boost::beast::http::string_body> parser_;
  Response response_;
  Phase phase_ = Phase::kReading;
  std::array<char, 512> ignored_{};  // what comes behind the request
  std::deque<std::string> output_;   // the first is being written
  std::size_t output_bytes_ = 0;
  RequestSink on_request_;
  std::function<void()> on_end_;
};

}  // namespace repomap
