// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/metrics_http.hpp"

#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <string_view>
#include <utility>

namespace repomap {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using Request = http::request<http::empty_body>;
using Response = http::response<http::string_body>;

constexpr std::size_t kConnections = 16;
constexpr std::uint32_t kHeaderBytes = 8192;
constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::milliseconds kAcceptPause{100};

/// Of a Host without its port.
bool is_loopback_name(std::string_view host) {
  const std::string_view name = host.substr(0, host.rfind(':'));
  return name == "127.0.0.1" || name == "localhost";
}

http::status status_of(const Request& request) {
  if (!is_loopback_name({request[http::field::host].data(), request[http::field::host].size()})) {
    return http::status::forbidden;
  }
  if (request.target() != "/metrics") {
    return http::status::not_found;
  }
  const bool is_known = request.method() == http::verb::get || request.method() == http::verb::head;
  return is_known ? http::status::ok : http::status::method_not_allowed;
}

/// One connection, which answers one request.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(tcp::socket socket, const MetricsHttp::Source& source) : stream_(std::move(socket)), source_(source) {
    parser_.header_limit(kHeaderBytes);
    parser_.body_limit(0);
  }

  void start() {
    stream_.expires_after(kPatience);
    http::async_read(stream_, buffer_, parser_,
                     [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                       if (!error) {
                         self->answer();
                       }
                     });
  }

 private:
  void answer() {
    response_.result(status_of(parser_.get()));
    response_.version(parser_.get().version());
    response_.keep_alive(false);
    if (response_.result() != http::status::ok) {
      send("text/plain; charset=utf-8", fmt::format("{}\n", std::string(http::obsolete_reason(response_.result()))));
      return;
    }
    source_([self = shared_from_this()](std::string text) {
      self->send("text/plain; version=0.0.4; charset=utf-8", std::move(text));
    });
  }

  void send(const char* type, std::string text) {
    response_.set(http::field::content_type, type);
    response_.content_length(text.size());
    if (parser_.get().method() != http::verb::head) {
      response_.body() = std::move(text);
    }
    stream_.expires_after(kPatience);
    http::async_write(stream_, response_, [self = shared_from_this()](const boost::system::error_code&, std::size_t) {
      boost::system::error_code ignored;
      static_cast<void>(self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored));
    });
  }

  boost::beast::tcp_stream stream_;
  const MetricsHttp::Source source_;
  boost::beast::flat_buffer buffer_;
  http::request_parser<http::empty_body> parser_;
  Response response_;
};

}  // namespace

struct MetricsHttp::State : std::enable_shared_from_this<State> {
  State(boost::asio::io_context& io, Source text_source) : acceptor(io), pause(io), source(std::move(text_source)) {}

  tcp::acceptor acceptor;
  boost::asio::steady_timer pause;
  Source source;
  std::size_t exchanges = 0;

  void accept();
  void serve(tcp::socket socket);
  void accept_later();
};

void MetricsHttp::State::accept() {
  acceptor.async_accept([self = shared_from_this()](const boost::system::error_code& error, tcp::socket socket) {
    if (!self->acceptor.is_open()) {
      return;
    }
    if (error) {
      self->accept_later();
      return;
    }
    self->serve(std::move(socket));
    self->accept();
  });
}

void MetricsHttp::State::accept_later() {
  pause.expires_after(kAcceptPause);
  pause.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error && self->acceptor.is_open()) {
      self->accept();
    }
  });
}

void MetricsHttp::State::serve(tcp::socket socket) {
  if (exchanges >= kConnections) {
    return;  // the socket closes
  }
  ++exchanges;
  auto* const exchange = new Exchange(std::move(socket), source);
  std::shared_ptr<Exchange>(exchange, [self = shared_from_this()](const Exchange* ended) {
    --self->exchanges;
    delete ended;
  })->start();
}

Result<std::unique_ptr<MetricsHttp>> MetricsHttp::listen(boost::asio::io_context& io, std::uint16_t port,
                                                         Source source) {
  auto state = std::make_shared<State>(io, std::move(source));
  const tcp::endpoint endpoint(boost::asio::ip::address_v4::loopback(), port);
  boost::system::error_code error;
  static_cast<void>(state->acceptor.open(endpoint.protocol(), error));
  if (!error) {
    static_cast<void>(state->acceptor.set_option(tcp::acceptor::reuse_address(true), error));
  }
  if (!error) {
    static_cast<void>(state->acceptor.bind(endpoint, error));
  }
  if (!error) {
    static_cast<void>(state->acceptor.listen(boost::asio::socket_base::max_listen_connections, error));
  }
  if (error) {
    return std::unexpected(errno_error(error.value(), fmt::format("metrics at 127.0.0.1:{}", port)));
  }
  state->accept();
  return std::unique_ptr<MetricsHttp>(new MetricsHttp(std::move(state)));
}

MetricsHttp::~MetricsHttp() {
  boost::system::error_code ignored;
  static_cast<void>(state_->acceptor.close(ignored));
  static_cast<void>(state_->pause.cancel(ignored));
}

std::uint16_t MetricsHttp::port() const {
  boost::system::error_code ignored;
  return state_->acceptor.local_endpoint(ignored).port();
}

}  // namespace repomap
