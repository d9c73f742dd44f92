// SPDX-License-Identifier: Apache-2.0
#include "cli/command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <utility>

#include "service/repository_root.hpp"

namespace repomap::cli {
namespace {

namespace fs = std::filesystem;

void print_error(const Painter& painter, const std::string& message) {
  fmt::print(stderr, "{} {}\n", painter(Paint::kBad, "repomap:"), message);
}

void add_setting_flag(CLI::App& command, GlobalOptions& options, const std::string& flag, const std::string& key,
                      const std::string& help) {
  command
      .add_option_function<std::string>(
          flag, [&options, key](const std::string& value) { options.settings[key] = value; }, help)
      ->group("Settings");
}

}  // namespace

CLI::App& Commands::add(const std::string& name, const std::string& summary, const std::string& examples,
                        Handler handler) {
  CLI::App& command = *app_.add_subcommand(name, summary);
  command.add_option("--root", options_.root, "The repository (default: the one around the working directory)")
      ->type_name("DIR");
  command.add_flag("--json", options_.json, "Print JSON");
  command.add_flag("-v,--verbose", options_.verbosity, "Say more on stderr");
  command.add_flag("--no-daemon", options_.no_daemon, "Answer in this process");
  add_setting_flag(command, options_, "--jobs", "jobs", "Worker threads (0: one for each processor)");
  add_setting_flag(command, options_, "--max-file-size", "max_file_size", "Skip larger files: 4M, 512K");
  add_setting_flag(command, options_, "--max-file-time", "max_file_time", "Give a file up after so many milliseconds");
  command
      .add_flag_callback(
          "--submodules", [this] { options_.settings["submodules"] = "true"; }, "Enter git submodules")
      ->group("Settings");
  command.footer("Examples:\n" + examples);
  command.callback([this, handler = std::move(handler)] { chosen_ = handler; });
  return command;
}

int Commands::run() {
  const Painter painter(STDERR_FILENO);
  auto root = find_repository_root(options_.root.empty() ? "." : options_.root,
                                   options_.root.empty() ? RootSearch::kAround : RootSearch::kExact);
  if (!root) {
    print_error(painter, root.error().message);
    return kFailed;
  }
  auto settings = load_settings(*root, options_.settings);
  if (!settings) {
    print_error(painter, settings.error().message);
    return kWrongUsage;
  }
  for (const std::string& warning : settings->warnings) {
    fmt::print(stderr, "repomap: {}\n", warning);
  }
  Service service({settings->settings.jobs, settings->settings.limits}, find_resources());
  Context context{options_, std::move(*root), std::move(*settings), service};
  return chosen_(context);
}

int report_failure(const Context& context, const Error& error) {
  print_error(context.err, error.message);
  if (error.code == ErrorCode::kInvalidArgument) {
    return kWrongUsage;
  }
  return kFailed;
}

void report_files(const Context& context, const FileReport& report) {
  for (const std::string& notice : report.notices) {
    fmt::print(stderr, "repomap: {}\n", notice);
  }
  if (report.skipped.empty()) {
    return;
  }
  std::map<std::string_view, std::size_t> counts;
  for (const SkippedFile& file : report.skipped) {
    ++counts[skip_reason_name(file.reason)];
    if (context.options.verbosity > 0) {
      fmt::print(stderr, "{}: {}: {}\n", context.err(Paint::kPath, file.path), skip_reason_name(file.reason),
                 file.detail);
    }
  }
  std::string reasons;
  for (const auto& [reason, count] : counts) {
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", count, reason);
  }
  fmt::print(stderr, "{}\n",
             context.err(Paint::kDim, fmt::format("{} of {} files skipped: {}{}", report.skipped.size(),
                                                  report.listed + report.skipped.size() - report.index.skipped.size(),
                                                  reasons, context.options.verbosity > 0 ? "" : " (-v lists them)")));
}

Result<std::string> path_in_root(const Context& context, const std::string& argument) {
  std::error_code error;
  const fs::path given(argument);
  fs::path path = fs::weakly_canonical(given, error);
  if (error || !fs::exists(fs::symlink_status(path, error))) {
    path = fs::weakly_canonical(fs::path(context.root) / given, error);
  }
  if (error || !fs::exists(fs::symlink_status(path, error))) {
    return fail(ErrorCode::kNotFound,
                fmt::format("{}: no such file or directory, neither here nor below {}", argument, context.root));
  }
  const fs::path root = fs::weakly_canonical(context.root, error);
  const fs::path relative = path.lexically_relative(root);
  if (relative.empty() || *relative.begin() == "..") {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{}: not below the root {}", argument, context.root));
  }
  return relative == "." ? std::string() : relative.string();
}

}  // namespace repomap::cli
