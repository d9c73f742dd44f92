// SPDX-License-Identifier: Apache-2.0
#include "cli/hook_input.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/base/clock.hpp"
#include "core/base/utf8.hpp"
#include "service/protocol/json_value.hpp"

namespace repomap::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What parses in a few hundredths of a second.
constexpr std::size_t kMaxInputBytes = std::size_t{1} << 20U;
// More words say nothing more of what a prompt is about.
constexpr std::size_t kMaxPromptBytes = 8192;
constexpr milliseconds kPause{10};

Result<std::string> read_to_end(int descriptor, steady_clock::time_point end) {
  std::string text;
  std::array<char, 65536> piece{};
  while (text.size() <= kMaxInputBytes) {
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
    pollfd ready{descriptor, POLLIN, 0};
    const int found = ::poll(&ready, 1, static_cast<int>(std::max(left, milliseconds(0)).count()));
    if (found == 0) {
      return fail(ErrorCode::kBusy, "the end of standard input does not come");
    }
    const ssize_t read = found < 0 ? -1 : ::read(descriptor, piece.data(), piece.size());
    if (read == 0) {
      return text;
    }
    if (read < 0 && errno != EINTR && errno != EAGAIN) {
      return std::unexpected(errno_error(errno, "standard input"));
    }
    text.append(piece.data(), read > 0 ? static_cast<std::size_t>(read) : 0);
  }
  return fail(ErrorCode::kLimitExceeded, fmt::format("more than {} bytes on standard input", kMaxInputBytes));
}

// They are names of definitions in many a repository, and in a prompt never mean one.
constexpr auto kCommonWords = std::to_array<std::string_view>(
    {"a",     "an",    "and",  "are",   "as",   "at",   "be",  "but", "by",     "can", "do",    "for",
     "from",  "has",   "have", "he",    "how",  "i",    "if",  "in",  "is",     "it",  "its",   "me",
     "my",    "no",    "not",  "of",    "ok",   "okay", "on",  "or",  "please", "so",  "thank", "thanks",
     "that",  "the",   "then", "there", "they", "this", "to",  "us",  "was",    "we",  "what",  "when",
     "where", "which", "who",  "why",   "will", "with", "yes", "you", "your"});

bool is_common(std::string_view word) {
  const std::size_t last = word.find_last_not_of(".,;:!?");
  std::string plain(word.substr(0, last == std::string_view::npos ? 0 : last + 1));
  std::ranges::transform(plain, plain.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return plain.empty() || std::ranges::find(kCommonWords, plain) != kCommonWords.end();
}

Result<std::string> text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) {
    return std::string();
  }
  if (!found->is_string()) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("the input's key {} is not a string", key));
  }
  return found->get<std::string>();
}

}  // namespace

Result<HookInput> parse_hook_input(std::string_view text) {
  const auto json = parse_json(text);
  if (!json || !json->is_object()) {
    return fail(ErrorCode::kInvalidArgument, "the input is not a JSON object");
  }
  HookInput input;
  REPOMAP_ASSIGN(input.directory, text_of(*json, "cwd"));
  REPOMAP_ASSIGN(input.prompt, text_of(*json, "prompt"));
  if (!input.directory.empty() && !input.directory.starts_with('/')) {
    return fail(ErrorCode::kInvalidArgument, "the input's cwd is not absolute");
  }
  input.prompt.resize(utf8_floor(input.prompt, kMaxPromptBytes));
  return input;
}

Result<HookInput> read_hook_input(int descriptor, steady_clock::time_point end) {
  if (::isatty(descriptor) == 1) {
    return HookInput{};
  }
  REPOMAP_ASSIGN(const std::string text, read_to_end(descriptor, end));
  return parse_hook_input(text);
}

bool is_worth_a_map(std::string_view prompt) {
  const std::size_t first = prompt.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || prompt[first] == '!' || prompt[first] == '#') {
    return false;
  }
  // "/clear" is a command, "/usr/include/x.h does not compile" is not.
  const std::string_view word = prompt.substr(first, prompt.find_first_of(" \t\r\n", first) - first);
  return prompt[first] != '/' || word.find('/', 1) != std::string_view::npos;
}

std::string words_to_look_up(std::string_view prompt) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::string words;
  for (std::size_t at = prompt.find_first_not_of(kBlanks); at != std::string_view::npos;) {
    const std::size_t end = std::min(prompt.find_first_of(kBlanks, at), prompt.size());
    const std::string_view word = prompt.substr(at, end - at);
    if (!is_common(word)) {
      words += words.empty() ? "" : " ";
      words += word;
    }
    at = prompt.find_first_not_of(kBlanks, end);
  }
  return words;
}

Result<std::unique_ptr<DaemonClient>> connect_within(const std::string& socket, milliseconds patience) {
  const auto end = steady_clock::now() + patience;
  auto client = DaemonClient::connect(socket);
  while (!client && steady_clock::now() < end) {
    system_clock().sleep_for(kPause);
    client = DaemonClient::connect(socket);
  }
  return client;
}

}  // namespace repomap::cli
