// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.hpp"

namespace repomap {

/// Answers GET /metrics on a port of the loopback interface, for who collects metrics. Every process of the machine may
/// ask there, so it is for users to turn on. Requests of web pages that have got a name of theirs to lead to the
/// loopback interface are refused by their Host.
///
/// Used by the thread that runs the io_context, which outlives it. What is under way ends by itself.
class MetricsHttp {
 public:
  using Deliver = std::function<void(std::string text)>;

  /// Gets the text to whoever asks, by a call of its argument on the thread of the io_context.
  using Source = std::function<void(Deliver deliver)>;

  /// Port 0: any that is free. Errors: those of bind(2).
  static Result<std::unique_ptr<MetricsHttp>> listen(boost::asio::io_context& io, std::uint16_t port, Source source);
  ~MetricsHttp();
  MetricsHttp(const MetricsHttp&) = delete;
  MetricsHttp& operator=(const MetricsHttp&) = delete;

  std::uint16_t port() const;

 private:
  struct State;
  explicit MetricsHttp(std::shared_ptr<State> state) : state_(std::move(state)) {}

  std::shared_ptr<State> state_;
};

}  // namespace repomap
