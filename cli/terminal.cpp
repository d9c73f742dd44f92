// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace repomap::cli {
namespace {

constexpr std::string_view kClearLine = "\r\x1b[2K";
constexpr int kInterruptedStatus = 130;

// Set while a progress line stands on the terminal; a signal handler may read only this.
volatile std::sig_atomic_t progress_is_shown = 0;

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void on_interrupt(int /*signal*/) {
  if (progress_is_shown != 0) {
    write_all(STDERR_FILENO, kClearLine);
  }
  ::_exit(kInterruptedStatus);
}

// The default action is back in force (SA_RESETHAND) when the signal, raised again, is let in on return.
void on_termination(int signal) {
  if (progress_is_shown != 0) {
    write_all(STDERR_FILENO, kClearLine);
  }
  ::raise(signal);
}

void install_handler(int signal, void (*handler)(int), int flags) {
  struct sigaction present{};
  if (::sigaction(signal, nullptr, &present) == 0 && present.sa_handler == SIG_IGN) {
    return;
  }
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = flags;
  ::sigaction(signal, &action, nullptr);
}

std::string_view code_of(Paint paint) {
  switch (paint) {
    case Paint::kPath: return "35";
    case Paint::kName: return "1";
    case Paint::kKind: return "36";
    case Paint::kDim: return "2";
    case Paint::kGood: return "32";
    case Paint::kBad: return "31";
  }
  return "0";
}

std::size_t terminal_width() {
  constexpr std::size_t kUsual = 80;
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
}

}  // namespace

bool is_terminal_with_control_codes(int descriptor) {
  const char* terminal = std::getenv("TERM");
  return ::isatty(descriptor) != 0 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

Painter::Painter(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  is_on_ = is_terminal_with_control_codes(descriptor) && (no_color == nullptr || *no_color == '\0');
}

std::string Painter::operator()(Paint paint, std::string_view text) const {
  return is_on_ ? fmt::format("\x1b[{}m{}\x1b[0m", code_of(paint), text) : std::string(text);
}

void print_message(std::string_view text) { write_all(STDERR_FILENO, text); }

void print_error(const Painter& painter, std::string_view message) {
  print_message(fmt::format("{} {}\n", painter(Paint::kBad, "repomap:"), message));
}

ProgressBar::ProgressBar(std::string label)
    : label_(std::move(label)),
      is_on_(is_terminal_with_control_codes(STDERR_FILENO)),
      start_(std::chrono::steady_clock::now()) {}

ProgressBar::~ProgressBar() {
  if (is_drawn_) {
    write_all(STDERR_FILENO, kClearLine);
    progress_is_shown = 0;
  }
}

void ProgressBar::update(std::size_t done, std::size_t total) {
  constexpr std::int64_t kRedrawMilliseconds = 50;
  if (!is_on_) {
    return;
  }
  const auto elapsed = std::chrono::steady_clock::now() - start_;
  const std::int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count();
  std::int64_t due = next_draw_ms_.load();
  // The thread that moves the time on draws.
  if (now >= due && next_draw_ms_.compare_exchange_strong(due, now + kRedrawMilliseconds)) {
    is_drawn_ = true;
    progress_is_shown = 1;
    draw(done, total);
  }
}

void ProgressBar::draw(std::size_t done, std::size_t total) const {
  const std::string counts = fmt::format(" {}/{} files", done, total);
  const std::size_t taken = label_.size() + counts.size() + 4;
  const std::size_t width = std::min<std::size_t>(40, terminal_width() > taken ? terminal_width() - taken : 0);
  const std::size_t filled = total == 0 ? width : width * done / total;
  write_all(STDERR_FILENO, fmt::format("{}{} [{}{}]{}", kClearLine, label_, std::string(filled, '#'),
                                       std::string(width - filled, '.'), counts));
}

void install_signal_handlers() {
  install_handler(SIGINT, on_interrupt, SA_RESTART);
  install_handler(SIGTERM, on_termination, static_cast<int>(SA_RESETHAND));
  // `repomap … | head` ends silently also where the parent ignores the signal, as many language run times do.
  static_cast<void>(std::signal(SIGPIPE, SIG_DFL));
}

void occupy_standard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) == -1) {
      // The lowest free descriptor is this one, since those below are open by now.
      static_cast<void>(::open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY));
    }
  }
}

}  // namespace repomap::cli
