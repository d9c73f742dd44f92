// SPDX-License-Identifier: Apache-2.0
#include "cli/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/path_argument.hpp"
#include "cli/quantities.hpp"
#include "cli/query_router.hpp"
#include "cli/suggestion.hpp"
#include "cli/visible_text.hpp"
#include "core/base/log.hpp"
#include "service/cache_care.hpp"
#include "service/repository_root.hpp"

namespace repomap::cli {
namespace {

void add_setting_flag(CLI::App& command, GlobalOptions& options, const std::string& flag, const char* key,
                      const std::string& help) {
  command
      .add_option_function<std::string>(
          flag, [&options, key](const std::string& value) { options.settings[key] = without_guard(value); }, help)
      ->type_name("N")
      ->group("Settings");
}

/// Says once for each language that is off why, and how many files that costs; with -v also the first few of them.
void report_languages_off(const Context& context, const std::vector<SkippedFile>& skipped) {
  constexpr std::size_t kShownFiles = 3;
  std::map<std::string_view, std::vector<std::string_view>> files_by_detail;
  for (const SkippedFile& file : skipped) {
    if (file.reason == SkipReason::kLanguageOff) {
      files_by_detail[file.detail].push_back(file.path);
    }
  }
  for (const auto& [detail, files] : files_by_detail) {
    print_error(context.paint_error, fmt::format("language off, {} {} skipped: {}", files.size(),
                                                 files.size() == 1 ? "file" : "files", visible(detail)));
    for (std::size_t i = 0; context.options.verbosity > 0 && i < std::min(files.size(), kShownFiles); ++i) {
      print_message(fmt::format("  {}{}\n", context.paint_error(Paint::kPath, visible(files[i])),
                                i + 1 == kShownFiles && files.size() > kShownFiles ? " …" : ""));
    }
  }
}

/// Messages of the library go to stderr as ours do. What is said of one kind of cache is mostly true of all, so of
/// messages that begin alike only the first is shown, unless -v asks for all.
void redirect_log(const GlobalOptions& options) {
  set_log_level(options.verbosity > 1   ? LogLevel::kDebug
                : options.verbosity > 0 ? LogLevel::kInfo
                                        : LogLevel::kWarning);
  set_log_sink([shows_all = options.verbosity > 0, told = std::set<std::string>()](LogLevel /*level*/,
                                                                                   const std::string& message) mutable {
    if (told.insert(message.substr(0, message.find(": "))).second || shows_all) {
      print_error(Painter(2), visible(message));
    }
  });
}

}  // namespace

CLI::App& Commands::add_group(const std::string& name, const std::string& summary, const std::string& examples) {
  CLI::App& group = *app_.add_subcommand(name, summary);
  group.require_subcommand(1);
  group.footer("Examples:\n" + examples);
  return group;
}

CLI::App& Commands::add(const Description& description, Handler handler) {
  CLI::App& parent = description.group == nullptr ? app_ : *description.group;
  CLI::App& command = *parent.add_subcommand(description.name, description.summary);
  add_text(command, "--root", options_.root, "The repository (default: the one around the working directory)")
      .type_name("DIR");
  command.add_flag("--json", options_.json, "Print JSON");
  command.add_flag("-v,--verbose", options_.verbosity, "Say more on stderr");
  command.add_flag("--no-daemon", options_.no_daemon, "Answer in this process");
  add_setting_flag(command, options_, "--jobs", "jobs", "Worker threads (0: one for each processor)");
  add_setting_flag(command, options_, "--max-file-size", "max_file_size", "Skip larger files: 4M, 512K");
  add_setting_flag(command, options_, "--max-file-time", "max_file_time", "Give a file up after so many milliseconds");
  command
      .add_flag_callback(
          "--no-cache", [this] { options_.settings["cache.dir"] = "off"; },
          "Keep nothing on disk, and use nothing from there")
      ->group("Settings");
  command
      .add_flag_callback(
          "--submodules", [this] { options_.settings["submodules"] = "true"; }, "Enter git submodules")
      ->group("Settings");
  command.footer("Examples:\n" + description.examples);
  command.callback([this, handler = std::move(handler), needs = description.needs, answerer = description.answerer,
                    warnings = description.warnings] {
    chosen_ = handler;
    needs_ = needs;
    answerer_ = answerer;
    warnings_ = warnings;
  });
  return command;
}

Status Commands::prepare(std::string& root, LoadedSettings& settings) const {
  const bool is_given = !options_.root.empty();
  auto found =
      find_repository_root(is_given ? options_.root : ".", is_given ? RootSearch::kExact : RootSearch::kAround);
  if (!found) {
    found.error().message += is_given ? neighbour_hint(options_.root) : "";
    return std::unexpected(std::move(found.error()));
  }
  root = std::move(*found);
  REPOMAP_ASSIGN(settings, load_settings(root, options_.settings));
  return {};
}

int Commands::run(OutputStream& out) {
  const Painter painter(2);
  std::string root;
  LoadedSettings settings;
  std::optional<Error> startup_error;
  if (auto prepared = prepare(root, settings); !prepared) {
    if (needs_ == Needs::kRepository) {
      print_error(painter, visible(prepared.error().message));
      const bool is_usage = !root.empty() && prepared.error().code == ErrorCode::kInvalidArgument;
      return is_usage ? kWrongUsage : kFailed;
    }
    startup_error = std::move(prepared.error());
  }
  if (warnings_ == Warnings::kPrinted) {
    for (const std::string& warning : settings.warnings) {
      print_error(painter, visible(warning));
    }
  }
  redirect_log(options_);
  return run_chosen(std::move(root), std::move(settings), std::move(startup_error), out);
}

int Commands::run_chosen(std::string root, LoadedSettings settings, std::optional<Error> startup_error,
                         OutputStream& out) {
  const bool may_ask = answerer_ == Answerer::kAnyone && !options_.no_daemon;
  LocalService local(settings.settings, root);
  DaemonAccess daemon(settings.settings);
  QueryRouter router(local, may_ask ? &daemon : nullptr);
  if (answerer_ == Answerer::kThisProcess) {
    if (const auto opened = local.open(); !opened) {
      print_error(Painter(2), visible(opened.error().message));
      return kWrongUsage;
    }
  }
  Context context{options_, std::move(root), std::move(settings), std::move(startup_error), local, daemon, router, out};
  const int status = chosen_(context);
  if (options_.verbosity > 0) {
    report_work(context);
  }
  if (may_ask) {
    out.flush();
    const auto started = daemon.start(std::chrono::milliseconds(0));
    if (!started && options_.verbosity > 0) {
      print_error(Painter(2), fmt::format("no daemon was started: {}", visible(started.error().message)));
    }
  }
  return status;
}

void report_work(const Context& context) {
  context.out.flush();
  if (!context.daemon.account().empty()) {
    print_message(context.paint_error(Paint::kDim, visible(context.daemon.account())) + "\n");
  }
  if (!context.local.is_open()) {
    return;
  }
  const CacheUse use = CacheCare(context.local.opened().caches()).use();
  if (use.hits + use.misses == 0) {
    return;
  }
  const std::string line =
      fmt::format("cache: {} of {} look-ups found ({}): {} in memory, {} on disk", count_text(use.hits),
                  count_text(use.hits + use.misses), share_text(use.hits, use.hits + use.misses),
                  count_text(use.memory_hits), count_text(use.hits - use.memory_hits));
  print_message(context.paint_error(Paint::kDim, line) + "\n");
}

int report_failure(const Context& context, const Error& error) {
  print_error(context.paint_error, visible(error.message));
  return error.code == ErrorCode::kInvalidArgument ? kWrongUsage : kFailed;
}

int report_no_daemon(const Context& context, const Error& error) {
  if (error.code != ErrorCode::kUnavailable) {
    return report_failure(context, error);
  }
  print_error(context.paint_error, "no daemon runs; `repomap serve` starts one");
  return kNothingFound;
}

void report_files(const Context& context, const FileReport& report) {
  context.out.flush();
  for (const std::string& notice : report.notices) {
    print_error(context.paint_error, visible(notice));
  }
  if (report.skipped.empty()) {
    return;
  }
  std::map<std::string_view, std::size_t> counts;
  for (const SkippedFile& file : report.skipped) {
    ++counts[skip_reason_name(file.reason)];
    if (context.options.verbosity > 0 && file.reason != SkipReason::kLanguageOff) {
      print_message(fmt::format("{}: {}: {}\n", context.paint_error(Paint::kPath, visible(file.path)),
                                skip_reason_name(file.reason), visible(file.detail)));
    }
  }
  report_languages_off(context, report.skipped);
  std::string reasons;
  for (const auto& [reason, count] : counts) {
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", count, reason);
  }
  const std::size_t all = report.listed + report.skipped.size() - report.index.skipped.size();
  const std::string summary = fmt::format("{} of {} files skipped: {}{}", report.skipped.size(), all, reasons,
                                          context.options.verbosity > 0 ? "" : " (-v lists them)");
  print_message(context.paint_error(Paint::kDim, summary) + "\n");
}

Result<std::string> path_in_root(const Context& context, const std::string& argument) {
  return resolve_path_argument(context.root, argument);
}

Status check_language(const Context& context, const std::string& name) {
  if (name.empty()) {
    return {};
  }
  REPOMAP_ASSIGN(const Service* service, context.local.open());
  const auto names = service->language_names();
  if (std::ranges::find(names, name) != names.end()) {
    return {};
  }
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("no language named \"{}\"{}; `repomap langs` lists them", name, did_you_mean(name, names)));
}

void add_root_argument(Commands& commands, CLI::App& command) {
  add_text(command, "ROOT", commands.options().root, "The repository (as --root)")
      .excludes(command.get_option("--root"));
}

}  // namespace repomap::cli
