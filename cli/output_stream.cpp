// SPDX-License-Identifier: Apache-2.0
#include "cli/output_stream.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace repomap::cli {

void OutputStream::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty() && error_number_ == 0) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      // Whoever gave us the descriptor made it non-blocking.
      pollfd ready{descriptor_, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      error_number_ = errno;
    }
  }
  buffer_.clear();
}

Status OutputStream::finish() {
  flush();
  if (error_number_ != 0) {
    return std::unexpected(errno_error(error_number_, "the result is incomplete: standard output"));
  }
  return {};
}

}  // namespace repomap::cli
