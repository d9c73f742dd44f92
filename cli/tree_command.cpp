// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/json_output.hpp"
#include "service/protocol/answer_json.hpp"

namespace repomap::cli {
namespace {

struct TreeOptions {
  std::string file;
  std::vector<std::string> lines;
};

std::optional<std::uint32_t> line_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_line = error == std::errc() && end == text.data() + text.size() && number > 0;
  return is_line ? std::optional(number) : std::nullopt;
}

/// "7" or "3-9", 1-based, to 0-based lines. Errors: kInvalidArgument.
Status add_lines(const std::string& range, std::vector<std::uint32_t>& lines) {
  constexpr std::uint32_t kMaxLines = 1'000'000;
  const auto dash = range.find('-');
  const auto first = line_number(std::string_view(range).substr(0, dash));
  const auto last = dash == std::string::npos ? first : line_number(std::string_view(range).substr(dash + 1));
  if (!first || !last || *last < *first || *last - *first > kMaxLines) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is no line or range of lines: 7 or 3-9", range));
  }
  for (std::uint32_t line = *first; line <= *last; ++line) {
    lines.push_back(line - 1);
  }
  return {};
}

int run_tree(Context& context, const TreeOptions& options) {
  const auto path = path_in_root(context, options.file);
  if (!path) {
    return report_failure(context, path.error());
  }
  std::vector<std::uint32_t> lines;
  for (const std::string& range : options.lines) {
    if (const auto added = add_lines(range, lines); !added) {
      return report_failure(context, added.error());
    }
  }
  const TreeRequest request{context.root, *path, std::move(lines)};
  const auto text = context.queries.tree(request);
  if (!text) {
    return report_failure(context, text.error());
  }
  if (context.options.json) {
    print_document(context.out, tree_document(request, *text));
  } else {
    context.out.write(*text);
  }
  return kDone;
}

}  // namespace

void add_tree_command(Commands& commands) {
  auto options = std::make_shared<TreeOptions>();
  CLI::App& command =
      commands.add({"tree", "Show lines of a file with the scopes around them",
                    "  repomap tree src/main.c --lines 40,100-104", Needs::kRepository, nullptr, Answerer::kAnyone},
                   [options](Context& context) { return run_tree(context, *options); });
  add_text(command, "FILE", options->file, "The file").required();
  add_text(command, "--lines", options->lines, "Lines of interest: 7,20-24")
      .required()
      ->delimiter(',')
      ->type_name("N,N-M");
}

}  // namespace repomap::cli
