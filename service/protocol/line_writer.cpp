// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/line_writer.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <utility>
#include <vector>

namespace repomap {
namespace {

constexpr std::size_t kBuffersAtOnce = 16;
constexpr std::size_t kBytesAtOnce = std::size_t{1} << 20;  // before others have their turn

bool is_full(const boost::system::error_code& error) {
  return error == boost::asio::error::would_block || error == boost::asio::error::try_again;
}

}  // namespace

LineWriter::LineWriter(boost::asio::io_context& io, LocalSocket& socket, Limits limits,
                       std::function<void(std::string_view)> on_failure, std::function<void()> on_empty)
    : socket_(socket),
      limits_(limits),
      on_failure_(std::move(on_failure)),
      on_empty_(std::move(on_empty)),
      stall_timer_(io) {}

bool LineWriter::reserve(std::size_t bytes) {
  const std::size_t before = reserved_.fetch_add(bytes);
  if (before + bytes <= limits_.bytes) {
    return true;
  }
  reserved_ -= bytes;
  return false;
}

void LineWriter::write(std::string line, const std::shared_ptr<void>& owner) {
  if (is_closed_) {
    return;
  }
  lines_.push_back(std::move(line));
  if (!is_waiting_) {
    flush(owner);
  }
}

void LineWriter::flush(const std::shared_ptr<void>& owner) {
  std::size_t written_now = 0;
  while (!lines_.empty() && written_now < kBytesAtOnce) {
    std::vector<boost::asio::const_buffer> buffers;
    const std::size_t count = std::min(lines_.size(), kBuffersAtOnce);
    buffers.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      buffers.emplace_back(boost::asio::buffer(lines_[i]));
    }
    buffers.front() += written_;
    boost::system::error_code error;
    const std::size_t bytes = socket_.write_some(buffers, error);
    if (is_full(error)) {
      break;
    }
    if (error) {
      give_up("gone");
      return;
    }
    consume(bytes);
    written_now += bytes;
  }
  if (!lines_.empty()) {
    wait_until_writable(owner);
    return;
  }
  if (is_watching_) {
    stall_timer_.cancel();
  }
  on_empty_();
}

void LineWriter::consume(std::size_t bytes) {
  last_progress_ = std::chrono::steady_clock::now();
  reserved_ -= bytes;
  written_ += bytes;
  while (!lines_.empty() && written_ >= lines_.front().size()) {
    written_ -= lines_.front().size();
    lines_.pop_front();
  }
}

void LineWriter::wait_until_writable(const std::shared_ptr<void>& owner) {
  is_waiting_ = true;
  if (!is_watching_) {
    last_progress_ = std::chrono::steady_clock::now();
    watch_progress(owner);
  }
  socket_.async_wait(LocalSocket::wait_write, [this, owner](const boost::system::error_code& error) {
    is_waiting_ = false;
    if (!error && !is_closed_) {
      flush(owner);
    }
  });
}

void LineWriter::watch_progress(const std::shared_ptr<void>& owner) {
  is_watching_ = true;
  stall_timer_.expires_at(last_progress_ + limits_.stall);
  stall_timer_.async_wait([this, owner](const boost::system::error_code&) {
    is_watching_ = false;
    if (is_closed_ || lines_.empty()) {
      return;
    }
    if (std::chrono::steady_clock::now() - last_progress_ >= limits_.stall) {
      give_up("slow");
    } else {
      watch_progress(owner);
    }
  });
}

void LineWriter::give_up(std::string_view reason) {
  if (!is_closed_) {
    close();
    on_failure_(reason);
  }
}

void LineWriter::close() {
  is_closed_ = true;
  lines_.clear();
  stall_timer_.cancel();
}

}  // namespace repomap
