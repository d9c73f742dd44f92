// SPDX-License-Identifier: Apache-2.0
//
// One thread reads, decides and writes; work is done by the threads of a queue, which post what they have to say back
// to it. A request that stands alone gets a conversation of its own; those of a legacy client share that of its
// session.
#include "service/protocol/mcp_http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/job_queue.hpp"
#include "core/base/log.hpp"
#include "service/protocol/mcp_http_checks.hpp"
#include "service/protocol/mcp_http_exchange.hpp"
#include "service/protocol/rpc_message.hpp"

namespace repomap {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using Exchange = McpHttpExchange;
using Flag = std::atomic<bool>;

constexpr const char* kSessionHeader = "Mcp-Session-Id";
constexpr const char* kVersionHeader = "MCP-Protocol-Version";
constexpr std::size_t kWorkers = 4;
constexpr std::size_t kWaitingJobs = 256;
constexpr std::size_t kKeptNotifications = 64;  // as many as a session has subscriptions
constexpr std::chrono::milliseconds kAcceptPause{100};

std::string value_of(const Exchange::Request& request, const char* name) {
  const auto value = request[name];
  return {value.data(), value.size()};
}

std::string without_newline(std::string line) {
  line.pop_back();
  return line;
}

/// Of the modern era (2026-07-28, "Sending Messages"); errors of older conversations are told in the body alone.
http::status status_of(const RpcError& error) {
  switch (error.code) {
    case rpc_code::kUnknownMethod: return http::status::not_found;
    case rpc_code::kInvalidParams:
    case rpc_code::kInvalidRequest:
    case rpc_code::kParseError:
    case mcp_code::kHeaderMismatch:
    case mcp_code::kUnsupportedVersion: return http::status::bad_request;
    case rpc_code::kInternal: return http::status::internal_server_error;
    default: return http::status::ok;
  }
}

/// The revision that a body speaks of itself, "" for none.
std::string modern_version(const Json& params) {
  const auto meta = params.find("_meta");
  if (meta == params.end() || !meta->is_object()) {
    return "";
  }
  const auto version = meta->find(mcp_key::kProtocolVersion);
  return version != meta->end() && version->is_string() ? version->get<std::string>() : "";
}

/// What becomes of notifications while there is no stream.
enum class Unheard : std::uint8_t {
  kDropped,  ///< they belong to one request
  kKept,     ///< the next stream begins with them, each once
};

/// Notifications become events of whatever stream there is.
class EventChannel final : public McpChannel, public std::enable_shared_from_this<EventChannel> {
 public:
  explicit EventChannel(boost::asio::io_context& io, Unheard unheard = Unheard::kDropped)
      : io_(io), unheard_(unheard) {}

  // From the thread of the io_context.
  void attach(const std::shared_ptr<Exchange>& exchange) {
    exchange_ = exchange;
    for (const std::string& line : std::exchange(waiting_, {})) {
      exchange->send_event(line);
    }
  }

  /// Null if there is none that is open.
  std::shared_ptr<Exchange> exchange() const {
    auto exchange = exchange_.lock();
    return exchange && exchange->is_open() ? exchange : nullptr;
  }

  void notify(const std::string& method, Json params) override {
    boost::asio::post(io_, [self = shared_from_this(), line = without_newline(notification_line(
                                                           method, std::move(params)))] { self->send(line); });
  }

 private:
  void send(const std::string& line) {
    if (const auto open = exchange()) {
      open->send_event(line);
    } else if (unheard_ == Unheard::kKept && waiting_.size() < kKeptNotifications) {
      waiting_.insert(line);
    }
  }

  boost::asio::io_context& io_;
  const Unheard unheard_;

  // Used by the thread of the io_context.
  std::weak_ptr<Exchange> exchange_;
  std::set<std::string> waiting_;
};

/// The conversation with a legacy client.
struct Session {
  Session(McpServer& server, boost::asio::io_context& io)
      : updates(std::make_shared<EventChannel>(io, Unheard::kKept)),
        conversation(std::make_shared<McpSession>(server, updates)) {}

  /// Whether its client waits for something: for updates, or for an answer.
  bool is_in_use() const { return updates->exchange() != nullptr || !under_way.empty(); }

  void end_updates() const {
    if (const auto stream = updates->exchange()) {
      stream->end();
    }
  }

  std::shared_ptr<EventChannel> updates;
  std::shared_ptr<McpSession> conversation;
  std::map<std::string, std::weak_ptr<Flag>> under_way;  // by the text of the request's id
  std::uint64_t last_use = 0;
};

RpcResult guarded(const RpcWork& work, const Flag& cancelled) {
  try {
    return work(cancelled);
  } catch (const std::exception& error) {
    log_error(fmt::format("a request has failed: {}", error.what()));
  } catch (...) {
    log_error("a request has failed");
  }
  return std::unexpected(RpcError(rpc_code::kInternal, "an unexpected failure; the log has more"));
}

}  // namespace

class McpHttp::State : public std::enable_shared_from_this<McpHttp::State> {
 public:
  State(McpServer& server, const McpHttpSettings& settings) : server_(server), settings_(settings) {}

  Status bind();
  void accept();
  void run() { io_.run(); }
  void stop();
  std::uint16_t port() const;

 private:
  /// A request on its way to its answer.
  struct Call {
    std::shared_ptr<Exchange> exchange;
    RpcRequest request;
    std::shared_ptr<McpSession> conversation;
    std::shared_ptr<Session> session;  // null for a modern client
  };

  void serve(tcp::socket socket);
  void accept_later();
  bool admit(const std::shared_ptr<Exchange>& exchange);
  void take(const std::shared_ptr<Exchange>& exchange);
  http::status check(const Exchange::Request& request) const;
  void take_post(const std::shared_ptr<Exchange>& exchange);
  void take_modern(Call call, const std::string& version);
  void take_legacy(Call call);
  void take_notification(const Call& call);
  void open_session(Call call);
  void open_updates(const std::shared_ptr<Exchange>& exchange);
  void end_session(const std::shared_ptr<Exchange>& exchange);
  std::shared_ptr<Session> session_of(const Exchange::Request& request);
  void reply(const Call& call);
  void perform(const Call& call, RpcWork work, const std::shared_ptr<EventChannel>& channel);
  void stream(const Call& call, McpListen listen, const std::shared_ptr<EventChannel>& channel);
  void hold(const Call& call, const std::shared_ptr<McpSubscription>& subscription,
            const std::shared_ptr<EventChannel>& channel);
  void answer(const Call& call, const RpcResult& result);
  static void refuse(const std::shared_ptr<Exchange>& exchange, http::status status, const Json& id,
                     const RpcError& error);

  // Fixed after construction.
  McpServer& server_;
  const McpHttpSettings settings_;

  // Used by the thread of run().
  std::map<Exchange*, std::weak_ptr<Exchange>> exchanges_;  // told of the end of each, also by the end of io_
  boost::asio::io_context io_{1};
  tcp::acceptor acceptor_{io_};
  boost::asio::steady_timer pause_{io_};
  std::map<std::string, std::shared_ptr<Session>> sessions_;  // by id
  std::uint64_t uses_ = 0;

  JobQueue jobs_{"mcp-http", kWorkers, kWaitingJobs};  // the last member: its threads use the others
};

Status McpHttp::State::bind() {
  const tcp::endpoint endpoint(boost::asio::ip::address_v4::loopback(), settings_.port);
  boost::system::error_code error;
  static_cast<void>(acceptor_.open(endpoint.protocol(), error));
  if (!error) {
    static_cast<void>(acceptor_.set_option(tcp::acceptor::reuse_address(true), error));
  }
  if (!error) {
    static_cast<void>(acceptor_.bind(endpoint, error));
  }
  if (!error) {
    static_cast<void>(acceptor_.listen(boost::asio::socket_base::max_listen_connections, error));
  }
  if (error) {
    return std::unexpected(errno_error(error.value(), fmt::format("MCP at 127.0.0.1:{}", settings_.port)));
  }
  return {};
}

std::uint16_t McpHttp::State::port() const {
  boost::system::error_code ignored;
  return acceptor_.local_endpoint(ignored).port();
}

void McpHttp::State::accept() {
  acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
    if (!acceptor_.is_open()) {
      return;
    }
    if (error) {
      accept_later();
      return;
    }
    serve(std::move(socket));
    accept();
  });
}

void McpHttp::State::accept_later() {
  pause_.expires_after(kAcceptPause);
  pause_.async_wait([this](const boost::system::error_code& error) {
    if (!error && acceptor_.is_open()) {
      accept();
    }
  });
}

void McpHttp::State::serve(tcp::socket socket) {
  if (exchanges_.size() >= settings_.connections) {
    return;  // the socket closes
  }
  auto* const made = new Exchange(std::move(socket), settings_);
  const std::shared_ptr<Exchange> exchange(made, [this](Exchange* ended) {
    exchanges_.erase(ended);
    delete ended;
  });
  exchanges_.emplace(made, exchange);
  exchange->start([this](const std::shared_ptr<Exchange>& ready) { return admit(ready); },
                  [this](const std::shared_ptr<Exchange>& ready) { take(ready); });
}

/// Ends what is open on the thread that owns it, and then that.
void McpHttp::State::stop() {
  boost::asio::post(io_, [this] {
    boost::system::error_code ignored;
    static_cast<void>(acceptor_.close(ignored));
    pause_.cancel();
    std::vector<std::shared_ptr<Exchange>> open;
    open.reserve(exchanges_.size());
    for (const auto& [key, weak] : exchanges_) {
      open.push_back(weak.lock());
    }
    for (const auto& exchange : open) {
      if (exchange) {
        exchange->close();
      }
    }
    sessions_.clear();
  });
}

http::status McpHttp::State::check(const Exchange::Request& request) const {
  const std::string target(request.target().data(), request.target().size());
  const std::string origin = value_of(request, "Origin");
  if (!is_loopback_host(value_of(request, "Host")) || (!origin.empty() && !is_loopback_origin(origin))) {
    return http::status::forbidden;
  }
  if (target.substr(0, target.find('?')) != "/mcp") {
    return http::status::not_found;
  }
  if (!settings_.token.empty() && !is_authorized(value_of(request, "Authorization"), settings_.token)) {
    return http::status::unauthorized;
  }
  const http::verb method = request.method();
  if (method != http::verb::post && method != http::verb::get && method != http::verb::delete_) {
    return http::status::method_not_allowed;
  }
  if (method == http::verb::post && !value_of(request, "Content-Type").starts_with("application/json")) {
    return http::status::unsupported_media_type;
  }
  const bool takes_answer =
      method == http::verb::get ? accepts(request, "text/event-stream") : accepts(request, "application/json");
  return method == http::verb::delete_ || takes_answer ? http::status::ok : http::status::not_acceptable;
}

/// Before the body is read, so that nobody without the token has anything kept.
bool McpHttp::State::admit(const std::shared_ptr<Exchange>& exchange) {
  const http::status status = check(exchange->request());
  if (status == http::status::unauthorized) {
    exchange->set_header("WWW-Authenticate", "Bearer");
  }
  if (status == http::status::method_not_allowed) {
    exchange->set_header("Allow", "POST, GET, DELETE");
  }
  if (status != http::status::ok) {
    exchange->respond(status, "");
  }
  return status == http::status::ok;
}

void McpHttp::State::take(const std::shared_ptr<Exchange>& exchange) {
  if (exchange->request().method() == http::verb::post) {
    take_post(exchange);
  } else if (exchange->request().method() == http::verb::get) {
    open_updates(exchange);
  } else {
    end_session(exchange);
  }
}

void McpHttp::State::refuse(const std::shared_ptr<Exchange>& exchange, http::status status, const Json& id,
                            const RpcError& error) {
  exchange->respond(status, without_newline(error_line(id, error)));
}

void McpHttp::State::take_post(const std::shared_ptr<Exchange>& exchange) {
  auto request = parse_request(exchange->request().body());
  if (!request) {
    refuse(exchange, http::status::bad_request, request.error().id, request.error().error);
    return;
  }
  const std::string version = modern_version(request->params);
  const auto named = mcp_version_from_name(value_of(exchange->request(), kVersionHeader));
  Call call{exchange, std::move(*request), nullptr, nullptr};
  if (!version.empty() || (named && is_modern(*named))) {
    take_modern(std::move(call), version);
  } else {
    take_legacy(std::move(call));
  }
}

void McpHttp::State::take_modern(Call call, const std::string& version) {
  if (call.request.is_notification()) {
    call.exchange->respond(http::status::accepted, "");  // this revision has none that would mean anything here
    return;
  }
  if (!version.empty()) {
    const auto error =
        check_routing_headers(call.exchange->request(), version, call.request.method, call.request.params);
    if (error) {
      refuse(call.exchange, http::status::bad_request, call.request.id, *error);
      return;
    }
  }
  call.conversation = std::make_shared<McpSession>(server_, std::make_shared<EventChannel>(io_));
  reply(call);
}

void McpHttp::State::take_legacy(Call call) {
  if (call.request.method == "initialize" && !call.request.is_notification()) {
    open_session(std::move(call));
    return;
  }
  const Exchange::Request& request = call.exchange->request();
  const std::string version = value_of(request, kVersionHeader);
  if (!version.empty() && !mcp_version_from_name(version)) {
    RpcError error(mcp_code::kUnsupportedVersion, "Unsupported protocol version");
    error.data =
        std::make_shared<const Json>(Json::object({{"supported", all_mcp_versions()}, {"requested", version}}));
    refuse(call.exchange, http::status::bad_request, call.request.id, error);
    return;
  }
  call.session = session_of(request);
  if (!call.session) {
    const bool is_named = !value_of(request, kSessionHeader).empty();
    refuse(call.exchange, is_named ? http::status::not_found : http::status::bad_request, call.request.id,
           RpcError(rpc_code::kInvalidRequest,
                    is_named ? "no such session; begin a new one with \"initialize\""
                             : "neither \"_meta\" (revision 2026-07-28) nor a session (older revisions)"));
    return;
  }
  call.conversation = call.session->conversation;
  if (call.request.is_notification()) {
    take_notification(call);
  } else {
    reply(call);
  }
}

void McpHttp::State::take_notification(const Call& call) {
  const auto id = call.request.params.find("requestId");
  if (call.request.method == "notifications/cancelled" && id != call.request.params.end()) {
    const auto found = call.session->under_way.find(id->dump());
    if (const auto flag = found == call.session->under_way.end() ? nullptr : found->second.lock()) {
      *flag = true;
    }
  }
  call.exchange->respond(http::status::accepted, "");
}

void McpHttp::State::open_session(Call call) {
  auto id = make_http_token();
  if (!id) {
    refuse(call.exchange, http::status::internal_server_error, call.request.id, RpcError(std::move(id).error()));
    return;
  }
  if (sessions_.size() >= settings_.sessions) {
    const auto oldest = std::ranges::min_element(
        sessions_, {}, [](const auto& entry) { return std::pair(entry.second->is_in_use(), entry.second->last_use); });
    oldest->second->end_updates();
    sessions_.erase(oldest);
  }
  call.session = std::make_shared<Session>(server_, io_);
  call.session->last_use = ++uses_;
  call.conversation = call.session->conversation;
  sessions_.emplace(*id, call.session);
  call.exchange->set_header(kSessionHeader, *id);
  reply(call);
}

std::shared_ptr<Session> McpHttp::State::session_of(const Exchange::Request& request) {
  const auto found = sessions_.find(value_of(request, kSessionHeader));
  if (found == sessions_.end()) {
    return nullptr;
  }
  found->second->last_use = ++uses_;
  return found->second;
}

/// The stream on which a legacy client hears of what it has subscribed to. A later one takes its place.
void McpHttp::State::open_updates(const std::shared_ptr<Exchange>& exchange) {
  const auto session = session_of(exchange->request());
  if (!session) {
    const bool is_named = !value_of(exchange->request(), kSessionHeader).empty();
    exchange->set_header("Allow", "POST");
    exchange->respond(is_named ? http::status::not_found : http::status::method_not_allowed, "");
    return;
  }
  session->end_updates();
  exchange->begin_stream();
  session->updates->attach(exchange);
}

void McpHttp::State::end_session(const std::shared_ptr<Exchange>& exchange) {
  const std::string id = value_of(exchange->request(), kSessionHeader);
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) {
    exchange->respond(id.empty() ? http::status::method_not_allowed : http::status::not_found, "");
    return;
  }
  found->second->end_updates();
  sessions_.erase(found);
  exchange->respond(http::status::no_content, "");
}

void McpHttp::State::reply(const Call& call) {
  const auto channel = std::make_shared<EventChannel>(io_);
  channel->attach(call.exchange);
  McpReply reply = call.conversation->on_request(call.request.method, call.request.id, call.request.params, channel);
  if (const auto* result = std::get_if<RpcResult>(&reply)) {
    answer(call, *result);
  } else if (auto* work = std::get_if<RpcWork>(&reply)) {
    perform(call, std::move(*work), channel);
  } else {
    stream(call, std::get<McpListen>(std::move(reply)), channel);
  }
}

void McpHttp::State::perform(const Call& call, RpcWork work, const std::shared_ptr<EventChannel>& channel) {
  const auto cancelled = std::make_shared<Flag>(false);
  const std::string key = call.request.id.dump();
  if (call.session) {
    call.session->under_way[key] = cancelled;
  }
  call.exchange->on_end([cancelled, session = call.session, key] {
    *cancelled = true;
    if (session) {
      session->under_way.erase(key);
    }
  });
  // The job keeps nothing of the call: an exchange ends on the thread of io_.
  const Status added = jobs_.add([this, call = call, work = std::move(work), cancelled, channel]() mutable {
    const RpcResult result = guarded(work, *cancelled);
    boost::asio::post(io_, [this, call = std::move(call), result] { answer(call, result); });
  });
  if (!added) {
    refuse(call.exchange, http::status::service_unavailable, call.request.id,
           RpcError(rpc_code::kInternal, "too many requests at once; try again"));
  }
}

void McpHttp::State::stream(const Call& call, McpListen listen, const std::shared_ptr<EventChannel>& channel) {
  if (!accepts(call.exchange->request(), "text/event-stream")) {
    call.exchange->respond(http::status::not_acceptable, "");
    return;
  }
  call.exchange->begin_stream();
  const Status added = jobs_.add([this, call = call, listen = std::move(listen), channel]() mutable {
    std::shared_ptr<McpSubscription> subscription = listen.open();
    boost::asio::post(io_, [this, call = std::move(call), subscription = std::move(subscription), channel] {
      hold(call, subscription, channel);
    });
  });
  if (!added) {
    refuse(call.exchange, http::status::service_unavailable, call.request.id,
           RpcError(rpc_code::kInternal, "too many requests at once; try again"));
  }
}

/// Until the client leaves. To end a subscription may take a moment, so that is work too.
void McpHttp::State::hold(const Call& call, const std::shared_ptr<McpSubscription>& subscription,
                          const std::shared_ptr<EventChannel>& channel) {
  call.exchange->on_end([this, conversation = call.conversation, subscription, channel] {
    static_cast<void>(jobs_.add([conversation, subscription] {}));
  });
}

void McpHttp::State::answer(const Call& call, const RpcResult& result) {
  if (result) {
    call.exchange->respond(http::status::ok, without_newline(result_line(call.request.id, *result)));
  } else {
    refuse(call.exchange, call.session ? http::status::ok : status_of(result.error()), call.request.id, result.error());
  }
}

McpHttp::McpHttp(std::shared_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<McpHttp>> McpHttp::listen(McpServer& server, const McpHttpSettings& settings) {
  auto state = std::make_shared<State>(server, settings);
  REPOMAP_TRY(state->bind());
  state->accept();
  return std::unique_ptr<McpHttp>(new McpHttp(std::move(state)));
}

McpHttp::~McpHttp() = default;

std::uint16_t McpHttp::port() const { return state_->port(); }

void McpHttp::run() { state_->run(); }

void McpHttp::stop() { state_->stop(); }

}  // namespace repomap
