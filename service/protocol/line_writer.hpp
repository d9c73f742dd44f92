// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace repomap {

using LocalSocket =
    boost::asio::basic_stream_socket<boost::asio::local::stream_protocol, boost::asio::io_context::executor_type>;

/// Writes lines to a socket in their order without ever waiting for its reader, who is given up if it takes nothing for
/// too long or too much piles up.
///
/// Used by the thread that runs the io_context, but for reserve(). Borrows the socket, which must not block. Its owner
/// holds it by value and keeps it alive: what is under way holds `owner`.
class LineWriter {
 public:
  struct Limits {
    std::size_t bytes = std::size_t{64} << 20;  ///< that wait to be written
    std::chrono::milliseconds stall{30'000};    ///< without a byte taken
  };

  /// `on_failure` is called once, with the reason in a word, when the connection is to be closed; `on_empty` whenever
  /// everything has been written.
  LineWriter(boost::asio::io_context& io, LocalSocket& socket, Limits limits,
             std::function<void(std::string_view reason)> on_failure, std::function<void()> on_empty);

  /// Whether so many bytes may wait besides those that do; if so they count. From any thread.
  bool reserve(std::size_t bytes);

  /// Takes a line whose bytes are reserved.
  void write(std::string line, const std::shared_ptr<void>& owner);

  bool is_empty() const { return lines_.empty(); }

  /// Writes nothing more.
  void close();

 private:
  void flush(const std::shared_ptr<void>& owner);
  void consume(std::size_t bytes);
  void wait_until_writable(const std::shared_ptr<void>& owner);
  void watch_progress(const std::shared_ptr<void>& owner);
  void give_up(std::string_view reason);

  LocalSocket& socket_;
  const Limits limits_;
  const std::function<void(std::string_view)> on_failure_;
  const std::function<void()> on_empty_;
  boost::asio::steady_timer stall_timer_;
  std::atomic<std::size_t> reserved_ = 0;

  // Used by the thread that runs the io_context.
  std::deque<std::string> lines_;
  std::size_t written_ = 0;  // of the first line
  std::chrono::steady_clock::time_point last_progress_;
  bool is_waiting_ = false;   // for the socket to take more
  bool is_watching_ = false;  // the timer runs
  bool is_closed_ = false;
};

}  // namespace repomap
