// SPDX-License-Identifier: Apache-2.0
#include "cli/client_program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <system_error>

#include "core/base/file_system.hpp"

namespace repomap::cli {
namespace {

/// The first executable file of that name in PATH that `accepts`.
std::string search_path(std::string_view name, const std::function<bool(const std::string&)>& accepts) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    const std::string candidate = join_path(rest.substr(0, colon), name);
    if (candidate.starts_with('/') && ::access(candidate.c_str(), X_OK) == 0 && accepts(candidate)) {
      return candidate;
    }
    rest.remove_prefix(std::min(colon + 1, rest.size()));
  }
  return "";
}

}  // namespace

Result<std::string> client_program() {
  std::error_code error;
  std::string running = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) {
    return fail(ErrorCode::kIo, fmt::format("/proc/self/exe: {}", error.message()));
  }
  // The kernel's mark of a file that an update has replaced meanwhile.
  constexpr std::string_view kReplaced = " (deleted)";
  if (running.ends_with(kReplaced)) {
    running.resize(running.size() - kReplaced.size());
  }
  const std::string in_path = search_path("repomap", [&](const std::string& candidate) {
    std::error_code ignored;
    return std::filesystem::equivalent(candidate, running, ignored);
  });
  return in_path.empty() ? running : in_path;
}

std::string find_in_path(std::string_view name) {
  return search_path(name, [](const std::string&) { return true; });
}

std::string shell_word(std::string_view word) {
  const bool is_plain = !word.empty() && word.find_first_not_of(
                                             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                             "0123456789/._-+@%:,") == std::string_view::npos;
  if (is_plain) {
    return std::string(word);
  }
  std::string quoted = "'";
  for (const char letter : word) {
    quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  }
  return quoted + "'";
}

std::optional<std::string> word_of_shell(std::string_view text) {
  if (!text.starts_with('\'')) {
    const bool is_plain = !text.empty() && text.find_first_of(" \t\r\n;&|<>$\"'\\`()=") == std::string_view::npos;
    return is_plain ? std::optional(std::string(text)) : std::nullopt;
  }
  constexpr std::string_view kQuote = "'\\''";
  std::string word;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] != '\'') {
      word += text[at];
    } else if (text.substr(at).starts_with(kQuote)) {
      word += '\'';
      at += kQuote.size() - 1;
    } else {
      return at + 1 == text.size() ? std::optional(word) : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace repomap::cli
