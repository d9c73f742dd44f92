// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace repomap::cli {

/// What a piece of text is, which decides its colour.
enum class Paint : std::uint8_t { kPath, kName, kKind, kDim, kGood, kBad };

/// Colours for one output stream, or none: only on a terminal, and neither with NO_COLOR (https://no-color.org) set nor
/// with TERM=dumb. Immutable.
class Painter {
 public:
  /// For file descriptor 1 (stdout) or 2 (stderr).
  explicit Painter(int descriptor);

  std::string operator()(Paint paint, std::string_view text) const;

 private:
  bool is_on_ = false;
};

/// Whether a file descriptor is a terminal that understands control codes.
bool is_terminal_with_control_codes(int descriptor);

/// Writes to stderr; a failure to do so has nowhere to be told.
void print_message(std::string_view text);

/// One line on stderr, behind the name of the program.
void print_error(const Painter& painter, std::string_view message);

/// A progress line on stderr: nothing unless stderr is a terminal and the work takes longer than half a second.
/// The line is removed when the work ends or is interrupted. Thread-safe.
class ProgressBar {
 public:
  explicit ProgressBar(std::string label);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void update(std::size_t done, std::size_t total);

 private:
  void draw(std::size_t done, std::size_t total) const;

  const std::string label_;
  const bool is_on_;
  const std::chrono::steady_clock::time_point start_;
  std::atomic<std::int64_t> next_draw_ms_{500};
  std::atomic<bool> is_drawn_ = false;
};

/// Lets Ctrl-C end the process at once with status 130, the terminal's line cleared; SIGTERM ends it as ever, with the
/// line cleared. A signal that the parent has told us to ignore stays ignored.
void install_signal_handlers();

/// Opens /dev/null in place of a standard stream that the parent has closed, so that no file of the repository takes
/// its descriptor: in the direction in which writing to stdout fails, and writing to stderr does not.
void occupy_standard_streams();

}  // namespace repomap::cli
